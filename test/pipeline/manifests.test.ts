import { expect, it } from "vitest";
import { formatKey } from "../../src/core/model/resource.ts";
import { readManifests } from "../../src/pipeline/manifests.ts";
import { checkoutOf, type Files } from "../adapters/kustomize/memory-checkout.ts";

const virtualService = (name: string) =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: ${name}, namespace: shop }\nspec: { hosts: [${name}] }\n`;

async function read(files: Files, path: string) {
  const end = await readManifests(checkoutOf(files), path);
  if (end.type === "failed") return end.why;
  const { resources, unchecked, warnings } = end;
  return {
    objects: resources.map(({ key, provenance }) => `${formatKey(key)} of ${provenance?.file ?? ""}`),
    unchecked: unchecked.map(({ what, code }) => `${what} ${code}`),
    warnings,
  };
}

it("reads every manifest of a folder and below, in the order of the paths", async () => {
  const files = {
    "rendered/prod/b.yml": virtualService("b"),
    "rendered/prod/a/x.json": JSON.stringify({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "shop" },
    }),
    "rendered/prod/c.yaml": `${virtualService("c")}---\n${virtualService("d")}`,
    "rendered/prod/README.md": "no manifest",
    "rendered/prod2/e.yaml": virtualService("e"),
  };
  expect(await read(files, "rendered/prod")).toEqual({
    objects: [
      "Namespace/shop of rendered/prod/a/x.json",
      "shop/VirtualService/b of rendered/prod/b.yml",
      "shop/VirtualService/c of rendered/prod/c.yaml",
      "shop/VirtualService/d of rendered/prod/c.yaml",
    ],
    unchecked: [],
    warnings: [],
  });
});

it("reads one file, whatever it is called, and nothing else", async () => {
  const files = { "rendered/all": virtualService("a"), "rendered/other.yaml": "[broken" };
  const checkout = checkoutOf(files);
  const end = await readManifests(checkout, "rendered/all");
  expect(end.type === "read" && end.resources.length).toBe(1);
  expect(checkout.reads.length).toBe(1);
});

it.for<readonly [string, Files, string, object]>([
  [
    "a folder that is not there",
    { "a.yaml": "" },
    "rendered",
    { code: "MANIFESTS_NOT_FOUND", reason: 'no file or folder "rendered" in the repository at this commit' },
  ],
  [
    "a folder without manifests",
    { "rendered/a.txt": "" },
    "rendered",
    { code: "MANIFESTS_NOT_FOUND", reason: 'no file below "rendered" ends in .yaml, .yml or .json' },
  ],
  [
    "a folder below a symbolic link",
    { rendered: { link: "symlink" } },
    "rendered/prod/eu",
    {
      code: "MANIFEST_REFUSED",
      reason: '"rendered/prod/eu" lies below "rendered": it is a symbolic link, which is not followed',
    },
  ],
  [
    "a folder below a submodule",
    { "rendered/prod": { link: "submodule" }, "rendered/other/a.yaml": "" },
    "rendered/prod/eu",
    {
      code: "MANIFEST_REFUSED",
      reason: '"rendered/prod/eu" lies below "rendered/prod": it is a Git submodule, which is not followed',
    },
  ],
])("fails for %s", async ([, files, path, why]) => {
  expect(await read(files, path)).toMatchObject(why);
});

it.for<readonly [string, Files[string], readonly string[]]>([
  ["a broken document", `${virtualService("a")}---\nspec: [\n`, ["m/x.yaml:6 MANIFEST_SYNTAX"]],
  ["an object without a name", "apiVersion: v1\nkind: Namespace\n", ["m/x.yaml:1 OBJECT_WITHOUT_NAME"]],
  ["a symbolic link", { link: "symlink" }, ["m/x.yaml MANIFEST_REFUSED"]],
  ["a submodule", { link: "submodule" }, ["m/x.yaml MANIFEST_REFUSED"]],
  ["a binary", new Uint8Array([0xff, 0xfe, 0x00]), ["m/x.yaml MANIFEST_ENCODING"]],
])("says of %s that nobody knows what it holds, and reads the rest", async ([, content, unchecked]) => {
  const end = await read({ "m/x.yaml": content, "m/y.yaml": virtualService("web") }, "m");
  expect(end).toMatchObject({
    objects: expect.arrayContaining(["shop/VirtualService/web of m/y.yaml"]) as unknown,
  });
  expect("unchecked" in end && end.unchecked).toEqual(unchecked);
});

it("warns of a kustomization among manifests, which is most likely an overlay", async () => {
  const files = {
    "m/kustomization.yaml": "resources: [web.yaml]\n",
    "m/y.yaml": virtualService("web"),
  };
  expect(await read(files, "m")).toMatchObject({
    objects: ["shop/VirtualService/web of m/y.yaml"],
    unchecked: [],
    warnings: [
      "m/kustomization.yaml is not rendered here: name its folder under overlay, not under manifests",
    ],
  });
});

it("tells of every symbolic link and submodule in the folder, which may stand for folders of manifests", async () => {
  const files: Files = {
    "m/y.yaml": virtualService("web"),
    "m/more": { link: "symlink" },
    "m/a/sub": { link: "submodule" },
    other: { link: "symlink" },
  };
  expect(await read(files, "m")).toEqual({
    objects: ["shop/VirtualService/web of m/y.yaml"],
    unchecked: ["m/a/sub MANIFEST_REFUSED", "m/more MANIFEST_REFUSED"],
    warnings: [],
  });
});

const manyItems = (item: string) =>
  `{"apiVersion":"v1","kind":"List","items":[${`${item},`.repeat(140_000)}${item}]}`;

it.for<readonly [string, string, readonly string[]]>([
  [
    "items that are no objects",
    manyItems("1"),
    ["m/x.json:1 140001 items of a list are not mappings, so they are no Kubernetes objects"],
  ],
  [
    "objects without a name",
    manyItems("{}"),
    [
      ...Array.from(
        { length: 20 },
        () => "m/x.json:1 an object without apiVersion, kind or metadata.name stands here",
      ),
      "m/x.json 139981 more of its parts could not be read",
    ],
  ],
])("reads a file with very many %s, and says so in few words", async ([, text, unchecked]) => {
  const end = await readManifests(checkoutOf({ "m/x.json": text }), "m");
  expect(end.type === "read" && end.unchecked.map(({ what, reason }) => `${what} ${reason}`)).toEqual(
    unchecked,
  );
});

it("warns once of a kustomization, whatever it holds", async () => {
  const end = await readManifests(checkoutOf({ "m/kustomization.yaml": manyItems("{}") }), "m");
  expect(end.type === "read" && end.warnings.length).toBe(1);
});

it("reads a file with very many objects", async () => {
  const item = '{"apiVersion":"v1","kind":"A","metadata":{"name":"a"}}';
  const end = await readManifests(checkoutOf({ "m/x.json": manyItems(item) }), "m");
  expect(end.type === "read" && end.resources.length).toBe(140_001);
});
