import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { readArtefact } from "../../../src/adapters/kustomize/artefact.ts";
import { openRenderer, shippedFolder } from "../../support/shipped-renderer.ts";
import { makeArtefact, shippedModule } from "./fake-artefact.ts";
import { checkoutOf } from "./memory-checkout.ts";

// A render starts a thread and compiles 28 MB: seconds where the machine is busy.
vi.setConfig({ testTimeout: 60_000 });

const simple = checkoutOf({ "kustomization.yaml": "namePrefix: a\n" });

async function renderWith(module: Uint8Array | undefined, sha256?: string) {
  const { folder, remove } = makeArtefact(module, sha256);
  const renderer = openRenderer({ artefactFolder: folder });
  onTestFinished(async () => {
    await renderer.close();
    remove();
  });
  return renderer.render({ checkout: simple, overlay: "" });
}

it("a missing renderer stops the run and says what to do", async () => {
  await expect(renderWith(undefined)).rejects.toMatchObject({
    code: "RENDERER_DAMAGED",
    message: expect.stringContaining("kustomize.wasm") as string,
    hint: expect.stringContaining("npm run build") as string,
  });
});

it("a renderer that is cut off stops the run", async () => {
  const module = shippedModule();
  await expect(renderWith(module.subarray(0, module.length / 2))).rejects.toMatchObject({
    code: "RENDERER_DAMAGED",
  });
});

it("a renderer with another digest stops the run, although it works", async () => {
  await expect(renderWith(shippedModule(), "0".repeat(64))).rejects.toMatchObject({
    code: "RENDERER_DAMAGED",
    details: [`expected SHA-256 ${"0".repeat(64)}`, expect.stringMatching(/^found {4}SHA-256 [0-9a-f]{64}$/) as string],
  });
});

it("a missing or empty description stops the run", () => {
  const { folder, remove } = makeArtefact(undefined, "");
  onTestFinished(remove);
  expect(() => readArtefact(join(folder, "build"))).toThrow(expect.objectContaining({ code: "RENDERER_DAMAGED" }));
});

it("the renderer gets nothing but stubs and four questions about commits", () => {
  const wanted = WebAssembly.Module.imports(new WebAssembly.Module(shippedModule()));
  const rooms = new Map<string, Set<string>>();
  for (const { module, name } of wanted) rooms.set(module, (rooms.get(module) ?? new Set()).add(name));
  expect(Object.fromEntries([...rooms].map(([room, names]) => [room, [...names].sort()]))).toEqual({
    drift: ["base", "kind", "read", "take"],
    wasi_snapshot_preview1: [
      ...["args_get", "args_sizes_get", "clock_time_get", "environ_get", "environ_sizes_get", "fd_close"],
      ...["fd_fdstat_get", "fd_fdstat_set_flags", "fd_filestat_get", "fd_prestat_dir_name"],
      ...["fd_prestat_get", "fd_read", "fd_readdir", "fd_write", "path_create_directory"],
      ...["path_filestat_get", "path_open", "path_readlink", "path_remove_directory", "path_unlink_file"],
      ...["poll_oneoff", "proc_exit", "random_get", "sched_yield"],
    ],
  });
});

it("the host has no file, network, process or WASI of Node's own", () => {
  for (const file of ["wasm-host.mjs", "render-worker.mjs", "tree-lookup.mjs"]) {
    const source = readFileSync(new URL(`../../../src/adapters/kustomize/${file}`, import.meta.url), "utf8");
    const imported = [...source.matchAll(/from "(node:[^"]+)"/g)].map(([, name]) => name);
    expect(imported.filter((name) => name !== "node:crypto" && name !== "node:worker_threads")).toEqual([]);
    expect(source).not.toMatch(/await import\(|\brequire\(|\bfetch\(|process\.(env|binding|dlopen)/);
  }
});

it("its description names the modules, and the notice their licences", () => {
  const folder = shippedFolder;
  const notice = readFileSync(join(folder, "NOTICE"), "utf8");
  for (const [, path, version] of readFileSync(join(folder, "go.mod"), "utf8").matchAll(
    /^\t(sigs\.k8s\.io\/\S+) (\S+)$/gm,
  )) {
    expect(notice).toContain(`${String(path)} ${String(version)}`);
  }
});
