// The cases of bad-input.mjs: small worlds with one thing wrong.
import { execFileSync } from "node:child_process";
import { chmodSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Seconds since 1970. */
const twoDaysAgo = Date.now() / 1000 - 2 * 24 * 60 * 60 - 60;

const kustomization = "namespace: shop\nresources: [vs.yaml]\n";
const reviews = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec: {hosts: [reviews]}
`;
const liveList = JSON.stringify({
  apiVersion: "v1",
  items: [
    {
      apiVersion: "networking.istio.io/v1",
      kind: "VirtualService",
      metadata: { name: "reviews", namespace: "shop" },
      spec: { hosts: ["reviews"] },
    },
  ],
  kind: "List",
  metadata: {},
});

/** The configuration of the healthy world. */
export const config = `version: 1
repository: {url: git, revision: main}
clusters:
  c: {snapshot: live}
  bad: {snapshot: live-bad}
targets:
  - {name: healthy, overlay: healthy, cluster: c}
  - {name: broken, overlay: broken, cluster: bad}
`;

/**
 * The files of the healthy world but its configuration; `git` is a repository.
 * @type {Record<string, string | null>}
 */
export const healthyWorld = {
  "git/healthy/kustomization.yaml": kustomization,
  "git/healthy/vs.yaml": reviews,
  "git/broken/kustomization.yaml": kustomization,
  "git/broken/vs.yaml": reviews,
  "live/mesh.json": liveList,
  "live-bad/mesh.json": liveList,
};

/** @param {string} folder made a repository of one commit on branch main */
export function commitAll(folder) {
  const identity = ["-c", "user.name=Bad Input", "-c", "user.email=bad@example.com"];
  const run = (/** @type {string[]} */ ...args) =>
    execFileSync("git", [...identity, "-c", "core.compression=1", ...args], { cwd: folder, stdio: "pipe" });
  run("init", "--quiet", "--initial-branch=main");
  run("add", "--all");
  run("commit", "--quiet", "--message=Bad input");
}

/** In every file `@FOLDER@` stands for the folder of the world. */
const bases = { "bases/kustomization.yaml": "resources: [vs.yaml]\n", "bases/vs.yaml": reviews };
const basesAllowed = `${config}render: {remoteBases: [{repository: "file://@FOLDER@/bases"}]}\n`;
const commitBases = (/** @type {string} */ folder) => commitAll(path.join(folder, "bases"));

/** @param {string} reference */
function remoteBase(reference) {
  return { "broken/kustomization.yaml": `resources: ['file://@FOLDER@/bases${reference}']\n` };
}

/** @param {string} fields of the broken target */
function withTarget(fields) {
  return config.replace("overlay: broken, cluster: bad", `${fields}, cluster: bad`);
}

/**
 * A case: the files of the repository, of the live side and of the configuration that differ from the healthy world;
 * null leaves a file out.
 * @typedef {{ name: string, git?: Record<string, string | null>, live?: Record<string, string | null>, config?: string, after?: (folder: string) => void, args?: string[], isHarmless?: boolean }} Case
 */

/** @type {readonly Case[]} */
export const cases = [
  { name: "overlay missing", git: { "broken/kustomization.yaml": null, "broken/vs.yaml": null } },
  { name: "repository missing", config: config.replace("url: git", "url: nowhere") },
  { name: "revision unknown", config: config.replace("revision: main", "revision: mian") },
  { name: "kustomization broken", git: { "broken/kustomization.yaml": "resources: [vs.yaml\npatches: {" } },
  {
    name: "kustomization with a field nobody knows",
    git: { "broken/kustomization.yaml": "resorces: [vs.yaml]\n" },
  },
  { name: "YAML broken", git: { "broken/vs.yaml": "kind: VirtualService\nspec: {hosts: [reviews\n" } },
  { name: "duplicate object in an overlay", git: { "broken/vs.yaml": `${reviews}---\n${reviews}` } },
  { name: "empty render", git: { "broken/kustomization.yaml": "resources: []\n" } },
  { name: "alias bomb", git: { "broken/vs.yaml": aliasBomb() } },
  { name: "100 MB file", git: { "broken/vs.yaml": `# ${"x".repeat(100 * 1024 * 1024)}\n${reviews}` } },
  {
    name: "nested 20,000 deep",
    git: { "broken/vs.yaml": `a: ${"[".repeat(20_000)}${"]".repeat(20_000)}\n` },
  },
  {
    name: "cyclic bases",
    git: {
      "broken/kustomization.yaml": "resources: [../loop]\n",
      "loop/kustomization.yaml": "resources: [../broken]\n",
    },
  },
  {
    name: "remote base",
    git: { "broken/kustomization.yaml": "resources: ['https://git.example.com/mesh//base?ref=v1']\n" },
  },
  { name: "snapshot missing", live: { "live-bad/mesh.json": null } },
  { name: "snapshot cut off in the middle", live: { "live-bad/mesh.json": liveList.slice(0, 120) } },
  {
    name: "snapshot too old",
    config: config.replace("{snapshot: live-bad}", "{snapshot: live-bad, maxAge: 1h}"),
    after: (folder) => utimesSync(path.join(folder, "live-bad/mesh.json"), twoDaysAgo, twoDaysAgo),
  },
  {
    name: "snapshot with an alias bomb",
    live: { "live-bad/mesh.json": null, "live-bad/mesh.yaml": aliasBomb() },
  },
  {
    name: "snapshot nested 20,000 deep",
    live: { "live-bad/mesh.json": null, "live-bad/mesh.yaml": `a: ${"[".repeat(20_000)}` },
  },
  {
    name: "duplicate object live",
    live: { "live-bad/second.json": liveList.replace('["reviews"]', '["ratings"]') },
  },
  {
    name: "__proto__ keys",
    git: {
      "broken/vs.yaml": reviews.replace(
        "spec: {hosts: [reviews]}",
        'spec: {hosts: [reviews], "__proto__": {polluted: "yes"}}',
      ),
    },
  },
  {
    name: "unknown kind",
    git: { "broken/vs.yaml": reviews.replace("kind: VirtualService", "kind: VirtualServise") },
  },
  {
    name: "no namespace",
    git: {
      "broken/kustomization.yaml": "resources: [vs.yaml]\n",
      "broken/vs.yaml": reviews.replace(", namespace: shop", ""),
    },
  },
  {
    name: "remote base that is allowed, at a moving branch",
    git: remoteBase("?ref=main"),
    live: bases,
    config: basesAllowed,
    after: commitBases,
  },
  {
    name: "remote base at a ref that is not there",
    git: remoteBase("?ref=v7"),
    live: bases,
    config: basesAllowed,
    after: commitBases,
  },
  {
    name: "remote base whose ref is an option",
    git: remoteBase("?ref=--x"),
    live: bases,
    config: basesAllowed,
    after: commitBases,
  },
  {
    name: "remote base over plain http",
    git: { "broken/kustomization.yaml": "resources: ['http://git.example.com/mesh//base?ref=v1']\n" },
    config: `${config}render: {remoteBases: [{repository: "http://git.example.com/*"}]}\n`,
  },
  {
    name: "transform that matches nothing",
    isHarmless: true,
    config: withTarget(
      "overlay: broken, transform: {patches: [{target: {kind: Gateway}, patch: '- {op: remove, path: /spec}'}]}",
    ),
  },
  {
    name: "component of a transform that is not there",
    config: withTarget("overlay: broken, transform: {components: [../nowhere]}"),
  },
  {
    name: "commit that is not there any more",
    config: withTarget(`overlay: broken, revision: ${"4f".repeat(20)}`),
  },
  { name: "revision that YAML takes for a number", config: withTarget("overlay: broken, revision: 1.30") },
  { name: "repository of one target away", config: withTarget("overlay: broken, repository: nowhere") },
  { name: "manifests that are not there", config: withTarget("manifests: rendered") },
  {
    name: "manifests of which one is broken",
    config: withTarget("manifests: broken"),
    git: { "broken/vs.yaml": "a: [" },
  },
  {
    name: "variable without a value",
    git: { "broken/vs.yaml": reviews.replace("[reviews]", "['${HOST}']") },
  },
  {
    name: "engine that prints half and exits with 0",
    config: `${config}render: {engine: kustomize, binary: engine}\n`,
    after: (folder) => {
      // It gets no PATH: the shell alone has to print the manifest of the healthy overlay.
      const lines = [
        "#!/bin/sh",
        'if [ "$1" = version ]; then echo v5.8.2',
        'elif [ "${PWD##*/}" = healthy ]; then while IFS= read -r line; do echo "$line"; done < vs.yaml',
        "else echo 'kind: VirtualService'; fi",
      ];
      const script = `${lines.join("\n")}\n`;
      writeFileSync(path.join(folder, "engine"), script);
      chmodSync(path.join(folder, "engine"), 0o755);
    },
  },
  { name: "engine that is not there", config: `${config}render: {engine: kustomize, binary: engine}\n` },
  { name: "two targets with one name", config: config.replace("name: broken", "name: healthy") },
  {
    name: "typos in the configuration",
    config: config.replace("clusters:", "clustres:").replace("overlay: broken", "overlai: broken"),
  },
  { name: "target nobody knows", args: ["--target", "brokn"] },
];

function aliasBomb() {
  const levels = Array.from({ length: 12 }, (_, index) =>
    index === 0
      ? "a0: &a0 [x, x, x, x, x, x, x, x, x]"
      : `a${index}: &a${index} [${`*a${index - 1}, `.repeat(9)}x]`,
  );
  return `${levels.join("\n")}\n`;
}
