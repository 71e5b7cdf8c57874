import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Render, RendererPort } from "../../../src/ports/renderer.ts";
import { openRenderer } from "../../support/shipped-renderer.ts";
import { checkoutOf, type Files } from "./memory-checkout.ts";
import { base, configMap, opener, prod, type Remotes, resources } from "./remotes.ts";

// A render starts a thread and compiles 28 MB: seconds where the machine is busy.
vi.setConfig({ testTimeout: 60_000 });

function render(files: Files, remotes: Remotes, by: RendererPort): Promise<Render> {
  return by.render({ checkout: checkoutOf(files), overlay: "prod", openBase: opener(remotes).openBase });
}

describe("a cached answer depends on the commits of its bases", () => {
  let folder = "";
  let cached: RendererPort;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "drift-bases-"));
    cached = openRenderer({ workers: 1, cacheFolder: folder });
  });
  afterAll(async () => {
    await cached.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const files = prod(`${base}?ref=main`);
  const version = (name: string) => ({ "kustomization.yaml": resources("a.yaml"), "a.yaml": configMap(name) });
  const renderAt = (name: string) => render(files, { [`${base}@main`]: version(name) }, cached);

  it("it is used while they are the same, without reading a blob of theirs", async () => {
    const fresh = await renderAt("one");
    const { openBase, asked, checkouts } = opener({ [`${base}@main`]: version("one") });
    const again = await cached.render({ checkout: checkoutOf(files), overlay: "prod", openBase });
    expect(again).toEqual({ ...fresh, cached: true });
    expect(asked).toEqual([{ written: `${base}?ref=main`, repository: base, ref: "main", folder: "" }]);
    expect(checkouts.get(`${base}@main`)?.reads).toEqual([]);
  });

  it("it is not used once a base has moved, and each base is asked for once", async () => {
    await renderAt("one");
    const { openBase, asked } = opener({ [`${base}@main`]: version("two") });
    const moved = await cached.render({ checkout: checkoutOf(files), overlay: "prod", openBase });
    expect(moved).toMatchObject({ cached: false, resources: [{ key: { name: "two" } }] });
    expect(asked).toHaveLength(1);
    expect(await renderAt("one")).toMatchObject({ cached: true, resources: [{ key: { name: "one" } }] });
  });

  it("it is refused where its base is refused now", async () => {
    await renderAt("one");
    expect(await render(files, {}, cached)).toMatchObject({
      code: "REVISION_NOT_FOUND",
      reason: "prod/kustomization.yaml, resources[0]: there is no main",
    });
    expect(await cached.render({ checkout: checkoutOf(files), overlay: "prod" })).toMatchObject({
      code: "RENDER_REFUSED",
    });
  });
});
