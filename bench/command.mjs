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

/** What is compared: the two kinds that every mesh has most of, and all that have a table. */
const mixes = [
  { kinds: "VirtualService,DestinationRule", words: "half VirtualServices, half DestinationRules" },
  { kinds: "all", words: "of all kinds with a table" },
];

/** The quickest of some runs: others may be at work on the machine. @param {Bench} bench @returns {Promise<Row[]>} */
async function compareRows({ root }) {
  const compared = async (/** @type {string} */ kinds, /** @type {number} */ respelledPercent) => {
    const args = [path.join(root, "bench/compare.mjs"), kinds, String(respelledPercent)];
    const runs = (await runSome({ file: process.execPath, args }, 5)).map(({ stdout }) => JSON.parse(stdout));
    return runs.sort((a, b) => a.ms - b.ms)[0];
  };
  const text = (/** @type {{ ms: number, megabytes: number }} */ run) =>
    `${ms(run.ms)}, ${run.megabytes.toFixed(0)} MB`;
  const rows = [];
  for (const { kinds, words } of mixes) {
    const [once, respelled] = [await compared(kinds, 0), await compared(kinds, 10)];
    const size = `${(once.bytes / 1000).toFixed(1)} KB`;
    const what = `10,000 objects a side of ${size}, ${words.replace("all", `all ${once.kinds}`)}, 1 % different, compared`;
    const met = once.ms <= 2000 && once.megabytes <= 500;
    rows.push({ what, ours: text(once), other: "", goal: "<= 2000 ms, 500 MB", met });
    rows.push(plain("the same, 10 % more spelled otherwise", text(respelled)));
  }
  return rows;
}
