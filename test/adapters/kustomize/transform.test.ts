import { afterAll, expect, it, vi } from "vitest";
import type { Render, Rendered } from "../../../src/ports/renderer.ts";
import type { Transform } from "../../../src/core/model/transform.ts";
import { transformCheckout } from "../../../src/adapters/kustomize/transform-checkout.ts";
import { transformWarnings } from "../../../src/adapters/kustomize/transform-warnings.ts";
import { DriftError } from "../../../src/lib/errors.ts";
import { openRenderer } from "../../support/shipped-renderer.ts";
import { checkoutOf, type Files } from "./memory-checkout.ts";

// A render starts a thread and compiles 28 MB: seconds where the machine is busy.
vi.setConfig({ testTimeout: 60_000 });

const renderer = openRenderer({ workers: 1 });
afterAll(() => renderer.close());

const base = {
  "base/kustomization.yaml": "resources: [vs.yaml, web.yaml]\n",
  "base/vs.yaml":
    "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: web, namespace: shop, labels: { app: web } }\nspec: { hosts: [web] }\n",
  "base/web.yaml":
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web, namespace: shop }\nspec: { template: { spec: { containers: [{ name: main, image: web:1 }] } } }\n",
  "slow/kustomization.yaml":
    "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches:\n- target: { kind: VirtualService }\n  patch: '- {op: add, path: /spec/exportTo, value: [.]}'\n",
};
const plain = { ...base, "prod/kustomization.yaml": "# the shop\nnamePrefix: old-\nresources: [../base]\n" };

const deleteWeb = "$patch: delete\napiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }";
const touch = "- { op: add, path: /spec/touched, value: true }";
const hosts = "- { op: replace, path: /spec/hosts/0, value: shop }";

function render(files: Files, transform?: Transform): Promise<Render> {
  return renderer.render({ checkout: checkoutOf(files), overlay: "prod", ...(transform && { transform }) });
}

async function rendered(files: Files, transform?: Transform): Promise<Rendered> {
  const result = await render(files, transform);
  if (result.type === "failed") throw new Error(result.reason);
  return result;
}

it.for<readonly [string, Transform, string]>([
  ["a namespace", { namespace: "team" }, "namespace: team\nnamePrefix: old-"],
  ["a prefix, in the place of another", { namePrefix: "new-" }, "namePrefix: new-"],
  ["a suffix", { nameSuffix: "-v2" }, "namePrefix: old-\nnameSuffix: -v2"],
  ["a component", { components: ["../slow"] }, "namePrefix: old-\ncomponents: [../slow]"],
  [
    "a patch",
    { patches: [{ target: { kind: "VirtualService" }, patch: hosts }] },
    `namePrefix: old-\npatches: [{ target: { kind: VirtualService }, patch: '${hosts}' }]`,
  ],
  [
    "an image",
    { images: [{ name: "web", newTag: "2" }] },
    'namePrefix: old-\nimages: [{ name: web, newTag: "2" }]',
  ],
])("renders an overlay with %s as if its kustomization said so", async ([, transform, lines]) => {
  const written = { ...base, "prod/kustomization.yaml": `${lines}\nresources: [../base]\n` };
  const [added, meant] = [await rendered(plain, transform), await rendered(written)];
  expect(added.resources).toEqual(meant.resources);
  expect(added.warnings).toEqual([]);
});

it("puts patches and components after those that are there, and images in the place of the same name", async () => {
  const before = `namePrefix: old-
resources: [../base]
images: [{ name: web, newTag: "0" }, { name: other, newTag: "1" }]
patches: [{ target: { kind: VirtualService }, patch: '- { op: replace, path: /spec/hosts/0, value: first }' }]
`;
  const transform = {
    images: [{ name: "web", newTag: "2" }],
    patches: [{ target: { kind: "VirtualService" }, patch: hosts }],
  };
  const { resources } = await rendered({ ...base, "prod/kustomization.yaml": before }, transform);
  expect(resources.map(({ object }) => object["spec"])).toEqual([
    { template: { spec: { containers: [{ name: "main", image: "web:2" }] } } },
    { hosts: ["shop"] },
  ]);
});

it.for<readonly [string, Transform]>([
  ["components", { components: ["../slow"] }],
  ["patches", { patches: [{ target: { kind: "VirtualService" }, patch: hosts }] }],
  ["images", { images: [{ name: "web", newTag: "2" }] }],
])("adds to a list of %s that is null as to an empty one, and to nothing else", async ([name, transform]) => {
  const withValue = (value: string) => ({
    ...base,
    "prod/kustomization.yaml": `namePrefix: old-\nresources: [../base]\n${name}:${value}\n`,
  });
  const { resources } = await rendered(withValue("\n# - none yet"), transform);
  expect(resources).toEqual((await rendered(plain, transform)).resources);
  for (const value of [" {}", " text", " 0"]) {
    expect(await render(withValue(value), transform)).toMatchObject({
      code: "RENDER_FAILED",
      reason: `prod/kustomization.yaml: the transform of the target cannot be added: \`${name}\` is no list`,
    });
  }
});

it("does not mistake a render for that of another transform", async () => {
  const names = async (transform?: Transform) =>
    (await rendered(plain, transform)).resources.map(({ key }) => key.name);
  expect(await names()).toEqual(["old-web", "old-web"]);
  expect(await names({ namePrefix: "a-" })).toEqual(["a-web", "a-web"]);
  expect(await names({ namePrefix: "b-" })).toEqual(["b-web", "b-web"]);
  expect(await names()).toEqual(["old-web", "old-web"]);
});

it.for<readonly [string, Transform, string]>([
  [
    "a patch",
    { patches: [{ target: { kind: "Gateway" }, patch: hosts }] },
    "transform.patches[0] matches nothing that is rendered",
  ],
  [
    "a patch by labels",
    { patches: [{ target: { labelSelector: "app=other" }, patch: hosts }] },
    "transform.patches[0] matches nothing that is rendered",
  ],
  [
    "an image",
    { images: [{ name: "wep", newTag: "2" }] },
    "transform.images[0]: nothing that is rendered uses wep",
  ],
])("warns of %s that has nothing to work on", async ([, transform, warning]) => {
  expect((await rendered(plain, transform)).warnings).toEqual([warning]);
});

it("says nothing of a patch that matches a name from before the prefix, or a pattern", async () => {
  const patches = [
    { target: { name: "web", kind: "VirtualService" }, patch: hosts },
    { target: { kind: "Virtual.*" }, patch: hosts },
  ];
  expect((await rendered(plain, { patches, namePrefix: "new-" })).warnings).toEqual([]);
});

it.for<readonly [string, Transform["patches"]]>([
  ["deletes its object", [{ target: { kind: "Deployment" }, patch: deleteWeb }]],
  [
    "works on what a later one deletes",
    [
      { target: { kind: "Deployment" }, patch: "- { op: add, path: /spec/replicas, value: 2 }" },
      { target: { kind: "Deployment" }, patch: deleteWeb },
    ],
  ],
  [
    "renames its object",
    [
      {
        target: { kind: "Deployment", name: "web" },
        patch: "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: shop }",
        options: { allowNameChange: true },
      },
    ],
  ],
  [
    "changes the label it goes by",
    [
      {
        target: { labelSelector: "app=web" },
        patch: "- { op: replace, path: /metadata/labels/app, value: shop }",
      },
    ],
  ],
  [
    "takes the label away that it goes by",
    [
      {
        target: { labelSelector: "app=web" },
        patch: "apiVersion: v1\nkind: X\nmetadata: { name: x, labels: { app: null } }",
      },
    ],
  ],
  ["goes by the name from before the kustomization's prefix", [{ target: { name: "web" }, patch: touch }]],
])("says nothing of a patch that %s", async ([, patches = []]) => {
  expect((await rendered(plain, { patches })).warnings).toEqual([]);
});

it("warns of a patch without an object behind one that deletes its own", async () => {
  const patches = [
    { target: { kind: "Deployment" }, patch: deleteWeb },
    { target: { kind: "Deployment" }, patch: touch },
  ];
  expect((await rendered(plain, { patches })).warnings).toEqual([
    "transform.patches[1] matches nothing that is rendered",
  ]);
});

it("finds no end of the name of an image in time that grows with the square of its length", () => {
  const object = { image: `${":".repeat(500_000)}/x:1` };
  const key = { group: "", kind: "X", namespace: "", name: "x" };
  expect(transformWarnings({ images: [{ name: `${":".repeat(500_000)}/x` }] }, [{ key, object }])).toEqual([]);
});

it("fails the overlay, not the run, where its kustomization cannot be read from Git", async () => {
  const help = { hint: "Make it smaller." };
  const checkout = {
    ...checkoutOf(plain),
    readBlobs: () => Promise.reject(new DriftError("BLOB_TOO_LARGE", "a file is too large", help)),
  };
  expect(await transformCheckout(checkout, "prod", { namePrefix: "a-" })).toMatchObject({
    code: "RENDER_FAILED",
    reason: expect.stringContaining("cannot be added: a file is too large") as unknown,
    ...help,
  });
});

it("leaves the judgement of a number in the place of a text to Kustomize", async () => {
  const lines = "resources: [../base]\nimages: [{ name: web, newTag: 20260726123456789 }]\n";
  const files = { ...base, "prod/kustomization.yaml": lines };
  const alone = await render(files);
  expect(alone).toMatchObject({ type: "failed", code: "RENDER_FAILED" });
  expect(await render(files, { namePrefix: "a-" })).toEqual(alone);
});

it.for<readonly [string, Files, Transform, object]>([
  [
    "a field that is spelled otherwise, which Kustomize takes for the same",
    { ...base, "prod/kustomization.yaml": "resources: [../base]\nPatches: []\n" },
    { patches: [{ target: { kind: "VirtualService" }, patch: hosts }] },
    {
      code: "RENDER_FAILED",
      reason: expect.stringContaining("it spells `patches` as `Patches`") as unknown,
    },
  ],
  [
    "a component that is not there",
    plain,
    { components: ["../none"] },
    { code: "RENDER_FAILED", reason: expect.stringContaining("none") as unknown },
  ],
  [
    "a patch without a target that names nothing",
    plain,
    { patches: [{ patch: "apiVersion: v1\nkind: Service\nmetadata: { name: none }" }] },
    { code: "RENDER_FAILED" },
  ],
  [
    "a kustomization that cannot be read",
    { ...base, "prod/kustomization.yaml": "resources: [a\n" },
    { namePrefix: "a-" },
    {
      code: "RENDER_FAILED",
      reason: expect.stringContaining("prod/kustomization.yaml: the transform") as unknown,
    },
  ],
  ["an overlay that is not there", base, { namePrefix: "a-" }, { code: "OVERLAY_NOT_FOUND" }],
])("fails with %s", async ([, files, transform, failure]) => {
  expect(await render(files, transform)).toMatchObject({ type: "failed", ...failure });
});
