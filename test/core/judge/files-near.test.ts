import { expect, it } from "vitest";
import { filesNear } from "../../../src/core/judge/files-near.ts";
import type { Finding } from "../../../src/core/model/finding.ts";
import type { Resource } from "../../../src/core/model/resource.ts";
import { keyOf } from "../../report/samples.ts";

function from(key: string, file: string, ...changedBy: readonly string[]): Resource {
  const by = "PatchTransformer";
  return {
    key: keyOf(key),
    object: {},
    provenance: { file, changedBy: changedBy.map((one) => ({ file: one, by })) },
  };
}

const resources = [
  from("shop/VirtualService/reviews", "base/reviews.yaml", "overlays/eu1/kustomization.yaml"),
  from("shop/VirtualService/ratings", "base/ratings.yaml"),
  from("shop/VirtualService/both", "base/reviews.yaml"),
  from("shop/ConfigMap/made", "base/kustomization.yaml"),
  { key: keyOf("shop/VirtualService/manifest"), object: {} },
];
const files = [
  ...["base/kustomization.yaml", "base/ratings.yaml", "base/reviews.yaml"],
  ...["overlays/eu1/kustomization.yaml", "overlays/eu1/patch.yaml"],
];

it.for<[string, Finding["type"], string, readonly string[]]>([
  [
    "leaves out the file of another object",
    "changed",
    "reviews",
    files.filter((file) => !file.includes("ratings")),
  ],
  ["keeps the one it stands in", "missing", "ratings", files.filter((file) => !file.includes("reviews"))],
  ["keeps all for what Git does not have", "extra", "stray", files],
])("%s", ([, type, name, expected]) => {
  expect(
    filesNear(files, resources, [{ type, key: keyOf(`shop/VirtualService/${name}`), changes: [] }]),
  ).toEqual(expected);
});

it("leaves out nothing where nobody knows where objects come from", () => {
  const bare = resources.map(({ key, object }) => ({ key, object }));
  expect(
    filesNear(files, bare, [{ type: "changed", key: keyOf("shop/VirtualService/reviews"), changes: [] }]),
  ).toEqual(files);
});
