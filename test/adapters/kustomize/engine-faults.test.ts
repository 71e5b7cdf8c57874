import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import {
  createEngineRenderer,
  type EngineRendererOptions,
} from "../../../src/adapters/kustomize/engine-renderer.ts";
import type { Render } from "../../../src/ports/renderer.ts";
import { answering, kubectl, makeFolder, optionsFor, print, standIn } from "./engine-stand-in.ts";
import { checkoutOf } from "./memory-checkout.ts";
import { isGone } from "../../support/is-gone.ts";

// Each run is some processes: seconds where the machine is busy.
vi.setConfig({ testTimeout: 60_000 });

const one = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "one" }, data: { a: "1", b: "2\n3\n" } };
const two = { apiVersion: "v1", kind: "Service", metadata: { name: "two" }, spec: { ports: [{ port: 1 }, { port: 2 }] } };
const printedOne = "apiVersion: v1\ndata:\n  a: \"1\"\n  b: |\n    2\n    3\nkind: ConfigMap\nmetadata:\n  name: one\n";
const printedTwo =
  "apiVersion: v1\nkind: Service\nmetadata:\n  name: two\nspec:\n  ports:\n  - port: 1\n  - port: 2\n";
const printed = `${printedOne}---\n${printedTwo}`;
const checkout = checkoutOf({ "kustomization.yaml": "resources: []\n", "secret.txt": "not of this overlay" });

/** What comes of a script that takes the place of Kustomize for an overlay of `one` and `two`. */
async function renderWith(body: string, more: Partial<EngineRendererOptions> = {}): Promise<Render> {
  const renderer = await createEngineRenderer(optionsFor(standIn(body), answering([one, two]), more));
  try {
    return await renderer.render({ checkout, overlay: "" });
  } finally {
    await renderer.close();
  }
}

describe("an engine that works", () => {
  it("gives its objects, and its warnings without what is known of them", async () => {
    const render = await renderWith(`echo "# Warning: 'vars' is deprecated." >&2\n${print(printed)}`);
    expect(render).toMatchObject({
      type: "rendered",
      resources: [{ object: one }, { object: two }],
      warnings: ["'vars' is deprecated."],
      cached: false,
    });
  });

  it("may differ in a field", async () => {
    const render = await renderWith(print(printed.replace('a: "1"', 'a: "other"')));
    expect(render).toMatchObject({ type: "rendered", resources: [{ object: { data: { a: "other" } } }, {}] });
  });

  it("may give nothing where there is nothing", async () => {
    const renderer = await createEngineRenderer(optionsFor(standIn("exit 0"), answering([])));
    expect(await renderer.render({ checkout, overlay: "" })).toMatchObject({ type: "rendered", resources: [] });
  });

  it("sees the files of the overlay only, in a folder that is gone afterwards, and nothing of our environment", async () => {
    const seen = join(makeFolder(), "seen");
    vi.stubEnv("DRIFT_CANARY", "canary");
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const script = `{ pwd; echo "$1,$2,$#"; echo *; echo "$PATH" "$PATH"/*; ulimit -v; export -p; } > ${seen}\n${print(printed)}`;
    expect(await renderWith(script, { env: { PATH: "/usr/bin", CANARY: "canary" } })).toMatchObject({ type: "rendered" });
    const [folder = "", args, files, path, memory, ...rest] = readFileSync(seen, "utf8").split("\n");
    const root = folder.replace(/\/tree$/, "");
    expect([args, files, path]).toEqual(["build,.,2", "kustomization.yaml", `${root}/empty ${root}/empty/*`]);
    // macOS knows no such limit.
    if (process.platform === "linux") expect(memory).toBe(String(4 * 1024 * 1024));
    expect(rest.join("\n")).not.toContain("canary");
    expect(existsSync(root)).toBe(false);
  });
});

describe("an engine that ends well with less than all is not relied on", () => {
  it.for([
    ["half of the objects", printedOne, "it is without Service/two, unlike the render of drift itself"],
    ["another object", `${printed}---\n${printedOne.replace("name: one", "name: x")}`, "it is with ConfigMap/x"],
    ["an object twice", `${printed}---\n${printedOne}`, "it has an object twice"],
    ["nothing", "", "it is without ConfigMap/one, Service/two"],
    ["half a line", printed.slice(0, -3), "its last line has no line break"],
    ["half an object", printed.slice(0, printed.indexOf("spec:")), "Service/two, ends before spec"],
    ["a key without its value", printed.slice(0, printed.indexOf("  ports:")), "ends before spec"],
    ["half a list", printed.slice(0, printed.indexOf("  - port: 2")), "ends before spec.ports[1]"],
    ["half a text", `${printedTwo}---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: one\ndata:\n  a: "1"\n  b: |\n    2\n`, "ends before data.b"],
    ["no YAML", "a: b: c\n", "(line 1)"],
    ["something else", "hello\n", "line 1"],
    ["no text", "\\377\\376\n", "UTF-8"],
  ] as const)("%s", async ([, text, reason]) => {
    const body = text.startsWith("\\") ? `printf '${text}'` : print(text);
    expect(await renderWith(body)).toMatchObject({
      type: "failed",
      code: "RENDER_OUTPUT_INVALID",
      reason: expect.stringContaining(reason) as string,
    });
  });

  it("one that writes to standard error only", async () => {
    expect(await renderWith("echo all is well >&2")).toMatchObject({ code: "RENDER_OUTPUT_INVALID" });
  });

  it("and what it printed is not kept", async () => {
    const cacheFolder = join(makeFolder(), "renders");
    await renderWith(print(printedOne), { cacheFolder });
    expect(existsSync(cacheFolder)).toBe(false);
  });
});

describe("an engine that fails is one failed overlay", () => {
  it("when it ends with a message: without our folder, colours and passwords", async () => {
    const body = `printf 'E1121 17:09:01.327950    4875 run.go:72] first\\nError: \\033[31mno %s/base at https://me:pass@example.com/x\\n' "$PWD" >&2; exit 1`;
    expect(await renderWith(body)).toMatchObject({
      code: "RENDER_FAILED",
      reason: "kustomize 5.5.0 ended with exit code 1: first Error: no tree/base at https://example.com/x",
    });
  });

  it("when it ends without a word, even with the right output", async () => {
    expect(await renderWith(`${print(printed)}; exit 7`)).toMatchObject({
      code: "RENDER_FAILED",
      reason: "kustomize 5.5.0 ended with exit code 7: it wrote nothing about it",
    });
  });

  it("when its memory is full", async () => {
    const body = `echo 'fatal error: runtime: out of memory' >&2; echo 'goroutine 1 [running]:' >&2; exit 2`;
    expect(await renderWith(body)).toMatchObject({ code: "RENDER_MEMORY" });
  });

  it("when it panics: without its stack", async () => {
    const body = `printf 'panic: oh no\\n\\ngoroutine 1 [running]:\\nmain.go:1\\n' >&2; exit 2`;
    expect(await renderWith(body)).toMatchObject({
      code: "RENDER_FAILED",
      reason: "kustomize 5.5.0 ended with exit code 2: panic: oh no",
    });
  });

  it("when it hangs", async () => {
    expect(await renderWith("while :; do :; done", { timeoutMs: 300 })).toMatchObject({
      code: "RENDER_TIMEOUT",
      reason: "kustomize 5.5.0 was not done within 0.3 s",
    });
  });

  it("when it prints without end", async () => {
    const body = "while :; do echo 'a: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'; done";
    expect(await renderWith(body, { maxOutputBytes: 1024 * 1024 })).toMatchObject({
      code: "RENDER_OUTPUT_INVALID",
      reason: "the output is larger than 1 MiB",
    });
  });

  it("when it complains without end", async () => {
    const body = "while :; do echo 'Error: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' >&2; done";
    expect(await renderWith(body, { timeoutMs: 300 })).toMatchObject({ code: "RENDER_TIMEOUT" });
  });

  it("when it is killed", async () => {
    expect(await renderWith("kill -9 $$")).toMatchObject({ code: "RENDER_DIED" });
  });

  it("when it is gone since it was found", async () => {
    const binary = standIn(print(printed));
    const renderer = await createEngineRenderer(optionsFor(binary, answering([one, two])));
    writeFileSync(binary, "");
    expect(await renderer.render({ checkout, overlay: "" })).toMatchObject({ code: "RENDER_OUTPUT_INVALID" });
  });

  it("when drift closes meanwhile, which takes no longer than ending it", async () => {
    const renderer = await createEngineRenderer(optionsFor(standIn("while :; do :; done"), answering([one])));
    const render = renderer.render({ checkout, overlay: "" });
    await vi.waitFor(() => renderer.close());
    expect(await render).toMatchObject({ code: "RENDER_DIED" });
  });

  it("when the repository cannot be read", async () => {
    const broken = { ...checkout, readBlobs: () => Promise.reject(new Error("no such blob")) };
    const renderer = await createEngineRenderer(optionsFor(standIn(print(printed)), answering([one, two])));
    expect(await renderer.render({ checkout: broken, overlay: "" })).toMatchObject({
      code: "RENDER_FAILED",
      reason: "the files of the overlay cannot be given to kustomize 5.5.0: no such blob",
    });
  });
});

describe("an engine reaches nothing but its files", () => {
  it("no child of it is left", async () => {
    const file = join(makeFolder(), "pid");
    const render = await renderWith(`/bin/sleep 600 & echo $! > ${file}; ${print(printed)}`);
    expect(render).toMatchObject({ type: "rendered" });
    expect(await isGone(Number(readFileSync(file, "utf8")))).toBe(true);
  });

  it("it finds no git", async () => {
    const decoy = makeFolder();
    const marker = join(decoy, "was-run");
    writeFileSync(join(decoy, "git"), `#!/bin/sh\necho "$@" >> ${marker}\n`, { mode: 0o700 });
    const env = { PATH: `${decoy}:/usr/bin:/bin` };
    const body = `git fetch --x 2> /dev/null; ${print(printed)}`;
    expect(await renderWith(body, { env })).toMatchObject({ type: "rendered" });
    expect(existsSync(marker)).toBe(false);
  });

  const hasNamespaces = spawnSync("/usr/bin/unshare", ["--user", "--map-root-user", "--net", "--", "/bin/sh", "-c", ":"]).status === 0;
  const skipped = [kubectl === undefined && "no kubectl", !hasNamespaces && "no user namespaces"].filter(Boolean);

  it.skipIf(skipped.length > 0)(`kubectl fetches nothing, not even from here${skipped.length > 0 ? ` (skipped: ${skipped.join(", ")})` : ""}`, async () => {
    const onRequest = vi.fn();
    const server = createServer((_, response) => {
      onRequest();
      response.end(printed);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.close();
    });
    const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/x.yaml`;
    const files = { "kustomization.yaml": `resources: ["${url}"]\n` };
    // The renderer inside would refuse it.
    const options = optionsFor(kubectl ?? "", answering([one, two]), { engine: "kubectl" });
    const renderer = await createEngineRenderer(options);
    expect(await renderer.render({ checkout: checkoutOf(files), overlay: "" })).toMatchObject({ code: "RENDER_FAILED" });
    expect(onRequest).not.toHaveBeenCalled();
  });
});
