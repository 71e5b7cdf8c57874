// How fast the command starts, and how fast it compares.
import path from "node:path";
import { runOnce, runSome, timeMedian } from "./measure.mjs";
import { limit, ms, plain } from "./table.mjs";

/** @typedef {import("./table.mjs").Row} Row @typedef {import("./run.mjs").Bench} Bench */

/** @param {Bench} bench @returns {Promise<Row[]>} */
export async function commandRows(bench) {
  bench.say("command");
  return [...(await startRows(bench)), ...(await compareRows(bench))];
}

/** @param {Bench} bench @returns {Promise<Row[]>} */
async function startRows({ drift, root }) {
  const bare = await timeMedian({ file: process.execPath, args: ["-e", "0"] }, 9);
  const help = await timeMedian({ file: process.execPath, args: [drift, "--help"] }, 9);
  await runOnce({
    file: process.execPath,
    args: [path.join(root, "scripts/demo.mjs")],
    env: { NO_COLOR: "1" },
  });
  const config = path.join(root, "demo/drift.yaml");
  const demo = { file: process.execPath, args: [drift, "scan", "-c", config], ok: [1] };
  await runOnce(demo);
  return [
    { ...limit("drift --help", help, bare + 80), other: `bare node ${ms(bare)}` },
    limit("the demo's scan, second time", await timeMedian(demo, 5), 1000),
  ];
}

/** @param {Bench} bench @returns {Promise<Row[]>} */
async function compareRows({ root }) {
  const compared = async (/** @type {number} */ respelledPercent) => {
    const args = [path.join(root, "bench/compare.mjs"), String(respelledPercent)];
    const runs = (await runSome({ file: process.execPath, args }, 3)).map(({ stdout }) => JSON.parse(stdout));
    return runs.sort((a, b) => a.ms - b.ms)[1];
  };
  const [once, respelled] = [await compared(0), await compared(10)];
  const text = (/** @type {{ ms: number, megabytes: number }} */ run) =>
    `${ms(run.ms)}, ${run.megabytes.toFixed(0)} MB`;
  return [
    {
      what: `10,000 objects a side of ${(once.bytes / 1000).toFixed(1)} KB, 1 % different, compared`,
      ours: text(once),
      other: "",
      goal: "<= 2000 ms, 500 MB",
      met: once.ms <= 2000 && once.megabytes <= 500,
    },
    plain("the same, 10 % more spelled otherwise", text(respelled)),
  ];
}
