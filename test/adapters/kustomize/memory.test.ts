import { setFlagsFromString } from "node:v8";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { openRenderer } from "../../support/shipped-renderer.ts";
import { readCorpus } from "./corpus.ts";
import { checkoutOf } from "./memory-checkout.ts";

// A render starts a thread and compiles 28 MB: seconds where the machine is busy.
vi.setConfig({ testTimeout: 60_000 });

/** From now on V8 behaves in every thread of this process as if there were no memory for an instance. */
function takeMemoryAway(): void {
  setFlagsFromString("--wasm-max-mem-pages=1");
}

afterEach(() => {
  setFlagsFromString("--wasm-max-mem-pages=65536");
});

function open(workers: number) {
  const renderer = openRenderer({ workers });
  onTestFinished(() => renderer.close());
  return renderer;
}

const simple = checkoutOf({
  "kustomization.yaml": "resources: [a.yaml]\n",
  "a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n",
});

describe("where there is no memory", () => {
  it("for any thread, each overlay fails with what V8 said, and the installation is not blamed", async () => {
    takeMemoryAway();
    const renderer = open(2);
    renderer.prepare(["a", "b", "c"]);
    const failure = {
      type: "failed",
      code: "RENDER_MEMORY",
      reason: expect.stringContaining("Out of memory") as string,
      hint: expect.stringContaining("render.workers") as string,
    };
    const renders = await Promise.all([1, 2, 3].map(() => renderer.render({ checkout: simple, overlay: "" })));
    expect(renders).toMatchObject([failure, failure, failure]);
  });

  it("for a second thread, the first one does all the work", async () => {
    const renderer = open(2);
    expect(await renderer.render({ checkout: simple, overlay: "" })).toMatchObject({ type: "rendered" });
    takeMemoryAway();
    const renders = await Promise.all([1, 2, 3, 4].map(() => renderer.render({ checkout: simple, overlay: "" })));
    expect(renders.map(({ type }) => type)).toEqual(["rendered", "rendered", "rendered", "rendered"]);
  });

  it("for a new instance, the overlay that needs one fails", async () => {
    const schema = readCorpus("trees").find(({ name }) => name === "openapi") ?? expect.fail("no tree");
    const renderer = open(1);
    await renderer.render({ checkout: checkoutOf(schema.files), overlay: schema.overlay });
    takeMemoryAway();
    expect(await renderer.render({ checkout: simple, overlay: "" })).toMatchObject({ code: "RENDER_MEMORY" });
  });
});
