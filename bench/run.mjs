// npm run bench: what people run today beside us, as ratios in one run.
//
//   npm run bench -- [PART...] [--write] [--quick] [--objects=1000,10000]
//
// PART is overlays, command, cluster, builds, judging or files; all of them where none is named. --write puts the figures into
// docs/benchmarks.md. --quick leaves out what takes minutes. Progress goes to standard error.
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { bundle } from "../scripts/bundle.mjs";
import { buildRows } from "./builds.mjs";
import { clusterRows } from "./cluster.mjs";
import { commandRows } from "./command.mjs";
import { fileRows } from "./files.mjs";
import { judgingRows } from "./judging.mjs";
import { findKubectl } from "./kubectl.mjs";
import { runOnce } from "./measure.mjs";
import { overlayRows } from "./overlays.mjs";
import { writePage } from "./page.mjs";
import { format } from "./table.mjs";

/** What every part gets. @typedef {ReturnType<typeof makeBench>} Bench */
/** @typedef {{ title: string, words: string, measure: (bench: Bench) => Promise<import("./table.mjs").Row[]> }} Part */

const root = fileURLToPath(new URL("..", import.meta.url));

/** @type {Readonly<Record<string, Part>>} */
const parts = {
  overlays: {
    title: "Overlays",
    words: "A base of 20 mesh objects and 50 overlays on it, the live side a snapshot.",
    measure: overlayRows,
  },
  command: {
    title: "Start and comparison",
    words: "What every run pays, and what comparing costs without reading anything.",
    measure: commandRows,
  },
  cluster: {
    title: "A cluster",
    words: `A real API server on loopback (test/control-plane); half VirtualServices, half DestinationRules, in 20 namespaces.
\`kubectl diff\` runs once, as the administrator, on one file with what the ten overlays render to; drift runs three times,
with a user that may get and list only. Requests are counted in the server's audit log.`,
    measure: clusterRows,
  },
  builds: {
    title: "Large builds",
    words: `A base in one file and an overlay that sets a namespace, nothing cached, each in a process of its own: up to the
moment the render is there, and the whole scan with Git, comparison and memory.`,
    measure: buildRows,
  },
  judging: {
    title: "Judging what is found",
    words: `Ten overlays on one base of 20 commits, the live side a snapshot with managedFields; whole processes. Each finding comes
with its writer, the line of Git proved by rendering, the line's last commit and owners, a search of older commits and a
clock. By hand: each overlay rendered and compared as text, and the file behind each edit blamed.`,
    measure: judgingRows,
  },
  files: {
    title: "Large repositories",
    words: "Whole processes; the other files are ConfigMaps that no kustomization names.",
    measure: fileRows,
  },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    write: { type: "boolean", default: false },
    quick: { type: "boolean", default: false },
    objects: { type: "string" },
  },
});
const unknown = positionals.find((name) => !Object.hasOwn(parts, name));
if (unknown !== undefined) throw new Error(`no part ${unknown}: ${Object.keys(parts).join(", ")}`);
const chosen = Object.entries(parts).filter(
  ([name]) => positionals.length === 0 || positionals.includes(name),
);

const folder = mkdtempSync(path.join(os.tmpdir(), "drift-bench-"));
process.once("SIGINT", () => {
  rmSync(folder, { recursive: true, force: true });
  process.exit(130);
});
try {
  await bundle({ probe: "bench/probe.mjs", live: "bench/live.mjs" }, folder);
  const bench = makeBench();
  const sections = [];
  for (const [, { title, words, measure }] of chosen) {
    const rows = await measure(bench);
    const table = format(rows);
    console.log(`\n${title}\n\n${table}`);
    sections.push({ title, words, table });
    if (rows.some(({ met }) => met === false)) process.exitCode = 1;
  }
  if (values.write) {
    const titles = Object.values(parts).map(({ title }) => title);
    writePage(
      path.join(root, "docs/benchmarks.md"),
      sections,
      titles,
      bench.kubectl?.version ?? "no kubectl",
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** @param {string} text */
function say(text) {
  process.stderr.write(`${text}\n`);
}

function makeBench() {
  const isQuick = values.quick;
  return {
    root,
    folder,
    drift: path.join(root, "dist/main.mjs"),
    kubectl: findKubectl(),
    isQuick,
    /** How many objects the cluster gets, ascending. */
    sizes: (values.objects ?? (isQuick ? "1000" : "1000,10000")).split(",").map(Number),
    /** How many it gets at last, Git having no more. */
    bulk: isQuick ? 0 : 100_000,
    say,
    /** Rows as they are measured: the table comes only when all of them are. */
    tell: (/** @type {readonly import("./table.mjs").Row[]} */ rows) => {
      for (const { what, ours, other } of rows) say(`  ${what}: ${ours}${other && ` | ${other}`}`);
    },
    /** One scan with the times of its stages, in a process of its own; what is in the cache is used. */
    probe: async (/** @type {string} */ config, /** @type {string} */ cache) => {
      const args = [path.join(folder, "probe.mjs"), root, config, cache];
      const { ms, megabytes, stdout } = await runOnce({ file: process.execPath, args });
      /** @type {{ firstMs: number, renderMs: number, rendered: number, objects: number, blobs: number }} */
      const inside = JSON.parse(stdout);
      return { ...inside, ms, megabytes };
    },
  };
}
