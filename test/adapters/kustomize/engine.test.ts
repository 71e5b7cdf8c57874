import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { createEngineRenderer } from "../../../src/adapters/kustomize/engine-renderer.ts";
import type { Rendered, RendererPort, RenderRequest } from "../../../src/ports/renderer.ts";
import { openRenderer } from "../../support/shipped-renderer.ts";
import { readCorpus } from "./corpus.ts";
import { answering, kubectl, makeFolder, optionsFor, standIn } from "./engine-stand-in.ts";
import { checkoutOf } from "./memory-checkout.ts";

// A render starts a thread and compiles 28 MB, and each run of kubectl is a process: seconds where the machine is busy.
vi.setConfig({ testTimeout: 60_000 });

const builtin = openRenderer();
/** The renderer that ships, closed once for all that use it. */
const inner: RendererPort = {
  version: builtin.version,
  prepare: () => undefined,
  render: (request) => builtin.render(request),
  close: () => Promise.resolve(),
};
afterAll(() => builtin.close());

async function rendered(renderer: RendererPort, request: RenderRequest): Promise<Rendered> {
  const render = await renderer.render(request);
  if (render.type === "failed") throw new Error(`${render.code}: ${render.reason}`);
  return render;
}

function readLines(file: string): readonly string[] {
  return readFileSync(file, "utf8").trimEnd().split("\n");
}

const onWarning = (message: string) => {
  throw new Error(message);
};
const without = kubectl === undefined ? " (skipped: no kubectl)" : "";
const env = { PATH: process.env["PATH"] };

describe.skipIf(kubectl === undefined)(`kubectl as the engine${without}`, () => {
  const opened = kubectl === undefined ? undefined : createEngineRenderer({ engine: "kubectl", env, inner, onWarning });
  const open = async () => (await opened) ?? expect.fail("no kubectl");

  it("tells both versions", async () => {
    expect((await open()).version).toMatch(/^\d+\.\d+\.\d+ \(kubectl 1\.\d+\.\d+\S*\)$/);
  });

  describe("gives for a tree of the corpus exactly what the renderer inside gives", () => {
    it.for(readCorpus("trees"))("$name", async ({ files, overlay }) => {
      const request = { checkout: checkoutOf(files), overlay };
      const { warnings, ...expected } = await rendered(inner, request);
      const { warnings: more, ...actual } = await rendered(await open(), request);
      expect(actual).toEqual({ ...expected, cached: false });
      expect(more.slice(0, warnings.length)).toEqual(warnings);
    });
  });

  describe("refuses what the renderer inside refuses, in the same words", () => {
    it.for(readCorpus("refusals"))("$name", async ({ files, overlay, failure }) => {
      const render = await (await open()).render({ checkout: checkoutOf(files), overlay });
      expect(render).toMatchObject({ type: "failed", ...failure });
    });
  });

  it("gives what the deployer adds too", async () => {
    const checkout = checkoutOf({
      "prod/kustomization.yaml": "resources: [a.yaml]\n",
      "prod/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n",
    });
    const request = { checkout, overlay: "prod", transform: { namespace: "shop", namePrefix: "x-" } };
    const render = await rendered(await open(), request);
    expect(render.resources.map(({ key }) => key)).toEqual([
      { group: "", kind: "ConfigMap", namespace: "shop", name: "x-a" },
    ]);
    expect(render).toEqual({ ...(await rendered(inner, request)), cached: false });
  });

  it("asks for no remote base", async () => {
    const openBase = vi.fn();
    const files = { "kustomization.yaml": "resources: ['https://github.com/acme/base?ref=v1']\n" };
    const render = await (await open()).render({ checkout: checkoutOf(files), overlay: "", openBase });
    expect(render).toMatchObject({ type: "failed", code: "RENDER_REFUSED" });
    expect(openBase).not.toHaveBeenCalled();
  });

  it("says in Kustomize's words why it fails, without the folder it worked in and without quoted patches", async () => {
    const secret = "hunter2-hunter2-hunter2-hunter2-hunter2-hunter2";
    const files = {
      "a/kustomization.yaml": `resources: [b.yaml]\npatches: [{ patch: "- ${secret}" }]\n`,
      "a/b.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n",
    };
    const optimist = answering([], Object.keys(files));
    const renderer = await createEngineRenderer({ engine: "kubectl", env, inner: optimist, onWarning });
    const render = await renderer.render({ checkout: checkoutOf(files), overlay: "a" });
    expect(render).toMatchObject({ type: "failed", code: "RENDER_FAILED" });
    const { reason } = render as { reason: string };
    expect(reason).toMatch(/^kubectl 1\.\S+ ended with exit code 1: .*patch/);
    expect(reason).not.toMatch(/hunter2|drift-engine/);
  });
});

describe.skipIf(kubectl === undefined)(`kustomize as the engine${without}`, () => {
  it("is asked to build, and gives what the renderer inside gives", async () => {
    const binary = standIn(`[ "$1" = build ] || exit 1; shift; exec ${kubectl ?? ""} kustomize "$@"`);
    const renderer = await createEngineRenderer(optionsFor(binary, inner));
    expect(renderer.version).toBe("5.5.0");
    const names = ["istio", "components", "root-overlay", "secret-generator"];
    for (const { files, overlay } of readCorpus("trees").filter(({ name }) => names.includes(name))) {
      const request = { checkout: checkoutOf(files), overlay };
      const { resources } = await rendered(renderer, request);
      expect(resources).toEqual((await rendered(inner, request)).resources);
    }
  });

  it("is not asked again for files it has seen, unless it is another one, and no Secret is stored", async () => {
    const cacheFolder = makeFolder();
    const count = `${makeFolder()}/runs`;
    const body = `echo run >> ${count}; exec ${kubectl ?? ""} kustomize .`;
    const binary = standIn(body);
    const tree = readCorpus("trees").find(({ name }) => name === "secret-resource") ?? expect.fail("no tree");
    const request = { checkout: checkoutOf(tree.files), overlay: tree.overlay };
    const open = (path: string) => createEngineRenderer(optionsFor(path, inner, { cacheFolder }));
    const first = await rendered(await open(binary), request);
    const second = await rendered(await open(binary), request);
    expect(second).toEqual(first);
    expect(readLines(count)).toHaveLength(1);
    await rendered(await open(standIn(`${body} # another`)), request);
    expect(readLines(count)).toHaveLength(2);
    await rendered(await open(standIn(body, "echo v5.6.0")), request);
    expect(readLines(count)).toHaveLength(3);
    const stored = readdirSync(cacheFolder).map((name) => readFileSync(join(cacheFolder, name), "utf8"));
    expect(stored).toHaveLength(3);
    expect(stored.join("\n")).toContain('"Secret"');
    expect(stored.join("\n")).not.toMatch(/"(?:data|stringData)"/);
  });
});
