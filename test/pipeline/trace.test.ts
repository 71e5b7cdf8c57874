import { afterAll, describe, expect, it } from "vitest";
import type { DesiredConfig } from "../../src/config/config.ts";
import { readDesired } from "../../src/pipeline/desired.ts";
import { createCheckouts } from "../../src/pipeline/checkouts.ts";
import { traceOrigins } from "../../src/pipeline/trace.ts";
import type { WantedPlace } from "../../src/pipeline/traced.ts";
import { checkoutOf, type Files } from "../adapters/kustomize/memory-checkout.ts";
import { openRenderer } from "../support/shipped-renderer.ts";

const renderer = openRenderer();
afterAll(() => renderer.close());

const openBase = () =>
  Promise.resolve({ type: "refused", code: "REFUSED", reason: "no bases here", hint: "None." } as const);

/** Where the one object called `name` gets some places from: "file:line:column by precision", or why that is unknown. */
async function trace(
  files: Files,
  name: string,
  places: readonly (string | WantedPlace)[],
  desired: DesiredConfig = { type: "overlay", overlay: "o" },
): Promise<readonly string[]> {
  const checkout = checkoutOf(files);
  const checkouts = createCheckouts({ checkout: () => Promise.resolve(checkout) });
  const repository = { url: "memory", revision: "", allowStaleMs: 0 };
  const target = { name: "t", desired, repository, cluster: "c", scope: { namespaces: [] } };
  const side = await readDesired(target, { checkouts, renderer, openBase });
  if (side.type === "failed") throw new Error(side.unchecked.reason);
  const resource = side.resources.find(({ key }) => key.name === name);
  if (resource === undefined) throw new Error(`nothing is called ${name}`);
  const wanted = places.map((place) => (typeof place === "string" ? { pointer: place } : place));
  const lookup = await traceOrigins({ checkout, desired }, [{ resource, places: wanted }], {
    renderer,
    openBase,
  });
  return wanted.map((place) => {
    const origin = lookup(resource.key, place);
    if (origin?.type !== "known") return origin?.reason ?? "not answered";
    return `${origin.file}:${String(origin.line)}:${String(origin.column)} ${origin.by} ${origin.precision}`;
  });
}

const vs = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: shop}
spec:
  hosts: [shop]
  http:
  - name: a
    timeout: &t 5s
    retries: &r
      attempts: 3
  - name: b
    timeout: *t
    retries: {<<: *r, perTryTimeout: 1s}
`;

describe("an overlay", () => {
  it("names the anchor whose edit changes a field, through aliases and merge keys", async () => {
    const files = { "o/kustomization.yaml": "resources: [vs.yaml]\n", "o/vs.yaml": vs };
    const places = [
      "/spec/http/1/timeout",
      "/spec/http/1/retries/attempts",
      "/spec/http/1/retries/perTryTimeout",
    ];
    expect(await trace(files, "shop", places)).toEqual([
      "o/vs.yaml:8:17 resource field",
      "o/vs.yaml:10:17 resource field",
      "o/vs.yaml:13:38 resource field",
    ]);
  });

  it("counts lines the same in files with carriage returns", async () => {
    const files = {
      "o/kustomization.yaml": "resources: [vs.yaml]\n",
      "o/vs.yaml": vs.replaceAll("\n", "\r\n"),
    };
    expect(await trace(files, "shop", ["/spec/http/0/timeout"])).toEqual(["o/vs.yaml:8:17 resource field"]);
  });

  it("is not led astray by operations that test the value, nor by patches that select by label", async () => {
    const kustomization = `resources: [vs.yaml]
patches:
- target: {labelSelector: "tier=5s"}
  patch: |-
    - {op: test, path: /spec/http/0/timeout, value: 5s}
    - op: replace
      path: /spec/http/0/name
      value: 5s
`;
    const labelled = vs.replace("namespace: shop", "namespace: shop, labels: {tier: 5s}");
    const files = { "o/kustomization.yaml": kustomization, "o/vs.yaml": labelled };
    const places = ["/spec/http/0/timeout", "/spec/http/0/name", "/metadata/labels/tier"];
    expect(await trace(files, "shop", places)).toEqual([
      "o/vs.yaml:8:17 resource field",
      "o/kustomization.yaml:8:14 json6902-patch field",
      "o/vs.yaml:3:56 resource field",
    ]);
  });

  it("names the line of a variable, and the nearest place around a field that Git does not have", async () => {
    const files = {
      "o/kustomization.yaml": "resources: [vs.yaml]\n",
      "o/vs.yaml": vs.replace("5s", "${WAIT}"),
    };
    const desired = { type: "overlay", overlay: "o", transform: { substitute: { WAIT: "5s" } } } as const;
    const places = ["/spec/http/0/timeout", "/spec/http/0/fault/delay", ""];
    expect(await trace(files, "shop", places, desired)).toEqual([
      "o/vs.yaml:8:17 resource field",
      "o/vs.yaml:7:5 resource around",
      "o/vs.yaml:1:1 resource field",
    ]);
  });

  it("does not name a mapping whose every value a patch overrides", async () => {
    const patch = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: shop}
spec:
  extra: {inner: {mode: b}}
`;
    const files = {
      "o/kustomization.yaml": "resources: [vs.yaml]\npatches: [{path: p.yaml}]\n",
      "o/vs.yaml": `${vs}  extra:\n    inner: {mode: a}\n`,
      "o/p.yaml": patch,
    };
    expect(await trace(files, "shop", ["/spec/extra", "/spec/extra/inner"])).toEqual([
      "o/p.yaml:5:3 strategic-merge-patch field",
      "o/p.yaml:5:11 strategic-merge-patch field",
    ]);
  });

  it("is not confused by an empty list that a patch adds to", async () => {
    const patch = `patches:
- target: {kind: VirtualService}
  patch: |-
    - {op: add, path: /spec/gateways/-, value: mesh}
    - {op: add, path: /spec/gateways/-, value: edge}
`;
    const files = {
      "o/kustomization.yaml": `resources: [vs.yaml]\n${patch}`,
      "o/vs.yaml": `${vs}  gateways: []\n  exportTo: []\n`,
    };
    expect(
      await trace(files, "shop", [
        "/spec/gateways/0",
        "/spec/gateways/1",
        "/spec/exportTo",
        "/spec/gateways",
      ]),
    ).toEqual([
      "o/kustomization.yaml:5:48 json6902-patch field",
      "o/kustomization.yaml:6:48 json6902-patch field",
      "o/vs.yaml:15:3 resource field",
      "o/kustomization.yaml:5:48 json6902-patch field",
    ]);
  });

  it("says why where what sets a field is in no file of the repository", async () => {
    const files = { "o/kustomization.yaml": "resources: [vs.yaml]\n", "o/vs.yaml": vs };
    const patch = "- {op: replace, path: /spec/http/0/name, value: other}";
    const transform = { patches: [{ target: { kind: "VirtualService" }, patch }] };
    const found = await trace(files, "shop", ["/spec/http/0/name"], {
      type: "overlay",
      overlay: "o",
      transform,
    });
    expect(found[0]).toMatch(/^no line of the repository alone gives the value: .*the target's transform/);
  });

  it("finds the line inside of a mesh configuration, in a manifest and in a generator's file", async () => {
    const mesh = "rootNamespace: istio-system\naccessLogFile: /dev/stdout\n";
    const manifest = `apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data:
  mesh: |
    rootNamespace: istio-system
    accessLogFile: /dev/stdout
`;
    const generator = `configMapGenerator:
- {name: istio-canary, namespace: istio-system, files: [mesh=mesh.yaml], options: {disableNameSuffixHash: true}}
resources: [cm.yaml]
`;
    const files = {
      "o/kustomization.yaml": generator,
      "o/mesh.yaml": `# ours\n${mesh}`,
      "o/cm.yaml": manifest,
    };
    const place = { pointer: "/data/mesh", line: 2 };
    expect(await trace(files, "istio", [place])).toEqual(["o/cm.yaml:7:5 resource field"]);
    expect(await trace(files, "istio-canary", [place])).toEqual(["o/mesh.yaml:2:1 generator field"]);
  });
});

describe("manifests", () => {
  it("are read by place, in a list as well", async () => {
    const list = `kind: List\napiVersion: v1\nitems:\n- ${vs.trimEnd().replaceAll("\n", "\n  ")}\n`;
    const desired = { type: "manifests", manifests: "m" } as const;
    const places = ["/spec/http/1/timeout", "/spec/http/0/fault", ""];
    expect(await trace({ "m/all.yaml": list }, "shop", places, desired)).toEqual([
      "m/all.yaml:11:19 manifest field",
      "m/all.yaml:10:7 manifest around",
      "m/all.yaml:4:3 manifest field",
    ]);
  });
});
