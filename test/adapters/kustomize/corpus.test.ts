import { afterAll, describe, expect, it, vi } from "vitest";
import { openRenderer } from "../../support/shipped-renderer.ts";
import { readCorpus } from "./corpus.ts";
import { checkoutOf } from "./memory-checkout.ts";

// A render starts a thread and compiles 28 MB: seconds where the machine is busy.
vi.setConfig({ testTimeout: 60_000 });

const renderer = openRenderer();
afterAll(() => renderer.close());

describe("a tree of the corpus renders to the objects that kubectl kustomize printed, in the same order", () => {
  it.for(readCorpus("trees"))("$name", async ({ files, overlay, expected }) => {
    const render = await renderer.render({ checkout: checkoutOf(files), overlay });
    if (render.type === "failed") throw new Error(render.reason);
    expect(render.resources.map(({ object }) => object)).toEqual(expected);
  });
});

describe("a tree that is not rendered says why, naming the file", () => {
  it.for(readCorpus("refusals"))("$name", async ({ files, overlay, failure }) => {
    const render = await renderer.render({ checkout: checkoutOf(files), overlay });
    expect(render).toMatchObject({ type: "failed", ...failure });
  });
});
