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
    const failed = await openBroken([0x00], 60_000).render(simple, ""); // unreachable
    expect(failed).toMatchObject({
      code: "RENDER_DIED",
      reason: "the renderer ended in the middle of the render",
    });
  });

  it("when it hangs: it is ended after its time, and the next one starts anew", async () => {
    const renderer = openBroken([0x03, 0x40, 0x0c, 0x00, 0x0b, 0x42, 0x00], 50); // loop, br 0
    for (let i = 0; i < 3; i++) {
      expect(await renderer.render(simple, "")).toMatchObject({
        code: "RENDER_TIMEOUT",
        reason: "not rendered within 0.05 s",
      });
    }
  });

  it("when it overflows the stack, and others render as before", async () => {
    const renderer = open({ workers: 1 });
    const [died, rendered] = await Promise.all([renderer.render(endless, ""), renderer.render(simple, "")]);
    expect(died).toMatchObject({
      code: "RENDER_DIED",
      reason: expect.stringContaining("overflowed the stack") as string,
    });
    expect(rendered).toMatchObject({ type: "rendered", resources: [{ key: { name: "a" } }] });
  });

  it("when its memory is full", async () => {
    const { folder, remove } = makeArtefact(withMaxPages(shippedModule(), 16));
    onTestFinished(remove);
    const files = {
      "kustomization.yaml": "configMapGenerator: [{ name: a, files: [a.txt] }]\n",
      "a.txt": "x".repeat(4 * 1024 * 1024),
    };
    expect(await open({ artefactFolder: folder }).render(checkoutOf(files), "")).toMatchObject({
      code: "RENDER_MEMORY",
    });
  });

  it("when the repository never answers", async () => {
    const stuck = { ...simple, readBlobs: () => new Promise<never>(() => undefined) };
    expect(await open({ timeoutMs: 50 }).render(stuck, "")).toMatchObject({ code: "RENDER_TIMEOUT" });
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
    expect(await renderer.render(checkout, "")).toMatchObject({ type: "rendered" });
  });

  it("and no reason shows a stack", async () => {
    const { reason } = (await open({ workers: 1 }).render(endless, "")) as { reason: string };
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
    await renderer.render(checkoutOf(polluter.files), polluter.overlay);
    const after = await renderer.render(checkoutOf(victim.files), victim.overlay);
    const alone = await open().render(checkoutOf(victim.files), victim.overlay);
    expect(after).toEqual(alone);
  });

  it("100 renders in random order give what each gave first", async () => {
    const first = new Map<string, string>();
    let seed = 7;
    const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
    for (let i = 0; i < 100; i++) {
      const tree = trees[random(trees.length)] ?? expect.fail("no tree");
      const json = JSON.stringify(await renderer.render(checkoutOf(tree.files), tree.overlay), (_, value: unknown) =>
        typeof value === "bigint" ? String(value) : value,
      );
      expect(json).toBe(first.get(tree.name) ?? json);
      first.set(tree.name, json);
    }
  });
});
