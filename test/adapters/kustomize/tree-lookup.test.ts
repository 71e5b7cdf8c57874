import fc from "fast-check";
import { expect, it } from "vitest";
import { KIND, makeLookup, packTree, unpackTree } from "../../../src/adapters/kustomize/tree-lookup.mjs";
import type { TreeEntry } from "../../../src/ports/source.ts";

const segment = fc.stringMatching(/^[a-cé .-]{1,3}$/).filter((text) => text !== "." && text !== "..");
const entry = fc.record<TreeEntry>({
  type: fc.constantFrom("file", "symlink", "submodule"),
  oid: fc.stringMatching(/^[0-9a-f]{40}$/),
});
const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join("/"));
const tree = fc.array(fc.tuple(path, entry)).map((entries) => new Map(entries));

it("a tree survives being sent to another thread", () => {
  fc.assert(fc.property(tree, (entries) => { expect(unpackTree(packTree(entries))).toEqual(entries); }));
});

it("every entry has its kind, and every folder above an entry is one unless an entry stands there", () => {
  fc.assert(
    fc.property(tree, (entries) => {
      const kindOf = makeLookup(entries);
      expect(kindOf("")).toBe(KIND.folder);
      for (const [at, { type }] of entries) {
        expect(kindOf(at)).toBe(KIND[type]);
        const above = at.slice(0, Math.max(at.lastIndexOf("/"), 0));
        expect(kindOf(above)).toBe(entries.has(above) ? KIND[entries.get(above)?.type ?? "file"] : KIND.folder);
      }
    }),
  );
});

it.for([
  ["a/link/x/y", KIND.symlink],
  ["a/module/x", KIND.submodule],
  ["a/file/x", KIND.absent],
  ["a/lin", KIND.absent],
  ["a/link2", KIND.absent],
  ["a", KIND.folder],
] as const)("what stands at or above %s decides", ([at, kind]) => {
  const oid = "0";
  const kindOf = makeLookup(
    new Map<string, TreeEntry>([
      ["a/link", { type: "symlink", oid }],
      ["a/module", { type: "submodule", oid }],
      ["a/file", { type: "file", oid }],
    ]),
  );
  expect(kindOf(at)).toBe(kind);
});
