import { afterAll, describe, expect, it, vi } from "vitest";
import type { Render } from "../../../src/ports/renderer.ts";
import { openRenderer } from "../../support/shipped-renderer.ts";
import { checkoutOf, type Files } from "./memory-checkout.ts";
import { base, configMap, opener, prod, type Remotes, resources } from "./remotes.ts";

// A render starts a thread and compiles 28 MB: seconds where the machine is busy.
vi.setConfig({ testTimeout: 60_000 });

const renderer = openRenderer({ workers: 1 });
afterAll(() => renderer.close());

function render(files: Files, remotes: Remotes): Promise<Render> {
  return renderer.render({ checkout: checkoutOf(files), overlay: "prod", openBase: opener(remotes).openBase });
}

describe("a base that is not rendered says why, naming the file that names it", () => {
  const at = "prod/kustomization.yaml, resources[0]: ";
  const link: Files[string] = { link: "symlink" };

  it.for<[string, Files, { code: string; reason: string }]>([
    ["no such ref", {}, { code: "REVISION_NOT_FOUND", reason: `${at}there is no v1` }],
    [
      "no such folder",
      { "y/kustomization.yaml": "" },
      { code: "RENDER_FAILED", reason: `${at}${base}@v1:x does not exist` },
    ],
    [
      "no kustomization in it",
      { "x/a.yaml": configMap("a") },
      { code: "RENDER_FAILED", reason: `${at}no kustomization.yaml in ${base}@v1:x` },
    ],
    [
      "a file that is missing",
      { "x/kustomization.yaml": resources("a.yaml") },
      {
        code: "RENDER_FAILED",
        reason: `${base}@v1:x/kustomization.yaml, resources[0]: ${base}@v1:x/a.yaml does not exist`,
      },
    ],
    [
      "a file that leaves its folder",
      { "x/kustomization.yaml": "configMapGenerator: [{ name: a, files: [../f] }]\n", f: "x" },
      {
        code: "RENDER_FAILED",
        reason: `${base}@v1:x/kustomization.yaml, configMapGenerator[0].files[0]: ${base}@v1:f is not below ${base}@v1:x, and Kustomize reads files only there`,
      },
    ],
    [
      "a base outside its repository",
      { "x/kustomization.yaml": resources("../../prod") },
      { code: "RENDER_REFUSED", reason: `${base}@v1:x/kustomization.yaml, resources[0]: "../../prod" leaves the repository` },
    ],
    [
      "a base in the repository that names it",
      { "x/kustomization.yaml": resources("../../:repository:/other") },
      {
        code: "RENDER_REFUSED",
        reason: `${base}@v1:x/kustomization.yaml, resources[0]: "../../:repository:/other" leaves the repository`,
      },
    ],
    [
      "a symbolic link",
      { "x/kustomization.yaml": resources("a.yaml"), "x/a.yaml": link },
      {
        code: "RENDER_REFUSED",
        reason: `${base}@v1:x/kustomization.yaml, resources[0]: "${base}@v1:x/a.yaml" is, or is below, a symbolic link`,
      },
    ],
    [
      "a submodule where the base should be",
      { x: { link: "submodule" } },
      { code: "RENDER_REFUSED", reason: `${at}"${base}@v1:x" is, or is below, a Git submodule` },
    ],
    [
      "a Git LFS pointer",
      { "x/kustomization.yaml": resources("a.yaml"), "x/a.yaml": "version https://git-lfs.github.com/spec/v1\n" },
      {
        code: "RENDER_REFUSED",
        reason: `${base}@v1:x/kustomization.yaml, resources[0]: "${base}@v1:x/a.yaml" is a Git LFS pointer, not the file itself`,
      },
    ],
    [
      "a Helm chart",
      { "x/kustomization.yaml": "helmCharts: [{ name: a }]\n" },
      { code: "RENDER_REFUSED", reason: `${base}@v1:x/kustomization.yaml, helmCharts: Helm charts are not rendered` },
    ],
    [
      "a file beyond the limits",
      { "x/kustomization.yaml": resources("a.yaml"), "x/a.yaml": `a: ${"[".repeat(200)}` },
      { code: "RENDER_REFUSED", reason: `${base}@v1:x/a.yaml: it nests deeper than 100 levels (line 1)` },
    ],
    [
      "a circle",
      { "x/kustomization.yaml": resources(`${base}//x?ref=v1`) },
      {
        code: "RENDER_FAILED",
        reason: `${base}@v1:x/kustomization.yaml, resources[0]: cycle detected: URI '${base}//x' referenced by previous URI '${base}//x'`,
      },
    ],
  ])("%s", async ([, files, failure]) => {
    const remotes: Remotes = Object.keys(files).length === 0 ? {} : { [`${base}@v1`]: files };
    const entry = { ...prod(`${base}//x?ref=v1`), "other/kustomization.yaml": resources("a.yaml"), "other/a.yaml": configMap("a") };
    expect(await render(entry, remotes)).toMatchObject({ type: "failed", ...failure });
  });

  it.for<[string, Files, string]>([
    ["no such folder", { "y/a.yaml": "" }, `${at}ssh://git.example.com/acme/base@v1:x does not exist`],
    ["a file in its place", { x: "" }, `${at}ssh://git.example.com/acme/base@v1:x is a file, not a folder`],
    [
      "no kustomization in it",
      { "x/a.yaml": "" },
      `${at}no kustomization.yaml in ssh://git.example.com/acme/base@v1:x`,
    ],
    [
      "a circle",
      { "x/kustomization.yaml": resources("git@git.example.com:acme/base//x?ref=v1") },
      "ssh://git.example.com/acme/base@v1:x/kustomization.yaml, resources[0]: " +
        "cycle detected: URI 'git@git.example.com:acme/base//x' referenced by previous URI " +
        "'git@git.example.com:acme/base//x'",
    ],
  ])("%s, of a base that is reached by SSH", async ([, files, reason]) => {
    const remotes = { "git@git.example.com:acme/base@v1": files };
    expect(await render(prod("git@git.example.com:acme/base//x?ref=v1"), remotes)).toMatchObject({
      code: "RENDER_FAILED",
      reason,
    });
  });

  it.for(["generators", "transformers", "validators"])("an external plugin in remote %s", async (field) => {
    const plugin = "apiVersion: example.com/v1\nkind: Evil\nmetadata: { name: a }\n";
    const files = { "x/kustomization.yaml": resources("p.yaml"), "x/p.yaml": plugin };
    const entry = { "prod/kustomization.yaml": `${field}: ["${base}//x?ref=v1"]\n` };
    expect(await render(entry, { [`${base}@v1`]: files })).toMatchObject({
      code: "RENDER_REFUSED",
      reason: `${base}@v1:x/p.yaml: Evil (apiVersion example.com/v1) is an external plugin; plugins are not run`,
    });
  });
});

describe("nobody is asked for", () => {
  it.for([
    ...["--x", "-x", "+main", "a:b", "a..b", "^a", "a b", "a%0ab", "refs/heads/*", "@", "@{-1}", "a.lock", "/a", "a//b", ".a", "a/"],
    "a~1",
    "x".repeat(256),
  ])("a ref that Git would take for something else: %s", async (ref) => {
    const { asked, openBase } = opener({});
    const files = prod(`${base}//x?ref=${ref.replace("+", "%2B")}`);
    expect(await renderer.render({ checkout: checkoutOf(files), overlay: "prod", openBase })).toMatchObject({
      code: "RENDER_REFUSED",
      reason: expect.stringMatching(
        /^prod\/kustomization\.yaml, resources\[0\]: "https:.* names a ref that no branch, tag or commit can have$/,
      ) as string,
    });
    expect(asked).toEqual([]);
  });

  it.for([
    [`${base}//x?ref=%zz`, "has a query that cannot be read"],
    [`${base}//x?ref=v1;ref=v2`, "has a query that cannot be read"],
    ["ssh://-oProxyCommand=x/acme/base//x?ref=v1", "is not the address of a repository"],
    ["https://git.example.com/../acme//x?ref=v1", "is not the address of a repository"],
    ["https://git.example.com/%2e%2e/acme//x?ref=v1", "is not the address of a repository"],
    ["https://git.example.com/acme/base/raw/main/a.yaml?token=s3cr3t", "is a remote resource"],
    ["https://git.example.com/a.yaml", "is a remote resource"],
    ["https://git.example.com/acme/base//../x", "is a remote resource"],
    ["oci://git.example.com/acme/base", "is a remote resource"],
  ])("%s", async ([entry = "", reason = ""]) => {
    const { result, asked } = await refused(entry);
    expect(result).toMatchObject({ code: "RENDER_REFUSED", reason: expect.stringContaining(reason) as string });
    expect(JSON.stringify(result)).not.toContain("s3cr3t");
    expect(asked).toEqual([]);
  });

  const password = "holds a password; the file of a token or key is named under render.remoteBases";

  it.for([
    ["ssh://git:s3cr3t@git.example.com/acme/base?ref=v1", password],
    ["git::ssh://git:s3cr3t@git.example.com/acme/base?ref=v1", password],
    ["SSH://git:s3cr3t@git.example.com/acme/base?ref=v1", password],
    ["ssh://:s3cr3t@git.example.com/acme/base?ref=v1", password],
    ["ssh://git:x@s3cr3t@git.example.com/acme/base?ref=v1", password],
    ["ssh://git%3As3cr3t@git.example.com/acme/base?ref=v1", password],
    ["ssh://git.example.com/acme/git:s3cr3t@base?ref=v1", password],
    ["file://git:s3cr3t@srv/bases/base?ref=v1", password],
    ["git@git.example.com:s3cr3t@acme/base.git?ref=v1", password],
    ["git::git@git.example.com:s3cr3t@acme/base.git?ref=v1", password],
    ["git@git.example.com:s3cr3t@acme/base.git?ref=--x", password],
    ["ssh://git:x/s3cr3t@git.example.com/acme/base?ref=v1", "is not the address of a repository"],
    ["https://git:x/s3cr3t@git.example.com/acme/base?ref=v1", "is not the address of a repository"],
    ["https://git:x@s3cr3t@git.example.com/acme/a.yaml", "is a remote resource"],
    ["https://git:x/s3cr3t@git.example.com/acme/a.yaml", "is a remote resource"],
    ["git:s3cr3t@git.example.com:acme/base.git?ref=v1", "does not exist"],
    ["git:s3cr3t@github.com/acme/base?ref=v1", "does not exist"],
  ])("a password, which is not repeated: %s", async ([entry = "", reason = ""]) => {
    const { result, asked } = await refused(entry);
    expect(result).toMatchObject({ type: "failed", reason: expect.stringContaining(reason) as string });
    expect(JSON.stringify(result)).not.toContain("s3cr3t");
    expect(asked).toEqual([]);
  });

  async function refused(entry: string) {
    const { asked, openBase } = opener({});
    const result = await renderer.render({ checkout: checkoutOf(prod(entry)), overlay: "prod", openBase });
    return { result, asked };
  }
});

