import { afterAll, describe, expect, it, vi } from "vitest";
import { DriftError } from "../../../src/lib/errors.ts";
import { countWorkers } from "../../../src/adapters/kustomize/renderer.ts";
import type { Render, Rendered } from "../../../src/ports/renderer.ts";
import { openRenderer } from "../../support/shipped-renderer.ts";
import { checkoutOf, type Files } from "./memory-checkout.ts";

// A render starts a thread and compiles 28 MB: seconds where the machine is busy.
vi.setConfig({ testTimeout: 60_000 });

const renderer = openRenderer({ workers: 1 });
afterAll(() => renderer.close());

const configMap = (name: string, more = "") =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\n${more}`;

function render(files: Files, overlay: string): Promise<Render> {
  return renderer.render({ checkout: checkoutOf(files), overlay });
}

async function rendered(files: Files, overlay: string): Promise<Rendered> {
  const result = await render(files, overlay);
  if (result.type === "failed") throw new Error(result.reason);
  return result;
}

const shop = {
  "base/kustomization.yaml": "resources: [a.yaml, b.yaml]\nconfigMapGenerator: [{ name: c, literals: [x=y] }]\n",
  "base/a.yaml": configMap("a"),
  "base/b.yaml": configMap("b"),
  "base/unused.yaml": configMap("unused"),
  "prod/kustomization.yaml":
    "namePrefix: p-\nresources: [../base]\npatches:\n- target: { name: a }\n  patch: '- {op: add, path: /data, value: {k: v}}'\n",
};

describe("what a render tells", () => {
  it("names the file of each object, and only the kustomizations that changed it, in order", async () => {
    const { resources } = await rendered(shop, "prod");
    const told = resources.map(({ key, provenance }) => [key.name.replace(/-[0-9a-z]{10}$/, ""), provenance]);
    const prefix = { file: "prod/kustomization.yaml", by: "PrefixTransformer" };
    expect(Object.fromEntries(told)).toEqual({
      "p-a": {
        file: "base/a.yaml",
        changedBy: [{ file: "prod/kustomization.yaml", by: "PatchTransformer" }, prefix],
      },
      "p-b": { file: "base/b.yaml", changedBy: [prefix] },
      "p-c": { file: "base/kustomization.yaml", changedBy: [prefix] },
    });
  });

  it("tells the same where the overlay asks for annotations about origin itself", async () => {
    const asking = {
      ...shop,
      "prod/kustomization.yaml": `${shop["prod/kustomization.yaml"]}buildMetadata: [originAnnotations, transformerAnnotations]\n`,
    };
    const [plain, asked] = [await rendered(shop, "prod"), await rendered(asking, "prod")];
    expect(asked.resources).toEqual(plain.resources);
  });

  it("lists every file that was read and no other", async () => {
    const { files, cached } = await rendered(shop, "prod");
    expect(files).toEqual(["base/a.yaml", "base/b.yaml", "base/kustomization.yaml", "prod/kustomization.yaml"]);
    expect(cached).toBe(false);
  });

  it("reads from Git only what Kustomize reads, and each blob once for all overlays", async () => {
    const checkout = checkoutOf({ ...shop, "test/kustomization.yaml": "nameSuffix: -t\nresources: [../base]\n" });
    await renderer.render({ checkout, overlay: "prod" });
    await renderer.render({ checkout, overlay: "test" });
    expect(new Set(checkout.reads).size).toBe(checkout.reads.length);
    expect(checkout.reads).not.toContain(checkout.tree.get("base/unused.yaml")?.oid);
  });

  it("passes on what Kustomize warns about, with the kustomization that is meant", async () => {
    const { warnings } = await rendered({ ...shop, "kustomization.yaml": "bases: [base]\n" }, "");
    expect(warnings).toEqual([expect.stringContaining("kustomization.yaml: 'bases' is deprecated")]);
  });

  it("keeps integers that a double cannot hold", async () => {
    const { resources } = await rendered(
      { "kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": configMap("a", "big: 9007199254740993\nsmall: 1\n") },
      "",
    );
    expect(resources[0]?.object).toMatchObject({ big: 9007199254740993n, small: 1 });
  });

  it("keeps keys that JavaScript has names for", async () => {
    const { resources } = await rendered(
      { "kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": configMap("a", "data: { __proto__: x, constructor: y }\n") },
      "",
    );
    expect(Object.keys(resources[0]?.object["data"] as object).sort()).toEqual(["__proto__", "constructor"]);
  });

  it("knows the version of Kustomize", () => {
    expect(renderer.version).toMatch(/^\d+\.\d+\.\d+$/);
  });
});

describe("an overlay that is not there", () => {
  it("is reported with the nearest overlays of the commit", async () => {
    const files = Object.fromEntries(
      ["overlays/prod/eu1", "overlays/prod/us1", "overlays/test/eu1", "base", "other/a", "other/b", "x"].map(
        (folder) => [`${folder}/kustomization.yaml`, "resources: []\n"],
      ),
    );
    const result = await render(files, "overlays/prod/eu2");
    expect(result).toMatchObject({
      code: "OVERLAY_NOT_FOUND",
      reason: 'no folder "overlays/prod/eu2" in the repository at this commit',
    });
    expect(result).toMatchObject({
      hint: expect.stringMatching(/^Folders with a kustomization\.yaml: overlays\/prod\/eu1, overlays\/prod\/us1, .* and 2 more$/) as string,
    });
  });

  it("is told from a folder without a kustomization", async () => {
    expect(await render({ "a/b.yaml": "" }, "a")).toMatchObject({
      code: "OVERLAY_NOT_FOUND",
      reason: 'no kustomization.yaml in "a"',
      hint: "No folder of this commit has a kustomization.yaml.",
    });
  });

  it.for(["/prod", "../prod", "prod/..", "./prod", "prod/", "prod//x", "a\0b"])(
    "is no path inside the repository: %j",
    async (overlay) => {
      expect(await render(shop, overlay)).toMatchObject({
        code: "OVERLAY_NOT_FOUND",
        reason: expect.stringContaining("is not a path of a folder") as string,
      });
    },
  );

  it.for(["symlink", "submodule"] as const)("is refused where it is, or is below, a %s", async (link) => {
    for (const overlay of ["link", "link/below"]) {
      expect(await render({ ...shop, link: { link } }, overlay)).toMatchObject({ code: "RENDER_REFUSED" });
    }
  });
});

it("can be closed while it starts ahead of its jobs", async () => {
  const early = openRenderer();
  early.prepare(["a", "b", "c"]);
  await early.close();
});

it("that is closed starts nothing any more: neither what waits nor what comes", async () => {
  const closing = openRenderer({ workers: 1 });
  let isAsked: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    isAsked = resolve;
  });
  const stuck = {
    ...checkoutOf(shop),
    readBlobs: () => {
      isAsked();
      return new Promise<never>(() => undefined);
    },
  };
  const running = closing.render({ checkout: stuck, overlay: "prod" });
  const waiting = Promise.allSettled([closing.render({ checkout: stuck, overlay: "base" }), closing.render({ checkout: stuck, overlay: "prod" })]);
  await asked;
  await closing.close();
  const rejected = {
    status: "rejected",
    reason: expect.objectContaining({ message: expect.stringContaining("closed") as string }) as Error,
  };
  expect(await running).toMatchObject({ code: "RENDER_DIED" });
  expect(await waiting).toEqual([rejected, rejected]);
  expect(await Promise.allSettled([closing.render({ checkout: stuck, overlay: "prod" })])).toEqual([rejected]);
});

it.for([
  [undefined, 8, 2],
  [undefined, 1, 1],
  [64, 2, 2],
  [3, 8, 3],
] as const)("renders with %s threads asked for, on %i processors, in %i", ([wanted, processors, count]) => {
  expect(countWorkers(wanted, processors)).toBe(count);
});

describe("limits", () => {
  it("refuses a file that is too large, naming it and the limit, only where it is read", async () => {
    const small = openRenderer({ workers: 1, maxFileBytes: 100 });
    const files = {
      "kustomization.yaml": "resources: [a.yaml]\n",
      "a.yaml": configMap("a", `data: { x: ${"y".repeat(200)} }\n`),
      "b/kustomization.yaml": "resources: [b.yaml]\n",
      "b/b.yaml": configMap("b"),
    };
    expect(await small.render({ checkout: checkoutOf(files), overlay: "" })).toMatchObject({
      code: "RENDER_REFUSED",
      reason: "a.yaml: it is larger than 100 bytes, the most that is read",
    });
    expect(await small.render({ checkout: checkoutOf(files), overlay: "b" })).toMatchObject({ type: "rendered" });
    await small.close();
  });

  it("refuses an output that is too large", async () => {
    const small = openRenderer({ workers: 1, maxOutputBytes: 1024 * 1024 });
    const files = {
      "kustomization.yaml": "configMapGenerator: [{ name: a, files: [a.txt] }]\n",
      "a.txt": "x".repeat(1024 * 1024),
    };
    expect(await small.render({ checkout: checkoutOf(files), overlay: "" })).toMatchObject({
      code: "RENDER_OUTPUT_INVALID",
      reason: "the output is larger than 1 MiB",
    });
    await small.close();
  });

  it("refuses an object that patches nest deeper than any file may", async () => {
    const levels = 400;
    const path = (depth: number) => `/data${"/a".repeat(depth)}`;
    const patch = Array.from({ length: levels }, (_, i) => ({ op: "add", path: path(i + 1), value: {} }));
    const files = {
      "kustomization.yaml": "resources: [a.yaml]\npatches: [{ path: deep.json, target: { kind: Sidecar } }]\n",
      "a.yaml": "apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: { name: a }\ndata: {}\n",
      "deep.json": JSON.stringify(patch),
    };
    expect(await render(files, "")).toMatchObject({
      code: "RENDER_OUTPUT_INVALID",
      reason: "Sidecar/a nests deeper than 100 levels",
    });
  });

  it.for([
    ["nests too deeply", `a: ${"[".repeat(200)}`, "none nests that deep"],
    ["uses its anchors too often", `a: &a x\nb: [${"*a, ".repeat(101)}]`, "instead of using YAML aliases"],
  ])("says what can be done about a file that %s", async ([, content = "", hint = ""]) => {
    const files = { "kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": content };
    expect(await render(files, "")).toMatchObject({
      code: "RENDER_REFUSED",
      hint: expect.stringContaining(hint) as string,
    });
  });

  it("takes a value of a ConfigMap as it is, however it would parse", async () => {
    const files = {
      "kustomization.yaml": "configMapGenerator: [{ name: a, files: [deep.yaml] }]\n",
      "deep.yaml": "[".repeat(5000),
    };
    expect(await render(files, "")).toMatchObject({ type: "rendered" });
  });

  it("checks the same file where something parses it, also after it was a value", async () => {
    const files = {
      "kustomization.yaml": "configMapGenerator: [{ name: a, files: [deep.yaml] }]\nresources: [deep.yaml]\n",
      "deep.yaml": "[".repeat(5000),
      "value/kustomization.yaml": "configMapGenerator: [{ name: a, files: [deep.yaml] }]\n",
      "value/deep.yaml": "[".repeat(5000),
    };
    expect(await render(files, "value")).toMatchObject({ type: "rendered" });
    expect(await render(files, "")).toMatchObject({
      code: "RENDER_REFUSED",
      reason: expect.stringMatching(/^deep\.yaml: it nests deeper/) as string,
    });
  });
});

describe("a repository that cannot be read", () => {
  const files = { "kustomization.yaml": "namePrefix: only-here-\n" };
  const renderFailing = (error: DriftError) =>
    renderer.render({ checkout: { ...checkoutOf(files), readBlobs: () => Promise.reject(error) }, overlay: "" });

  it("fails the overlay with the reason and hint of Git", async () => {
    expect(
      await renderFailing(new DriftError("GIT_TIMEOUT", "it took 120 s", { hint: "Try again." })),
    ).toEqual({
      type: "failed",
      code: "RENDER_FAILED",
      reason: "kustomization.yaml: it took 120 s",
      hint: "Try again.",
    });
  });

  it("refuses a file that Git finds too large in the words for any other", async () => {
    expect(
      await renderFailing(new DriftError("BLOB_TOO_LARGE", "object 12 has 5 GiB", { hint: "Take it out." })),
    ).toMatchObject({
      code: "RENDER_REFUSED",
      reason: "kustomization.yaml: it is larger than 8 MiB, the most that is read",
    });
  });
});
