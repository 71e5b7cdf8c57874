/**
 * What stands at a path of a commit's tree. Both sides use it: the worker thread to answer the renderer, the main
 * thread to see whether a cached answer still holds. Plain JavaScript, because a worker thread loads it as it is.
 */

/** The numbers are those of the renderer (kustomize/internal/tree). */
export const KIND = Object.freeze({ absent: 0, file: 1, folder: 2, symlink: 3, submodule: 4 });

/** @typedef {{ readonly type: "file" | "symlink" | "submodule", readonly oid: string }} Entry */

/**
 * Makes a function that tells what stands at a path from the root of the repository ("" is the root): a number of
 * KIND. A path below a symlink or a submodule has that ancestor's kind.
 *
 * @param {ReadonlyMap<string, Entry>} tree
 * @returns {(path: string) => number}
 */
export function makeLookup(tree) {
  const folders = new Set([""]);
  for (const path of tree.keys()) {
    for (let slash = path.lastIndexOf("/"); slash > 0; slash = path.lastIndexOf("/", slash - 1)) {
      const folder = path.slice(0, slash);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return (path) => {
    const entry = tree.get(path);
    if (entry !== undefined) return KIND[entry.type];
    if (folders.has(path)) return KIND.folder;
    for (let slash = path.lastIndexOf("/"); slash > 0; slash = path.lastIndexOf("/", slash - 1)) {
      const above = tree.get(path.slice(0, slash));
      if (above !== undefined) return above.type === "file" ? KIND.absent : KIND[above.type];
    }
    return KIND.absent;
  };
}

/**
 * A tree as one string, which costs little to send to another thread.
 *
 * @param {ReadonlyMap<string, Entry>} tree
 */
export function packTree(tree) {
  const parts = [];
  for (const [path, { type, oid }] of tree) parts.push(type, oid, path);
  return parts.join("\0");
}

/**
 * @param {string} packed
 * @returns {Map<string, Entry>}
 */
export function unpackTree(packed) {
  /** @type {Map<string, Entry>} */
  const tree = new Map();
  if (packed === "") return tree;
  const parts = packed.split("\0");
  for (let i = 0; i + 2 < parts.length; i += 3) {
    const [type, oid, path] = parts.slice(i, i + 3);
    tree.set(String(path), { type: /** @type {Entry["type"]} */ (type), oid: String(oid) });
  }
  return tree;
}
