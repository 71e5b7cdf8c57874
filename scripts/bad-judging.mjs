// What is said of bad input to judging: each case is the demo's cluster eu1 with one thing wrong, scanned (or explained) by
// the built command. Prints for each which lines of the report differ from the healthy world's: node scripts/bad-judging.mjs
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { fileCases } from "./bad-judging-files.mjs";
import { keptCases } from "./bad-judging-kept.mjs";
import { liveCases } from "./bad-judging-live.mjs";
import { copyWorld, makeWorld } from "./bad-judging-world.mjs";

/** @typedef {import("./bad-judging-world.mjs").World} World @typedef {import("./bad-judging-world.mjs").Case} Case */

const drift = fileURLToPath(new URL("../dist/main.mjs", import.meta.url));
const failingDisk = new URL("failing-disk.mjs", import.meta.url).href;

const cases = [...liveCases, ...fileCases, ...keptCases];

/**
 * What came of one run: `lines` of the report and of standard error, `result` as JSON has it.
 * @typedef {{ exitCode: number, lines: readonly string[], result: any, endedMs: number }} Run
 */

/**
 * Runs the command in a world. Two reports of one run: what people read, and what programs do.
 * @param {World} world
 * @param {string} cache
 * @param {Partial<Case>} [one]
 * @returns {Promise<Run>}
 */
function run({ folder }, cache, { explain, disk } = {}) {
  const json = path.join(folder, "result.json");
  const flags = [
    "-c",
    path.join(folder, "drift.yaml"),
    "--cache-dir",
    cache,
    "-o",
    "text",
    "-o",
    `json=${json}`,
    "--width",
    "2000",
  ];
  const what = explain === undefined ? ["scan"] : ["explain", "prod-eu1", explain];
  const preload = disk === undefined ? [] : ["--import", failingDisk];
  const failing =
    disk === undefined ? {} : { FAILING_FOLDER: path.join(folder, "state"), FAILING_CODE: disk };
  return new Promise((resolve) => {
    const args = [...preload, drift, ...what, ...flags];
    const options = { env: { ...process.env, npm_command: undefined, ...failing }, maxBuffer: 1 << 28 };
    const child = execFile(process.execPath, args, options, (_error, stdout, stderr) =>
      resolve({
        exitCode: child.exitCode ?? -1,
        lines: normalise(`${stderr}${stdout}`, folder).split("\n"),
        result: readJson(json),
        endedMs: Date.now(),
      }),
    );
  });
}

/** @param {string} file */
function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}

/** Without what is another one each time, and in another place. @param {string} text @param {string} folder */
function normalise(text, folder) {
  return text
    .replaceAll(folder, "")
    .replaceAll(/(\n {2}git {3}overlays.*\n).*/g, "$1        <the last commit>")
    .replaceAll(/damaged-[\da-f]{12}/g, "damaged-<digest>")
    .replaceAll(/\b[\da-f]{7}\b/g, "<commit>")
    .replaceAll(/--until=[\d-]{10}/g, "--until=<day>")
    .replaceAll(/\d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC/g, "<time>")
    .replaceAll(/\b\d+ (?:s|min)(?=, since)/g, "<moments>")
    .replaceAll(/\b\d+ (?:s|min) ago/g, "just now")
    .replaceAll(/\b\d{4,} days/g, "<many> days")
    .replaceAll(/ --cache-dir \S+ --width 2000| --cache-dir \S+/g, "");
}

/**
 * The healthy world, what it comes to, and what each case does.
 * @returns {Promise<readonly { one: Case, healthy: Run, bad: Run }[]>}
 */
export async function runCases() {
  const folder = mkdtempSync(path.join(tmpdir(), "drift-bad-judging-"));
  try {
    return await runIn(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} folder */
async function runIn(folder) {
  const cache = path.join(folder, "cache");
  const first = makeWorld(path.join(folder, "first"));
  const known = copyWorld(first, path.join(folder, "known"));
  await run(known, cache);
  /** What the healthy world comes to, asked in the same way. @param {Case} one */
  const idOf = ({ knows = false, explain = "" }) => `${knows ? "known" : "first"} ${explain}`;
  /** @type {Map<string, Promise<Run>>} */
  const healthy = new Map();
  let count = 0;
  /** @param {Case} one */
  const start = (one) => {
    count += 1;
    return copyWorld(one.knows === true ? known : first, path.join(folder, String(count)));
  };
  /** @param {Case} one */
  const runOne = async (one) => {
    const id = idOf(one);
    const asked =
      healthy.get(id) ?? run(start(one), cache, one.explain === undefined ? {} : { explain: one.explain });
    healthy.set(id, asked);
    const world = start(one);
    one.change(world);
    const bad = await run(world, cache, one);
    rmSync(world.folder, { recursive: true });
    return { one, healthy: await asked, bad };
  };
  return await inTwos(cases, runOne);
}

/**
 * Two at a time: each is a process.
 * @template T, R
 * @param {readonly T[]} items
 * @param {(item: T) => Promise<R>} work
 * @returns {Promise<R[]>}
 */
async function inTwos(items, work) {
  /** @type {R[]} */
  const results = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all([worker(), worker()]);
  return results;
}

/**
 * How long the longest common subsequence of the lines from each place on is.
 * @param {readonly string[]} before
 * @param {readonly string[]} after
 */
function commonFrom(before, after) {
  const lengths = [...before, ""].map(() => [...after, ""].map(() => 0));
  const at = (/** @type {number} */ i, /** @type {number} */ j) => lengths[i]?.[j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    const row = lengths[i] ?? [];
    for (let j = after.length - 1; j >= 0; j--)
      row[j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  return at;
}

/**
 * The lines that differ, as a diff has them.
 * @param {readonly string[]} before
 * @param {readonly string[]} after
 */
export function differing(before, after) {
  const common = commonFrom(before, after);
  const told = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (before[i] === after[j]) [i, j] = [i + 1, j + 1];
    else if (j === after.length || (i < before.length && common(i + 1, j) >= common(i, j + 1)))
      told.push(`- ${String(before[i++])}`);
    else told.push(`+ ${String(after[j++])}`);
  }
  return told;
}

/** What people read. @param {Awaited<ReturnType<typeof runCases>>} results */
export function formatResults(results) {
  const worlds = new Map(results.map(({ one, healthy }) => [titleOf(one), healthy.lines]));
  const wholes = [...worlds].map(([title, lines]) => `${title}\n\n${lines.join("\n")}`);
  const rows = results.map(({ one, healthy, bad }) => {
    const lines = differing(healthy.lines, bad.lines).map((line) => line.trimEnd());
    const title = `## ${one.about}: ${one.name}`;
    return [title, `exit ${String(bad.exitCode)}, beside: ${titleOf(one)}`, ...lines, ""].join("\n");
  });
  return [...wholes, ...rows].join("\n");
}

/** @param {Case} one */
function titleOf({ knows, explain }) {
  const when = knows === true ? "after one scan" : "nothing known before";
  return `${explain === undefined ? "scan" : `explain ${explain}`}, ${when}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  process.stdout.write(formatResults(await runCases()));
}
