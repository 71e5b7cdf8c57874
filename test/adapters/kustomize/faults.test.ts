import { afterAll, afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { RendererPort } from "../../../src/ports/renderer.ts";
import { openRenderer } from "../../support/shipped-renderer.ts";
import { readCorpus } from "./corpus.ts";
import { makeArtefact, moduleThatRuns, shippedModule, withMaxPages } from "./fake-artefact.ts";
import { checkoutOf } from "./memory-checkout.ts";

// A render starts a thread and compiles 28 MB: seconds where the machine is busy.
vi.setConfig({ testTimeout: 60_000 });

const simple = checkoutOf({
  "kustomization.yaml": "resources: [a.yaml]\n",
  "a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n",
});
/** An anchor that contains itself: Kustomize follows it for ever. */
const endless = checkoutOf({
  "kustomization.yaml": "resources: [a.yaml]\n",
  "a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: &x { a: *x }\n",
});

const opened: RendererPort[] = [];
function open(...[options]: Parameters<typeof openRenderer>): RendererPort {
  const renderer = openRenderer(options);
  opened.push(renderer);
  return renderer;
}
afterEach(async () => {
  for (const renderer of opened.splice(0)) await renderer.close();
});

/** A renderer whose module does `body` instead of rendering. */
function openBroken(body: readonly number[], timeoutMs: number): RendererPort {
  const { folder, remove } = makeArtefact(moduleThatRuns(body));
  onTestFinished(remove);
  return open({ artefactFolder: folder, timeoutMs });
}

describe("a render that goes wrong is one failed overlay", () => {
  it("when the module traps", async () => {
    const failed = await openBroken([0x00], 60_000).render({ checkout: simple, overlay: "" }); // unreachable
    expect(failed).toMatchObject({
      code: "RENDER_DIED",
      reason: "the renderer ended in the middle of the render",
    });
  });

  it("when it hangs: it is ended after its time, and the next one starts anew", async () => {
    const renderer = openBroken([0x03, 0x40, 0x0c, 0x00, 0x0b, 0x42, 0x00], 50); // loop, br 0
    for (let i = 0; i < 3; i++) {
      expect(await renderer.render({ checkout: simple, overlay: "" })).toMatchObject({
        code: "RENDER_TIMEOUT",
        reason: "not rendered within 0.05 s",
      });
    }
  });

  it("when it overflows the stack, and others render as before", async () => {
    const renderer = open({ workers: 1 });
    const [died, rendered] = await Promise.all([renderer.render({ checkout: endless, overlay: "" }), renderer.render({ checkout: simple, overlay: "" })]);
    expect(died).toMatchObject({
      code: "RENDER_DIED",
      reason: expect.stringContaining("overflowed the stack") as string,
    });
    expect(rendered).toMatchObject({ type: "rendered", resources: [{ key: { name: "a" } }] });
  });

  it("when its memory is full", async () => {
    const { folder, remove } = makeArtefact(withMaxPages(shippedModule(), 16));
    onTestFinished(remove);
    const names = Array.from({ length: 12 }, (_, i) => `${String(i)}.txt`);
    const files = {
      "kustomization.yaml": `configMapGenerator: [{ name: a, files: [${names.join(", ")}] }]\n`,
      ...Object.fromEntries(names.map((name) => [name, "x".repeat(8 * 1024 * 1024)])),
    };
    expect(await open({ artefactFolder: folder }).render({ checkout: checkoutOf(files), overlay: "" })).toMatchObject({
      code: "RENDER_MEMORY",
    });
  });

  it("when the repository never answers", async () => {
    const stuck = { ...simple, readBlobs: () => new Promise<never>(() => undefined) };
    expect(await open({ timeoutMs: 50 }).render({ checkout: stuck, overlay: "" })).toMatchObject({ code: "RENDER_TIMEOUT" });
  });

  it("but not when it only waited for files while we were busy with something else", async () => {
    const checkout = {
      ...simple,
      readBlobs: (oids: readonly string[]) => {
        // What parses a large snapshot stops this thread, and with it every answer.
        const end = performance.now() + 600;
        while (performance.now() < end);
        return simple.readBlobs(oids);
      },
    };
    const renderer = open({ workers: 1, timeoutMs: 1_000 });
    expect(await renderer.render({ checkout, overlay: "" })).toMatchObject({ type: "rendered" });
  });

  it("and no reason shows a stack", async () => {
    const { reason } = (await open({ workers: 1 }).render({ checkout: endless, overlay: "" })) as { reason: string };
    expect(reason).not.toMatch(/goroutine|\n|0x|\.go:|wasm/);
  });
});

describe("renders do not depend on each other", () => {
  const trees = readCorpus("trees");
  const renderer = openRenderer({ workers: 1 });
  afterAll(() => renderer.close());

  it("a schema of one overlay does not reach the next", async () => {
    const named = (name: string) => trees.find((tree) => tree.name === name) ?? expect.fail(name);
    const [polluter, victim] = [named("openapi"), named("openapi-absent")];
    await renderer.render({ checkout: checkoutOf(polluter.files), overlay: polluter.overlay });
    const after = await renderer.render({ checkout: checkoutOf(victim.files), overlay: victim.overlay });
    const alone = await open().render({ checkout: checkoutOf(victim.files), overlay: victim.overlay });
    expect(after).toEqual(alone);
  });

  /** Trees that set the schema, which Kustomize keeps for the life of the process, and one that depends on it. */
  const touchy = ["openapi", "openapi-in-base", "openapi-absent"];

  it("in 100 random orders each gives what was recorded, and so does every other tree afterwards", async () => {
    const random = seededRandom(7);
    const some = trees.filter(({ name }) => touchy.includes(name));
    expect(some).toHaveLength(touchy.length);
    const orders = Array.from({ length: 100 }, () => shuffle(some, random));
    for (const { name, files, overlay, expected } of [...orders.flat(), ...shuffle(trees, random)]) {
      const render = await renderer.render({ checkout: checkoutOf(files), overlay });
      if (render.type === "failed") throw new Error(`${name}: ${render.reason}`);
      expect(
        render.resources.map(({ object }) => object),
        name,
      ).toEqual(expected);
    }
  });
});

/** Gives whole numbers below `below`, the same ones each time. */
function seededRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => (state = (state * 48271) % 2147483647) % below;
}

function shuffle<T>(items: readonly T[], random: (below: number) => number): T[] {
  const rest = [...items];
  return items.flatMap(() => rest.splice(random(rest.length), 1));
}
