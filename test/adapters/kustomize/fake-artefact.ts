import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { shippedFolder } from "../../support/shipped-renderer.ts";

/** A folder like `kustomize`, with a module of the test's own. */
export interface FakeArtefact {
  readonly folder: string;
  readonly remove: () => void;
}

/** Writes the module with its right digest, or with another one. */
export function makeArtefact(
  module: Uint8Array | undefined,
  sha256: string = createHash("sha256")
    .update(module ?? "")
    .digest("hex"),
): FakeArtefact {
  const folder = mkdtempSync(join(tmpdir(), "drift-artefact-"));
  mkdirSync(join(folder, "build"));
  writeFileSync(join(folder, "artefact.json"), JSON.stringify({ kustomize: "5.8.2", sha256 }));
  if (module !== undefined) writeFileSync(join(folder, "build", "kustomize.wasm"), module);
  return {
    folder,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The module that is shipped. */
export function shippedModule(): Buffer {
  return readFileSync(join(shippedFolder, "build", "kustomize.wasm"));
}

/**
 * The shipped module with less memory to grow into. The limits stand in section 5: a count, a flag, the pages at the
 * start, the most pages.
 */
export function withMaxPages(module: Buffer, morePages: number): Buffer {
  const changed = Buffer.from(module);
  let at = 8;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = changed.readUInt8(at++);
      value += (byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  for (;;) {
    const id = changed.readUInt8(at++);
    const length = number();
    if (id !== 5) {
      at += length;
      continue;
    }
    at += 2;
    const pages = number() + morePages;
    changed.set([(pages & 127) | 128, ((pages >> 7) & 127) | 128, (pages >> 14) & 127], at);
    return changed;
  }
}

/** A module that takes an overlay and then runs `body` instead of rendering (instructions up to the last `end`). */
export function moduleThatRuns(body: readonly number[]): Uint8Array {
  const section = (id: number, bytes: readonly number[]) => [id, bytes.length, ...bytes];
  const name = (text: string) => [text.length, ...Buffer.from(text)];
  const code = (instructions: readonly number[]) => [instructions.length + 2, 0, ...instructions, 0x0b];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [2, 0x60, 1, 0x7f, 1, 0x7f, 0x60, 1, 0x7f, 1, 0x7e]), // (i32) -> i32, (i32) -> i64
    ...section(3, [2, 0, 1]),
    ...section(5, [1, 0, 1]),
    ...section(7, [3, ...name("memory"), 2, 0, ...name("alloc"), 0, 0, ...name("render"), 0, 1]),
    ...section(10, [2, ...code([0x41, 0]), ...code(body)]),
  ]);
}
