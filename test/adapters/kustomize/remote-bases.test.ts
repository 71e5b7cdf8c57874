import { afterAll, describe, expect, it, vi } from "vitest";
import type { RemoteBase, Render, Rendered, RendererPort } from "../../../src/ports/renderer.ts";
import { openRenderer } from "../../support/shipped-renderer.ts";
import { checkoutOf, type Files } from "./memory-checkout.ts";
import { base, commitOf, configMap, opener, prod, type Remotes, resources } from "./remotes.ts";

// A render starts a thread and compiles 28 MB: seconds where the machine is busy.
vi.setConfig({ testTimeout: 60_000 });

const renderer = openRenderer({ workers: 1 });
afterAll(() => renderer.close());

function render(files: Files, remotes: Remotes): Promise<Render> {
  return renderer.render({ checkout: checkoutOf(files), overlay: "prod", openBase: opener(remotes).openBase });
}

async function rendered(files: Files, remotes: Remotes): Promise<Rendered> {
  const result = await render(files, remotes);
  if (result.type === "failed") throw new Error(result.reason);
  return result;
}

function namesOf({ resources: objects }: Rendered): string[] {
  return objects.map(({ key }) => key.name);
}

describe("a remote base", () => {
  const shop = {
    "overlays/x/kustomization.yaml": `namePrefix: x-\n${resources("vs.yaml", "../../common")}`,
    "overlays/x/vs.yaml": configMap("a"),
    "common/kustomization.yaml": resources("c.yaml"),
    "common/c.yaml": configMap("c"),
    "unused.yaml": "unused",
  };
  const files = { ...prod(`${base}//overlays/x?ref=v1.0`), "prod/own.yaml": "" };

  it("is rendered from its commit, with the bases beside it in its own repository", async () => {
    const result = await rendered(files, { [`${base}@v1.0`]: shop });
    expect(namesOf(result)).toEqual(["x-a", "x-c"]);
    expect(result.bases).toEqual([{ repository: base, ref: "v1.0", commit: commitOf(shop) }]);
    expect(result.files).toEqual(["prod/kustomization.yaml"]);
  });

  it("stands in the provenance with repository and ref, which no path of the repository can", async () => {
    const { resources: objects } = await rendered(files, { [`${base}@v1.0`]: shop });
    expect(objects.map(({ provenance }) => provenance)).toEqual([
      {
        file: `${base}@v1.0:overlays/x/vs.yaml`,
        changedBy: [{ file: `${base}@v1.0:overlays/x/kustomization.yaml`, by: "PrefixTransformer" }],
      },
      {
        file: `${base}@v1.0:common/c.yaml`,
        changedBy: [{ file: `${base}@v1.0:overlays/x/kustomization.yaml`, by: "PrefixTransformer" }],
      },
    ]);
  });

  it("is read only as far as the render reaches, and through its own checkout", async () => {
    const { openBase, checkouts } = opener({ [`${base}@v1.0`]: shop });
    const checkout = checkoutOf(files);
    await openRendererOnce((own) => own.render({ checkout, overlay: "prod", openBase }));
    const { reads, tree } = checkouts.get(`${base}@v1.0`) ?? expect.fail("not opened");
    expect(reads).toHaveLength(4);
    expect(reads).not.toContain(tree.get("unused.yaml")?.oid);
    expect(checkout.reads).toEqual([checkout.tree.get("prod/kustomization.yaml")?.oid]);
  });

  it("is one of many in one render, more than a thread keeps, and can be used again", async () => {
    const names = Array.from({ length: 12 }, (_, i) => `v${String(i)}`);
    const remotes = Object.fromEntries(
      names.map((name) => [
        `${base}@${name}`,
        { "kustomization.yaml": resources("a.yaml"), "a.yaml": configMap(name) },
      ]),
    );
    const entries = names.map((name) => `${base}?ref=${name}`);
    await openRendererOnce(async (own) => {
      for (const order of [entries, [...entries].reverse(), entries.slice(0, 3)]) {
        const { openBase } = opener(remotes);
        const result = await own.render({ checkout: checkoutOf(prod(...order)), overlay: "prod", openBase });
        if (result.type === "failed") throw new Error(result.reason);
        expect(namesOf(result).sort()).toEqual(names.slice(0, order.length).sort());
      }
    });
  });
});

async function openRendererOnce<T>(use: (renderer: RendererPort) => Promise<T>): Promise<T> {
  const own = openRenderer({ workers: 1 });
  try {
    return await use(own);
  } finally {
    await own.close();
  }
}

describe("an entry is read as Kustomize reads it", () => {
  const one = { "kustomization.yaml": resources("a.yaml"), "a.yaml": configMap("a") };
  const inFolder = Object.fromEntries(Object.entries(one).map(([path, content]) => [`x/${path}`, content]));

  it.for([
    [`${base}//x?ref=v1`, base, "v1", "x"],
    [`${base}.git/x?ref=v1`, `${base}.git`, "v1", "x"],
    [`${base}/x?version=v1`, base, "v1", "x"],
    [`${base}/x?ref=v1&version=v2&timeout=90s&submodules=false`, base, "v1", "x"],
    [`${base}/x?ref=HEAD`, base, "", "x"],
    [`${base}?ref=feature/one`, base, "feature/one", ""],
    [`git::${base}//x?ref=v1`, base, "v1", "x"],
    ["github.com/acme/base//x?ref=v1", "https://github.com/acme/base", "v1", "x"],
    ["git@github.com:acme/base//x?ref=v1", "git@github.com:acme/base", "v1", "x"],
    ["git@git.example.com:acme/base.git//x?ref=v1", "git@git.example.com:acme/base.git", "v1", "x"],
    ["ssh://git@git.example.com/acme/base//x?ref=v1", "ssh://git@git.example.com/acme/base", "v1", "x"],
    ["https://git.example.com/a/b/_git/base/x?ref=v1", "https://git.example.com/a/b/_git/base", "v1", "x"],
    ["https://me:s3cr3t@git.example.com/acme/base//x?ref=v1&token=s3cr3t", base, "v1", "x"],
    ["https://me@git.example.com/acme/base//x/../x/?ref=v1", base, "v1", "x"],
  ] as const)("%s", async ([entry, repository, ref, folder]) => {
    const { asked, openBase } = opener({ [`${repository}@${ref}`]: folder === "" ? one : inFolder });
    const result = await renderer.render({ checkout: checkoutOf(prod(entry)), overlay: "prod", openBase });
    expect(result).toMatchObject({ type: "rendered", resources: [{ key: { name: "a" } }] });
    expect(asked).toMatchObject([{ repository, ref, folder }]);
    expect(JSON.stringify([asked, result])).not.toContain("s3cr3t");
    const { provenance } = (result as Rendered).resources[0] ?? expect.fail("no object");
    expect(provenance?.file).toContain("://");
  });
});

describe("bases", () => {
  const single = (name: string, more = "") => ({
    "kustomization.yaml": `${more}${resources("a.yaml")}`,
    "a.yaml": configMap(name),
  });

  it("may name remote bases themselves", async () => {
    const other = "https://git.example.com/acme/other";
    const remotes = {
      [`${base}@v1`]: { "kustomization.yaml": `nameSuffix: -s\n${resources(`${other}?ref=v2`)}` },
      [`${other}@v2`]: single("a"),
    };
    const result = await rendered(prod(`${base}?ref=v1`), remotes);
    expect(namesOf(result)).toEqual(["a-s"]);
    expect(result.bases.map(({ repository }) => repository)).toEqual([base, other]);
    expect(result.resources[0]?.provenance).toEqual({
      file: `${other}@v2:a.yaml`,
      changedBy: [{ file: `${base}@v1:kustomization.yaml`, by: "SuffixTransformer" }],
    });
  });

  it("of one repository at two refs do not mix", async () => {
    const remotes = { [`${base}@v1`]: single("one"), [`${base}@v2`]: single("two") };
    expect(namesOf(await rendered(prod(`${base}?ref=v1`, `${base}?ref=v2`), remotes))).toEqual(["one", "two"]);
  });

  it("that are named twice are asked for once, and rendered twice", async () => {
    const files = {
      ...prod("../a", "../b"),
      "a/kustomization.yaml": `namePrefix: a-\n${resources(`${base}//x?ref=v1`)}`,
      "b/kustomization.yaml": `namePrefix: b-\n${resources(`${base}//x?ref=v1`)}`,
    };
    const { asked, openBase } = opener({
      [`${base}@v1`]: { "x/kustomization.yaml": resources("a.yaml"), "x/a.yaml": configMap("a") },
    });
    const result = await renderer.render({ checkout: checkoutOf(files), overlay: "prod", openBase });
    expect(namesOf(result as Rendered)).toEqual(["a-a", "b-a"]);
    expect(asked).toHaveLength(1);
  });

  it("can be components, generators and transformers", async () => {
    const files = {
      "prod/kustomization.yaml":
        `resources: [own.yaml]\ncomponents: ["${base}//component?ref=v1"]\n` +
        `generators: ["${base}//generator?ref=v1"]\ntransformers: ["${base}//transformer?ref=v1"]\n`,
      "prod/own.yaml": configMap("own"),
    };
    const plugin = (kind: string, more: string) =>
      `apiVersion: builtin\nkind: ${kind}\nmetadata: { name: p }\n${more}\n`;
    const remotes = {
      [`${base}@v1`]: {
        "component/kustomization.yaml":
          "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnameSuffix: -c\n",
        "generator/kustomization.yaml": resources("g.yaml"),
        "generator/g.yaml": plugin("ConfigMapGenerator", "name: made\nliterals: [a=b]\noptions: { disableNameSuffixHash: true }").replace("name: p", "name: made"),
        "transformer/kustomization.yaml": resources("t.yaml"),
        "transformer/t.yaml": plugin("PrefixTransformer", "prefix: t-\nfieldSpecs: [{ path: metadata/name }]"),
      },
    };
    expect(namesOf(await rendered(files, remotes)).sort()).toEqual(["t-made-c", "t-own-c"]);
  });

  it("do not change what a base of the same folder in the repository gives", async () => {
    const files = { ...prod("../x", `${base}//x?ref=v1`), "x/kustomization.yaml": resources("a.yaml"), "x/a.yaml": configMap("own") };
    const remotes = { [`${base}@v1`]: { "x/kustomization.yaml": resources("a.yaml"), "x/a.yaml": configMap("far") } };
    expect(namesOf(await rendered(files, remotes))).toEqual(["far", "own"]);
  });

  it("are taken from the repository where a file stands under such a name", async () => {
    const files = { ...prod("github.com/acme/base/a.yaml"), "prod/github.com/acme/base/a.yaml": configMap("own") };
    expect(namesOf(await rendered(files, {}))).toEqual(["own"]);
  });
});

it("the time in which a base is fetched is not the render's", async () => {
  const slow = openRenderer({ workers: 1, timeoutMs: 500 });
  const { openBase } = opener({ [`${base}@v1`]: { "kustomization.yaml": resources("a.yaml"), "a.yaml": configMap("a") } });
  await slow.render({ checkout: checkoutOf(prod(".")), overlay: "prod" });
  const later = async (remote: RemoteBase) => {
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    return openBase(remote);
  };
  const files = prod(`${base}?ref=v1`);
  expect(await slow.render({ checkout: checkoutOf(files), overlay: "prod", openBase: later })).toMatchObject({
    type: "rendered",
  });
  await slow.close();
});

