// What happens with bad input: each case is a small world with one thing wrong beside a healthy target, scanned by the
// built command. Prints a table of messages and exit codes: node scripts/bad-input.mjs
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const drift = fileURLToPath(new URL("../dist/main.mjs", import.meta.url));

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
const config = `version: 1
repository: {url: git, revision: main}
clusters:
  c: {snapshot: live}
  bad: {snapshot: live-bad}
targets:
  - {name: healthy, overlay: healthy, cluster: c}
  - {name: broken, overlay: broken, cluster: bad}
`;

/**
 * A case: the files of the repository, of the live side and of the configuration that differ from the healthy world;
 * null leaves a file out.
 * @typedef {{ name: string, git?: Record<string, string | null>, live?: Record<string, string | null>, config?: string, after?: (folder: string) => void, args?: string[] }} Case
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

/**
 * Runs one case. `told` is what the report says of the broken part, `rest` the verdict of the healthy target.
 * @param {Case} one
 */
export function runCase(one) {
  const folder = mkdtempSync(path.join(tmpdir(), "drift-bad-"));
  try {
    writeWorld(folder, one);
    one.after?.(folder);
    const args = [
      drift,
      "scan",
      "-c",
      path.join(folder, "drift.yaml"),
      "--cache-dir",
      path.join(folder, "cache"),
      "-o",
      "json",
    ];
    const run = spawnSync(process.execPath, [...args, ...(one.args ?? [])], {
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    const plain = (/** @type {string} */ text) => text.replaceAll(folder, "");
    return {
      name: one.name,
      exitCode: run.status,
      ...outcome(JSON.parse(plain(run.stdout))),
      stderr: plain(run.stderr),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {any} document the result of a scan, or the error that stopped it */
function outcome(document) {
  if (document.error !== undefined) {
    const { code, message, details = [], hint } = document.error;
    return { code, told: [message, ...details, hint].join(" · "), rest: "-" };
  }
  /** @type {any[]} */
  const targets = document.targets;
  const broken = targets.find(({ name }) => name === "broken");
  const rest = targets.find(({ name }) => name === "healthy").verdict;
  const [entry] = broken.unchecked;
  if (entry !== undefined)
    return { code: entry.code, told: `${entry.what}: ${entry.reason} · ${entry.hint}`, rest };
  const told = broken.findings.flatMap((/** @type {any} */ finding) =>
    finding.changes.map((/** @type {any} */ change) => `${finding.key.name} ${change.type} ${change.path}`),
  );
  return { code: broken.verdict, told: told.join(", "), rest };
}

/** @param {string} folder @param {Case} one */
function writeWorld(folder, { git = {}, live = {}, config: text = config }) {
  const files = {
    "git/healthy/kustomization.yaml": kustomization,
    "git/healthy/vs.yaml": reviews,
    "git/broken/kustomization.yaml": kustomization,
    "git/broken/vs.yaml": reviews,
    "live/mesh.json": liveList,
    "live-bad/mesh.json": liveList,
    "drift.yaml": text,
    ...Object.fromEntries(Object.entries(git).map(([file, content]) => [`git/${file}`, content])),
    ...live,
  };
  for (const [file, content] of Object.entries(files)) {
    if (content === null) continue;
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), content);
  }
  const run = (/** @type {string[]} */ ...args) =>
    execFileSync(
      "git",
      ["-c", "user.name=Bad Input", "-c", "user.email=bad@example.com", "-c", "core.compression=1", ...args],
      {
        cwd: path.join(folder, "git"),
        stdio: "pipe",
      },
    );
  run("init", "--quiet", "--initial-branch=main");
  run("add", "--all");
  run("commit", "--quiet", "--message=Bad input");
}

/** @param {readonly ReturnType<typeof runCase>[]} results */
export function formatTable(results) {
  const cell = (/** @type {string} */ text) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
  const rows = results.map(
    ({ name, exitCode, code, told, rest }) => `| ${name} | ${exitCode} | ${code} | ${cell(told)} | ${rest} |`,
  );
  return [
    "| bad input | exit | code | what is told | the other target |",
    "|---|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  process.stdout.write(formatTable(cases.map(runCase)));
}
