import { afterAll, expect, it, vi } from "vitest";
import type { Render, Rendered } from "../../../src/ports/renderer.ts";
import type { Transform } from "../../../src/core/model/transform.ts";
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

it.for<readonly [string, Files, Transform, object]>([
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
