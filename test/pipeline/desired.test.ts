import { expect, it } from "vitest";
import type { DesiredConfig, TargetConfig } from "../../src/config/config.ts";
import type { JsonObject } from "../../src/core/model/json.ts";
import { DriftError } from "../../src/lib/errors.ts";
import { readDesired } from "../../src/pipeline/desired.ts";
import type { Render } from "../../src/ports/renderer.ts";
import type { Checkout } from "../../src/ports/source.ts";
import { checkoutOf } from "../adapters/kustomize/memory-checkout.ts";

const target = (desired: DesiredConfig): TargetConfig => ({
  name: "shop",
  cluster: "prod",
  repository: { url: "memory", revision: "main", allowStaleMs: 0 },
  desired,
  scope: { namespaces: [] },
});

function readWith(desired: DesiredConfig, checkout: Checkout, render: () => Promise<Render>) {
  return readDesired(target(desired), {
    checkouts: {
      open: () => Promise.resolve({ type: "opened", checkout }),
      close: () => Promise.resolve(),
    },
    renderer: { version: "0", prepare: () => undefined, render, close: () => Promise.resolve() },
    openBase: () => Promise.reject(new Error("no bases here")),
  });
}

const noRender = () => Promise.reject(new Error("no overlays here"));

/** The one object of a target and its open variables. */
async function readOne(metadata: JsonObject, substitute?: Readonly<Record<string, string>>) {
  const object = {
    apiVersion: "networking.istio.io/v1",
    kind: "Gateway",
    metadata: { name: "web", namespace: "shop", ...metadata },
    spec: { a: "${A}", b: "${B:-x}" },
  };
  const checkout = checkoutOf({ "m/a.json": JSON.stringify(object) });
  const desired = await readWith(
    { type: "manifests", manifests: "m", ...(substitute && { substitute }) },
    checkout,
    noRender,
  );
  const [resource] = desired.type === "rendered" ? desired.resources : [];
  return { spec: resource?.object["spec"], unresolved: resource?.unresolved };
}

const untouched = { a: "${A}", b: "${B:-x}" };
const optedOut = { annotations: { "kustomize.toolkit.fluxcd.io/substitute": "disabled" } };

it.for<readonly [string, JsonObject, Readonly<Record<string, string>> | undefined, object]>([
  ["values", {}, { A: "1" }, { spec: { a: 1, b: "x" } }],
  ["no values", {}, undefined, { spec: untouched, unresolved: ["A", "B"] }],
  ["an empty mapping of values", {}, {}, { spec: untouched, unresolved: ["A", "B"] }],
  ["values, but an object that opts out", optedOut, { A: "1" }, { spec: untouched }],
  ["no values, and an object that opts out", optedOut, undefined, { spec: untouched }],
])("puts in what Flux would with %s", async ([, metadata, substitute, read]) => {
  expect(await readOne(metadata, substitute)).toEqual({ unresolved: undefined, ...read });
});

const help = { hint: "Free some space." };

it("takes an error of a renderer for a target that nothing is known of", async () => {
  const overlay = { type: "overlay", overlay: "prod" } as const;
  const end = readWith(overlay, checkoutOf({}), () =>
    Promise.reject(new DriftError("GIT_FAILED", "git died", help)),
  );
  expect(await end).toMatchObject({
    type: "failed",
    unchecked: { what: "overlay prod", code: "GIT_FAILED", reason: "git died", ...help },
  });
});

it("ends the run where the renderer itself is damaged, or nobody knows what happened", async () => {
  const overlay = { type: "overlay", overlay: "prod" } as const;
  for (const error of [new DriftError("RENDERER_DAMAGED", "no renderer", help), new Error("a bug")]) {
    await expect(readWith(overlay, checkoutOf({}), () => Promise.reject(error))).rejects.toBe(error);
  }
});
