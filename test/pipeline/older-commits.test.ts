import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { sameJson } from "../../src/core/model/json.ts";
import type { Finding } from "../../src/core/model/finding.ts";
import { keyId, type Resource } from "../../src/core/model/resource.ts";
import { explainByOlderCommits, type OlderContext } from "../../src/pipeline/older-commits.ts";
import type { RendererPort } from "../../src/ports/renderer.ts";
import type { Checkout } from "../../src/ports/source.ts";
import { commitFiles, createRepository, createSource, headOf } from "../adapters/git/test-repository.ts";
import { openRenderer } from "../support/shipped-renderer.ts";
import { virtualService } from "../support/resources.ts";

const overlay = "overlays/eu1";
const kustomization = (...files: readonly string[]): string => `resources: [${files.join(", ")}]\n`;
const reviews = (timeout: string): string => file("reviews", timeout);

function file(name: string, timeout: string): string {
  return [
    "apiVersion: networking.istio.io/v1",
    "kind: VirtualService",
    `metadata: { name: ${name}, namespace: shop }`,
    `spec: { hosts: [${name}], http: [{ timeout: ${timeout} }] }`,
    "",
  ].join("\n");
}

const liveOf = (timeout: string, name = "reviews"): Resource =>
  virtualService(`{ hosts: [${name}], http: [{ timeout: ${timeout} }] }`, name);

let renderer: RendererPort;
let cacheFolder = "";
beforeAll(() => {
  cacheFolder = mkdtempSync(path.join(tmpdir(), "drift-older-"));
  renderer = openRenderer({ cacheFolder });
});
afterAll(async () => {
  await renderer.close();
  rmSync(cacheFolder, { recursive: true, force: true });
});

/** A repository in which the timeout of reviews went 1s, 2s, 3s, and ratings came with the last. */
async function world() {
  const { folder, shas } = await history();
  return { shas, ...(await contextOf(folder)) };
}

async function history(): Promise<{ readonly folder: string; readonly shas: readonly string[] }> {
  const folder = await createRepository({
    [`${overlay}/kustomization.yaml`]: kustomization("reviews.yaml", "gone.yaml"),
    [`${overlay}/reviews.yaml`]: reviews("1s"),
    [`${overlay}/gone.yaml`]: file("gone", "1s"),
  });
  const shas = [headOf(folder)];
  shas.push(await commitFiles(folder, { [`${overlay}/reviews.yaml`]: reviews("2s") }, "Two"));
  shas.push(await commitFiles(folder, { "elsewhere.yaml": "a: 1\n" }, "Elsewhere"));
  shas.push(
    await commitFiles(
      folder,
      {
        [`${overlay}/kustomization.yaml`]: kustomization("reviews.yaml", "ratings.yaml"),
        [`${overlay}/reviews.yaml`]: reviews("3s"),
        [`${overlay}/ratings.yaml`]: file("ratings", "1s"),
      },
      "Three",
    ),
  );
  return { folder, shas };
}

/** What is looked through in a repository, and which commits were rendered for it. */
async function contextOf(folder: string) {
  const source = createSource();
  const open = (revision: string): Promise<Checkout> =>
    source.checkout({ repository: folder, revision, allowStaleMs: 0 });
  const renders: string[] = [];
  const renderAt = async (sha: string): Promise<readonly Resource[] | undefined> => {
    renders.push(sha);
    const checkout = await open(sha);
    const render = await renderer.render({ checkout, overlay });
    await checkout.close();
    return render.type === "rendered" ? render.resources : undefined;
  };
  const checkout = await open("main");
  onTestFinished(() => checkout.close());
  const now = await renderer.render({ checkout, overlay });
  if (now.type !== "rendered") throw new Error(now.reason);
  const context: OlderContext = {
    checkout,
    files: now.files,
    desiredOf: (key) => now.resources.find((one) => keyId(one.key) === keyId(key)),
    renderAt,
    isSame: (older, live) => sameJson(older.object["spec"], live.object["spec"]),
    now: new Date("2024-05-04T12:00:00Z"),
  };
  return { context, renders };
}

function finding(type: Finding["type"], { key }: Resource, weakens = false): Finding {
  const effect = { text: "x", direction: "weakens" } as const;
  return { type, key, changes: [{ type: "changed", path: "spec", ...(weakens && { effect }) }] };
}

async function explain(one: Finding, live: Resource | undefined, context: OlderContext) {
  const { verdicts } = await explainByOlderCommits([{ finding: one, ...(live && { live }) }], context);
  return verdicts.get(keyId(one.key));
}

describe("explainByOlderCommits", () => {
  it("tells pending sync from a rollback by what the deployer has applied", { timeout: 60_000 }, async () => {
    const { shas, context, renders } = await world();
    const [one = "", two = "", elsewhere = "", three = ""] = shas;
    const live = liveOf("2s");
    const changed = finding("changed", live);
    const at = (revision: string): OlderContext => ({
      ...context,
      reached: { by: "Application argocd/shop", revision },
    });
    for (const revision of [one, two, elsewhere]) {
      expect(await explain(changed, live, at(revision))).toMatchObject({ type: "pending-sync" });
    }
    expect(await explain(changed, live, at(three))).toEqual({
      type: "rolled-back",
      rolledBack: { to: two, undoes: [three] },
      reason: `live is as Git was before ${three.slice(0, 7)}, and Application argocd/shop was at ${three.slice(0, 7)} already: somebody rolled back by hand`,
    });
    expect(await explain(changed, liveOf("1s"), at(three))).toMatchObject({
      rolledBack: { to: one, undoes: [three, two] },
    });
    expect(renders.at(-1)).toBe(one);
    expect(await explain(changed, live, context)).toEqual({
      type: "as-before",
      reason: `live is as Git was before ${three.slice(0, 7)}, 3 days ago; nobody knows whether it was ever newer`,
    });
    expect(await explain(changed, live, at("c".repeat(40)))).toMatchObject({ type: "as-before" });
    expect(await explain(changed, liveOf("9s"), at(two))).toBeUndefined();
    expect(await explain(finding("changed", live, true), live, at(two))).toMatchObject({ type: "as-before" });
  });

  it("knows what Git added and removed, and stays within bounds", { timeout: 60_000 }, async () => {
    const { shas, context, renders } = await world();
    const [, two = "", , three = ""] = shas;
    const added = finding("missing", liveOf("1s", "ratings"));
    const removed = finding("extra", liveOf("1s", "gone"));
    const at = { ...context, reached: { by: "the last scan that found it in sync", revision: two } };
    expect(await explain(added, undefined, at)).toMatchObject({ type: "pending-sync" });
    expect(await explain(removed, liveOf("1s", "gone"), at)).toMatchObject({ type: "pending-sync" });
    expect(await explain(removed, liveOf("8s", "gone"), at)).toBeUndefined();
    const later = { ...at, reached: { ...at.reached, revision: three } };
    expect(await explain(added, undefined, later)).toMatchObject({ type: "rolled-back" });
    expect(await explain(finding("missing", liveOf("1s")), undefined, at)).toBeUndefined();
    renders.length = 0;
    const one = { finding: finding("changed", liveOf("1s")), live: liveOf("1s") };
    const few = await explainByOlderCommits([one, one, one], { ...at, mostCommits: 1, mostFindings: 2 });
    expect(few.verdicts.size).toBe(0);
    expect(few.warnings).toEqual(["1 of 3 findings were not looked for in older commits: too many"]);
    expect(renders).toEqual([two]);
    expect(await explainByOlderCommits([], at)).toEqual({ verdicts: new Map(), warnings: [] });
  });

  it("undoes only the commits that changed the object, also where some cannot be rendered", async () => {
    const folder = await createRepository({
      [`${overlay}/kustomization.yaml`]: kustomization("reviews.yaml", "ratings.yaml"),
      [`${overlay}/reviews.yaml`]: reviews("1s"),
      [`${overlay}/ratings.yaml`]: file("ratings", "1s"),
    });
    const commit = async (name: string, timeout: string) =>
      await commitFiles(folder, { [`${overlay}/${name}.yaml`]: file(name, timeout) }, `${name} ${timeout}`);
    const first = await commit("ratings", "2s");
    const second = await commit("reviews", "2s");
    await commit("ratings", "3s");
    const fourth = await commit("reviews", "3s");
    const last = await commit("ratings", "4s");
    const { context } = await contextOf(folder);
    const live = liveOf("1s");
    const at = { ...context, mostCommits: 9, reached: { by: "Application argocd/shop", revision: last } };
    const rolledBack = { to: first, undoes: [fourth, second] };
    expect(await explain(finding("changed", live), live, at)).toMatchObject({ rolledBack });
    // What second made of it nobody knows: it is undone with those that are known to have changed it.
    const broken = {
      ...at,
      renderAt: async (sha: string) => (sha === second ? undefined : await at.renderAt(sha)),
    };
    const { verdicts } = await explainByOlderCommits([{ finding: finding("changed", live), live }], broken);
    expect([...verdicts.values()]).toMatchObject([
      {
        type: "rolled-back",
        rolledBack: { to: first, undoes: expect.arrayContaining([fourth, second]) as unknown },
      },
    ]);
  });
});
