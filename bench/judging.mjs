// A scan that finds something: who, since when, which line of Git, its last commit and owners; against rendering, comparing
// texts and asking Git by hand.
import { rmSync } from "node:fs";
import path from "node:path";
import { median, peak, runOnce, runSome } from "./measure.mjs";
import { makeJudgingWorld } from "./judging-world.mjs";
import { write } from "./repository.mjs";
import { beside, count, megabytes, ms, plain } from "./table.mjs";

/** @typedef {import("./table.mjs").Row} Row @typedef {import("./run.mjs").Bench} Bench */
/** @typedef {import("./judging-world.mjs").JudgingWorld} JudgingWorld */

const runs = 3;

/** @param {Bench} bench @returns {Promise<Row[]>} */
export async function judgingRows(bench) {
  const folder = path.join(bench.folder, "judging");
  bench.say("judging: a repository with a history, and its snapshots");
  const world = makeJudgingWorld(folder, bench.isQuick ? { services: 50 } : { services: 500 });
  bench.say("judging: drift");
  const clean = await measureScans(world.inSync, 0, { folder, bench });
  const found = await measureScans(world.drifted, world.findings, { folder, bench });
  bench.say("judging: by hand");
  const other = await byHand(world, bench);
  rmSync(folder, { recursive: true, force: true });
  const what = `${count(world.objects)} objects, ${world.findings} findings`;
  const others = { other, otherName: "kubectl kustomize, diff, git blame" };
  const rows = [
    beside({ what: `${what}: first scan`, took: found.first, ...others, times: undefined }),
    beside({ what: `${what}: later scans`, took: found.later, ...others, times: 2 }),
    plain(
      `${what}: the same without a finding`,
      `first ${ms(clean.first)}, later ${ms(clean.later)}`,
      `${megabytes(found.memory)} with findings, ${megabytes(clean.memory)} without`,
    ),
  ];
  bench.tell(rows);
  return rows;
}

/**
 * One scan with nothing cached and no state, and some after it.
 *
 * @param {string} config @param {number} findings @param {{ folder: string, bench: Bench }} where
 */
async function measureScans(config, findings, { folder, bench }) {
  const cache = path.join(folder, "cache");
  rmSync(cache, { recursive: true, force: true });
  const scan = {
    file: process.execPath,
    args: [bench.drift, "scan", "-c", config, "--cache-dir", cache, "-o", "json"],
    ok: [findings === 0 ? 0 : 1],
  };
  const first = await runOnce(scan);
  const later = await runSome(scan, runs);
  for (const { stdout } of [first, ...later]) checkJudged(stdout, findings);
  return {
    first: first.ms,
    later: median(later.map((run) => run.ms)),
    memory: peak([first, ...later].map((run) => run.megabytes)),
  };
}

/** A figure of a wrong result is none. @param {string} stdout @param {number} findings */
function checkJudged(stdout, findings) {
  /** @type {any[]} */
  const found = JSON.parse(stdout).targets.flatMap((/** @type {any} */ target) => target.findings);
  const judged = found.filter(
    ({ changes: [change] }) =>
      change?.attribution?.manager === "kubectl-edit" &&
      change.origin?.commit !== undefined &&
      change.origin.owners?.state === "owned" &&
      change.standing?.clock !== undefined,
  );
  if (judged.length !== findings)
    throw new Error(`${judged.length} of ${found.length} findings judged in full, not ${findings}`);
}

/** What it takes without drift to see the same differences and the last commits of their files. @param {JudgingWorld} world @param {Bench} bench */
async function byHand({ repository, overlays, live, edited }, { kubectl, folder }) {
  if (kubectl === undefined) return undefined;
  let total = 0;
  for (const overlay of overlays) {
    const render = await runOnce({
      file: kubectl.file,
      args: ["kustomize", path.join(repository, "overlays", overlay)],
    });
    const rendered = path.join(folder, "rendered.yaml");
    write(rendered, render.stdout);
    const diff = await runOnce({
      file: "diff",
      args: ["-u", rendered, path.join(live, `${overlay}.yaml`)],
      ok: [1],
    });
    total += render.ms + diff.ms;
  }
  for (const file of edited)
    total += (
      await runOnce({ file: "git", args: ["-C", repository, "blame", "--porcelain", "main", "--", file] })
    ).ms;
  return total;
}
