// npm run bench: what people run today beside us, as ratios in one run. Writes docs/benchmarks.md with --write.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";
import { bundle } from "../scripts/bundle.mjs";
import { isPresent, median, timeMedian, timeOnce } from "./measure.mjs";
import { commit, liveObjects, makeRepository, overlayNames, write } from "./repository.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const drift = path.join(root, "dist/main.mjs");
const overlays = 50;

/** @typedef {{ what: string, ours: string, other: string, goal: string, met: boolean | undefined }} Row */

const folder = mkdtempSync(path.join(os.tmpdir(), "drift-bench-"));
try {
  await bundle({ probe: "bench/probe.mjs" }, folder);
  const rows = [...renderRows(), ...startRows(), ...compareRows()];
  const table = format(rows);
  console.log(table);
  if (process.argv.includes("--write")) writeFileSync(path.join(root, "docs/benchmarks.md"), page(table));
  if (rows.some(({ met }) => met === false)) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Fifty overlays: against one `kubectl kustomize` each. @returns {Row[]} */
function renderRows() {
  const repository = makeRepository(folder, overlays);
  const config = writeConfig(repository);
  const cache = path.join(folder, "cache");
  const scan = {
    file: process.execPath,
    args: [drift, "scan", "-c", config, "--cache-dir", cache, "-o", "json"],
  };
  const forget = () => rmSync(cache, { recursive: true, force: true });
  const cold = timeMedian(scan, 3, forget);
  const warm = timeMedian(scan, 5);
  const probe = (/** @type {string} */ mode) =>
    JSON.parse(
      timeOnce({ file: process.execPath, args: [path.join(folder, "probe.mjs"), root, config, cache, mode] })
        .stdout,
    );
  const unchanged = probe("warm");
  const firstTimes = [0, 1, 2, 3, 4].map(() => {
    forget();
    return probe("cold").firstMs;
  });
  const kubectl = kubectlEach(repository);
  const beside = (/** @type {string} */ what, /** @type {number} */ took, /** @type {string} */ goal) =>
    besideKubectl({ what, took, goal, kubectl });
  const alone = renderAlone(repository);
  write(
    path.join(repository, "overlays/o07/kustomization.yaml"),
    stringify({ namespace: "ns7", resources: ["../../base"] }),
  );
  commit(repository, "Change one overlay");
  const touched = probe("warm");
  return [
    beside("50 overlays, nothing cached, whole process", cold, "2.5x"),
    beside("50 overlays, nothing changed, render stage", unchanged.renderMs, "50x"),
    beside("50 overlays, nothing changed, whole process", warm, "20x"),
    {
      ...limit("first rendered overlay after process start", median(firstTimes), 500),
      other: `Node, compile and one render alone ${ms(alone)}`,
    },
    {
      what: "one file changed: overlays rendered",
      ours: String(touched.rendered),
      other: `${overlays} overlays`,
      goal: "1",
      met: touched.rendered === 1,
    },
  ];
}

/** The milliseconds of one render in a bare process. @param {string} repository */
function renderAlone(repository) {
  const wasm = path.join(root, "kustomize/build/kustomize.wasm");
  const args = [path.join(root, "bench/alone.mjs"), wasm, repository, "overlays/o00"];
  return Number(timeOnce({ file: process.execPath, args }).stdout);
}

/** @param {string} repository */
function writeConfig(repository) {
  const config = path.join(folder, "drift.yaml");
  const items = liveObjects(overlays);
  write(
    path.join(folder, "live/mesh.json"),
    JSON.stringify({ apiVersion: "v1", items, kind: "List", metadata: {} }),
  );
  const targets = overlayNames(overlays).map((overlay) => ({
    name: path.basename(overlay),
    overlay,
    cluster: "c",
  }));
  const clusters = { c: { snapshot: path.join(folder, "live") } };
  write(config, stringify({ version: 1, repository: { url: repository }, clusters, targets }));
  return config;
}

/** @param {string} repository */
function kubectlEach(repository) {
  if (!isPresent("kubectl", ["version", "--client"])) return undefined;
  let total = 0;
  for (const overlay of overlayNames(overlays)) {
    total += timeOnce({ file: "kubectl", args: ["kustomize", path.join(repository, overlay)] }).ms;
  }
  return total;
}

/** @returns {Row[]} */
function startRows() {
  const bare = timeMedian({ file: process.execPath, args: ["-e", "0"] }, 9);
  const help = timeMedian({ file: process.execPath, args: [drift, "--help"] }, 9);
  timeOnce({ file: process.execPath, args: [path.join(root, "scripts/demo.mjs")], env: { NO_COLOR: "1" } });
  const config = path.join(root, "demo/drift.yaml");
  const demo = { file: process.execPath, args: [drift, "scan", "-c", config], ok: [1] };
  timeOnce(demo);
  return [
    { ...limit("drift --help", help, bare + 80), other: `bare node ${ms(bare)}` },
    limit("the demo's scan, second time", timeMedian(demo, 5), 1000),
  ];
}

/** @returns {Row[]} */
function compareRows() {
  const compared = (/** @type {number} */ respelledPercent) => {
    const args = [path.join(root, "bench/compare.mjs"), String(respelledPercent)];
    const runs = [0, 1, 2].map(() => JSON.parse(timeOnce({ file: process.execPath, args }).stdout));
    return runs.sort((a, b) => a.ms - b.ms)[1];
  };
  const [plain, respelled] = [compared(0), compared(10)];
  const text = (/** @type {{ ms: number, megabytes: number }} */ run) =>
    `${ms(run.ms)}, ${run.megabytes.toFixed(0)} MB`;
  return [
    {
      what: `10,000 objects a side of ${(plain.bytes / 1000).toFixed(1)} KB, 1 % different, compared`,
      ours: text(plain),
      other: "",
      goal: "<= 2000 ms, 500 MB",
      met: plain.ms <= 2000 && plain.megabytes <= 500,
    },
    {
      what: "the same, 10 % more spelled otherwise",
      ours: text(respelled),
      other: "",
      goal: "",
      met: undefined,
    },
  ];
}

/** @param {number} value */
function ms(value) {
  return `${value.toFixed(0)} ms`;
}

/**
 * A time beside that of kubectl, which is undefined where there is none.
 *
 * @param {{ what: string, took: number, goal: string, kubectl: number | undefined }} measured
 * @returns {Row}
 */
function besideKubectl({ what, took, goal, kubectl }) {
  if (kubectl === undefined)
    return { what, ours: ms(took), other: "kubectl is not here", goal, met: undefined };
  const ratio = kubectl / took;
  return {
    what,
    ours: `${ms(took)} (${ratio.toFixed(1)}x)`,
    other: `${overlays} x kubectl kustomize ${ms(kubectl)}`,
    goal,
    met: ratio >= Number.parseFloat(goal),
  };
}

/** @param {string} what @param {number} value @param {number} most @returns {Row} */
function limit(what, value, most) {
  return { what, ours: ms(value), other: "", goal: `<= ${ms(most)}`, met: value <= most };
}

/** @param {readonly Row[]} rows */
function format(rows) {
  const cells = rows.map(({ what, ours, other, goal, met }) => [
    what,
    ours,
    other,
    goal,
    goal === "" ? "" : met === undefined ? "not measured" : met ? "met" : "MISSED",
  ]);
  return [
    "| what | drift | beside | goal | |",
    "|---|---|---|---|---|",
    ...cells.map((row) => `| ${row.join(" | ")} |`),
  ].join("\n");
}

/** @param {string} table */
function page(table) {
  const cpu = os.cpus()[0]?.model ?? "unknown";
  const memory = (os.totalmem() / 2 ** 30).toFixed(0);
  return `# Benchmarks

Made by \`npm run bench -- --write\`. Read the ratios: both sides run in one go on the same machine.

Machine: ${os.availableParallelism()} cores (${cpu}), ${memory} GiB, ${os.platform()}, Node ${process.version}.

${table}
`;
}
