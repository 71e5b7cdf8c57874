import { createHash } from "node:crypto";
import type { Checkout, TreeEntry } from "../ports/source.ts";

/**
 * The same commit with other bytes in some of its files, in memory alone. Ids are those that Git would give the bytes, so
 * that whoever caches by id finds them again. What the history says is still that of the commit.
 */
export function editedCheckout(checkout: Checkout, files: ReadonlyMap<string, Uint8Array>): Checkout {
  const tree = new Map(checkout.tree);
  const blobs = new Map<string, Uint8Array>();
  for (const [file, bytes] of files) {
    const oid = blobId(bytes);
    const entry: TreeEntry = { type: "file", oid };
    tree.set(file, entry);
    blobs.set(oid, bytes);
  }
  return {
    ...checkout,
    tree,
    readBlobs: async (oids) => {
      const others = oids.filter((oid) => !blobs.has(oid));
      const read = others.length === 0 ? [] : await checkout.readBlobs(others);
      let next = 0;
      return oids.map((oid) => blobs.get(oid) ?? read[next++] ?? new Uint8Array());
    },
  };
}

/** Source: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
function blobId(bytes: Uint8Array): string {
  return createHash("sha1")
    .update(`blob ${String(bytes.length)}\0`)
    .update(bytes)
    .digest("hex");
}
