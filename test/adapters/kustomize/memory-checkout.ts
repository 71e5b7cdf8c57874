import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { sha256 } from "../../../src/core/model/digest.ts";
import type { Checkout, TreeEntry } from "../../../src/ports/source.ts";

/** Path -> content; a link is an entry that is not a file. */
export type Files = Readonly<Record<string, string | Uint8Array | { readonly link: "symlink" | "submodule" }>>;

/** A checkout in memory that counts what is read from it. */
export interface MemoryCheckout extends Checkout {
  /** Ids of the blobs that were read, in order. */
  readonly reads: string[];
}

/** Makes a checkout of the given files. */
export function checkoutOf(files: Files): MemoryCheckout {
  const tree = new Map<string, TreeEntry>();
  const blobs = new Map<string, Uint8Array>();
  const reads: string[] = [];
  for (const [path, content] of Object.entries(files)) {
    if (typeof content === "object" && "link" in content) {
      tree.set(path, { type: content.link, oid: sha256(path) });
      continue;
    }
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const oid = sha256(bytes);
    tree.set(path, { type: "file", oid });
    blobs.set(oid, bytes);
  }
  return {
    repository: "memory",
    revision: "main",
    revisionType: "branch",
    commit: { sha: "0".repeat(40), author: "a", date: "2026-01-01T00:00:00Z", subject: "s" },
    tree,
    reads,
    readBlobs: (oids) => {
      reads.push(...oids);
      return Promise.resolve(oids.map((oid) => blobs.get(oid) ?? new Uint8Array()));
    },
    lastCommits: () => Promise.resolve(new Map()),
    commitsTouching: () => Promise.resolve([]),
    isAncestor: () => Promise.resolve(undefined),
    blame: () => Promise.resolve(new Map()),
    close: () => Promise.resolve(),
  };
}

/** Every file below a folder, by its path from there. */
export function readFolder(folder: string): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files[relative(folder, path).split(sep).join("/")] = readFileSync(path);
  }
  return files;
}
