import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { readArtefact } from "../../../src/adapters/kustomize/artefact.ts";
import type { Render, RendererPort } from "../../../src/ports/renderer.ts";
import { openRenderer, shippedFolder } from "../../support/shipped-renderer.ts";
import { readCorpus } from "./corpus.ts";
import { makeArtefact, shippedModule } from "./fake-artefact.ts";
import { checkoutOf, type Files } from "./memory-checkout.ts";

// A render starts a thread and compiles 28 MB: seconds where the machine is busy.
vi.setConfig({ testTimeout: 60_000 });

const shop = {
  "base/kustomization.yaml": "resources: [a.yaml, nested]\n",
  "base/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n",
  "base/nested/kustomization.yml": "resources: [b.yaml]\n",
  "base/nested/b.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: b }\n",
  "base/unused.yaml": "unused",
  "prod/kustomization.yaml": "bases: [../base]\n",
  "other/kustomization.yaml": "resources: []\n",
};

const symlink: Files[string] = { link: "symlink" };

let folder = "";
let renderer: RendererPort;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "drift-renders-")), "cache");
  renderer = openRenderer({ workers: 1, cacheFolder: folder });
});
afterEach(async () => {
  await renderer.close();
  rmSync(join(folder, ".."), { recursive: true, force: true });
});

function render(files: Files, overlay = "prod"): Promise<Render> {
  return renderer.render({ checkout: checkoutOf(files), overlay });
}

/** Whether an answer for these files is there already. */
async function isCached(files: Files, overlay = "prod"): Promise<boolean> {
  const result = await render(files, overlay);
  return result.type === "rendered" && result.cached;
}

/** All but the files whose path begins so. */
function without(files: Files, prefix: string): Files {
  return Object.fromEntries(Object.entries(files).filter(([path]) => !path.startsWith(prefix)));
}

function onlyFile(): string {
  const [name, ...more] = readdirSync(folder);
  if (name === undefined || more.length > 0) throw new Error("there is not exactly one file");
  return join(folder, name);
}

describe("an answer is found again", () => {
  it("with the same resources, warnings and files", async () => {
    const fresh = await render(shop);
    expect(await render(shop)).toEqual({ ...fresh, cached: true });
    expect(fresh).toMatchObject({ cached: false, warnings: [expect.stringContaining("bases") as string] });
  });

  it("without reading a blob or starting the renderer", async () => {
    await render(shop);
    const { folder: artefactFolder, remove } = makeArtefact(undefined, readArtefact(shippedFolder).sha256);
    onTestFinished(remove);
    const checkout = checkoutOf(shop);
    const empty = openRenderer({ artefactFolder, cacheFolder: folder });
    expect(await empty.render({ checkout, overlay: "prod" })).toMatchObject({ type: "rendered", cached: true });
    expect(checkout.reads).toEqual([]);
    await expect(empty.render({ checkout, overlay: "other" })).rejects.toMatchObject({ code: "RENDERER_DAMAGED" });
  });

  it("and the renderer is started ahead only for an overlay that was never rendered", async () => {
    await render(shop);
    for (const [overlay, isStarted] of [
      ["other", true],
      ["prod", false],
    ] as const) {
      const { folder: artefactFolder, remove } = makeArtefact(undefined, readArtefact(shippedFolder).sha256);
      onTestFinished(remove);
      const ahead = openRenderer({ artefactFolder, cacheFolder: folder });
      onTestFinished(() => ahead.close());
      ahead.prepare([overlay]);
      // Whoever has started by now has found no module.
      writeFileSync(join(artefactFolder, "build", "kustomize.wasm"), shippedModule());
      const answer = ahead.render({ checkout: checkoutOf({ "other/kustomization.yaml": "namePrefix: a\n" }), overlay: "other" });
      if (isStarted) await expect(answer).rejects.toMatchObject({ code: "RENDERER_DAMAGED" });
      else expect(await answer).toMatchObject({ type: "rendered" });
    }
  });

  it("for each of several versions of the files, as branches have them", async () => {
    const versions = ["x-", "y-", "z-"].map((prefix) => ({
      ...shop,
      "prod/kustomization.yaml": `namePrefix: ${prefix}\nresources: [../base]\n`,
    }));
    for (const files of versions) expect(await isCached(files)).toBe(false);
    for (const files of versions) expect(await isCached(files)).toBe(true);
  });

  it("for as many variants as there are, and what every scan renders is never pushed out by them", async () => {
    await render(shop);
    const edited = (index: number) => ({ ...shop, "base/a.yaml": `${shop["base/a.yaml"]}# ${String(index)}\n` });
    const renderVariant = async (index: number) => {
      const end = await renderer.render({
        checkout: checkoutOf(edited(index)),
        overlay: "prod",
        variant: String(index),
      });
      return end.type === "rendered" && end.cached;
    };
    for (let index = 0; index < 12; index++) expect(await renderVariant(index)).toBe(false);
    for (let index = 0; index < 12; index++) expect(await renderVariant(index)).toBe(true);
    expect(await isCached(shop)).toBe(true);
    expect(await isCached(edited(3))).toBe(false);
  });

  it("for a variant that was what every scan rendered, as an older commit was", async () => {
    await render(shop);
    const end = await renderer.render({ checkout: checkoutOf(shop), overlay: "prod", variant: "4f2c91e" });
    expect(end).toMatchObject({ type: "rendered", cached: true });
  });

  it("not from another renderer", async () => {
    await render(shop);
    const { folder: artefactFolder, remove } = makeArtefact(undefined, "0".repeat(64));
    onTestFinished(remove);
    const other = openRenderer({ artefactFolder, cacheFolder: folder });
    await expect(other.render({ checkout: checkoutOf(shop), overlay: "prod" })).rejects.toMatchObject({ code: "RENDERER_DAMAGED" });
  });
});

describe("an answer depends on exactly what its render looked at", () => {
  it("each file that was read, and no other", async () => {
    await render(shop);
    const read = ["base/a.yaml", "base/kustomization.yaml", "base/nested/b.yaml", "base/nested/kustomization.yml"];
    for (const [path, content] of Object.entries(shop)) {
      const changed = { ...shop, [path]: `${content}# changed\n` };
      expect(await isCached(changed), path).toBe(![...read, "prod/kustomization.yaml"].includes(path));
    }
  });

  it.for([
    ["base/kustomization.yml", "resources: []\n"],
    ["base/nested/Kustomization", "resources: []\n"],
    ["prod/Kustomization", symlink],
  ] as const)("a file that was looked for in vain: %s", async ([path, content]) => {
    await render(shop);
    expect(await isCached({ ...shop, [path]: content })).toBe(false);
  });

  it.for([
    ["base/c.yaml", "x"],
    ["elsewhere", symlink],
    ["base/nested/deeper/kustomization.yaml", "x"],
  ] as const)("not a file that nothing asked for: %s", async ([path, content]) => {
    await render(shop);
    expect(await isCached({ ...shop, [path]: content })).toBe(true);
  });

  it("a folder that becomes a link, and a file that becomes a folder", async () => {
    await render(shop);
    expect(await isCached({ ...without(shop, "base/nested/"), "base/nested": symlink })).toBe(false);
    expect(await isCached({ ...without(shop, "base/a.yaml"), "base/a.yaml/x": "" })).toBe(false);
  });

  it("in every tree of the corpus: an answer that is found is the answer of a fresh render", async () => {
    const fresh = openRenderer({ workers: 1 });
    onTestFinished(() => fresh.close());
    const some = readCorpus("trees").filter((_, index) => index % 6 === 0);
    for (const { files, overlay, name } of some) {
      await render(files, overlay);
      for (const path of Object.keys(files)) {
        const less = without(files, path);
        const found = await render(less, overlay);
        if (found.type !== "rendered" || !found.cached) continue;
        expect({ ...found, cached: false }, `${name} without ${path}`).toEqual(
          await fresh.render({ checkout: checkoutOf(less), overlay }),
        );
      }
    }
  });
});

describe("a damaged cache is no cache", () => {
  it.for([
    ["a changed answer", (text: string) => text.replace('"name":"a"', '"name":"x"')],
    ["a changed closure", (text: string) => text.replace("base/a.yaml", "base/b.yaml")],
    ["a file cut off", (text: string) => text.slice(0, -20)],
    ["an empty file", () => ""],
    ["something else", () => "{}\n"],
  ] as const)("%s is deleted and counts as missing", async ([, damage]) => {
    const fresh = await render(shop);
    writeFileSync(onlyFile(), damage(readFileSync(onlyFile(), "utf8")));
    expect(await render(shop)).toEqual(fresh);
    expect(await render(shop)).toEqual({ ...fresh, cached: true });
  });

  it("an answer of another overlay does not count", async () => {
    await render(shop);
    const written = readFileSync(onlyFile());
    rmSync(onlyFile());
    await render(shop, "other");
    writeFileSync(onlyFile(), written);
    expect(await isCached(shop, "other")).toBe(false);
  });

  it("a folder that cannot be written is told once, and renders go on", async () => {
    const file = join(folder, "..", "file");
    writeFileSync(file, "");
    const warnings: string[] = [];
    const uncached = openRenderer({
      workers: 1,
      cacheFolder: join(file, "x"),
      onWarning: (text) => warnings.push(text),
    });
    onTestFinished(() => uncached.close());
    const first = await uncached.render({ checkout: checkoutOf(shop), overlay: "prod" });
    const second = await uncached.render({ checkout: checkoutOf(shop), overlay: "other" });
    expect([first.type, second.type]).toEqual(["rendered", "rendered"]);
    expect(warnings).toEqual([expect.stringContaining("not cached")]);
  });
});

describe("the folder", () => {
  it("can be read by its owner alone", async () => {
    await render(shop);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(onlyFile()).mode & 0o777).toBe(0o600);
  });

  it("keeps no failure and nothing half written", async () => {
    await render({ ...shop, "base/a.yaml": "a: [" });
    expect(readdirSync(join(folder, ".."))).toEqual([]);
    await render(shop);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it("does not grow for ever: the oldest files go when a run first writes", async () => {
    mkdirSync(folder);
    for (let i = 0; i < 4100; i++) writeFileSync(join(folder, `${String(i)}.render`), "");
    utimesSync(join(folder, "7.render"), 1, 1);
    // As a file that another process removed after the folder was listed.
    symlinkSync(join(folder, "gone"), join(folder, "8.link"));
    await render(shop);
    const names = readdirSync(folder);
    expect(names.length).toBeLessThanOrEqual(4097);
    expect(names).not.toContain("7.render");
    expect(names).not.toContain("8.link");
    expect(await isCached(shop)).toBe(true);
  });

  it("does not grow beyond its bytes either", async () => {
    mkdirSync(folder);
    for (const [name, time] of [
      ["new", 3],
      ["old", 2],
      ["oldest", 1],
    ] as const) {
      const file = join(folder, `${name}.render`);
      writeFileSync(file, "");
      // Takes no room on the disk.
      truncateSync(file, 900 * 1024 ** 2);
      utimesSync(file, time, time);
    }
    await render(shop);
    const names = readdirSync(folder);
    expect(names).toContain("old.render");
    expect(names).not.toContain("oldest.render");
  });
});
