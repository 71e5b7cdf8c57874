// Reading a real API server, beside `kubectl diff`.
import { rmSync } from "node:fs";
import path from "node:path";
import { stringify } from "yaml";
import { builtControlPlane } from "../scripts/control-plane-cache.mjs";
import { startControlPlane } from "./control-plane.mjs";
import { fillCluster, makeNamespaces } from "./fill-cluster.mjs";
import { median, peak, runOnce, runSome } from "./measure.mjs";
import { meshObject, namespaceCount, namespaceOf } from "./mesh-objects.mjs";
import { commit, render, write } from "./repository.mjs";
import { beside, count, megabytes, ms, plain } from "./table.mjs";

/** @typedef {import("./table.mjs").Row} Row @typedef {import("./control-plane.mjs").Asked} Asked */
/** @typedef {import("./control-plane.mjs").ControlPlane} ControlPlane */
/** @typedef {import("./run.mjs").Bench} Bench */

const overlayCount = 10;
const runs = 3;
/** How much faster than `kubectl diff` reading and comparing has to be, by the number of objects. */
const goals = new Map([
  [1000, 30],
  [10_000, 50],
]);
/** The longest that filling the cluster beyond what Git has may take. */
const mostFillMs = 8 * 60_000;
const mostMegabytes = 500;

/** @param {Bench} bench @returns {Promise<Row[]>} */
export async function clusterRows(bench) {
  const binary = builtControlPlane();
  if (binary === undefined) return [plain("a real API server", "the test control plane is not built")];
  const folder = path.join(bench.folder, "cluster");
  const server = await startControlPlane(path.join(folder, "server"), binary);
  try {
    await makeNamespaces(server.admin, "team");
    const rows = [];
    let filled = 0;
    for (const size of bench.sizes) {
      bench.say(`cluster: ${size} objects are loaded`);
      const options = { from: filled, to: size, team: "team", mostMs: Infinity, say: bench.say };
      filled = await fillCluster(server.admin, options);
      const world = makeWorld(path.join(folder, String(size)), size, server);
      const measured = await measureSize(world, server, bench);
      if (size === bench.sizes[0]) measured.push(await readOnlyRow(world, server, bench));
      bench.tell(measured);
      rows.push(...measured);
      if (size === bench.sizes.at(-1) && bench.bulk > size)
        rows.push(...(await bulkRows(world, server, bench)));
    }
    return rows;
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What both tools get. @typedef {ReturnType<typeof makeWorld>} World */

/**
 * A repository with ten overlays, each of two namespaces, and one file with everything that they render to.
 *
 * @param {string} folder @param {number} size @param {ControlPlane} server
 */
function makeWorld(folder, size, server) {
  const repository = path.join(folder, "git");
  const perOverlay = namespaceCount / overlayCount;
  const objects = Array.from({ length: size }, (_, index) => meshObject(index));
  const targets = Array.from({ length: overlayCount }, (_, number) => {
    const namespaces = Array.from({ length: perOverlay }, (_, index) =>
      namespaceOf(2 * (number * perOverlay + index), "team"),
    );
    const name = `o${number}`;
    const own = objects.filter(({ metadata }) => namespaces.includes(metadata.namespace));
    const overlay = path.join(repository, "overlays", name);
    write(path.join(overlay, "kustomization.yaml"), stringify({ resources: ["mesh.yaml"] }));
    write(path.join(overlay, "mesh.yaml"), documents(own));
    return { name, overlay: `overlays/${name}`, cluster: "c", scope: { namespaces } };
  });
  commit(repository, "A mesh");
  write(path.join(folder, "all.yaml"), documents(objects));
  const clusters = { c: { context: "reader", kubeconfig: server.kubeconfig("reader") } };
  const config = path.join(folder, "drift.yaml");
  write(config, stringify({ version: 1, repository: { url: repository }, clusters, targets, render }));
  return { size, config, cache: path.join(folder, "cache"), everything: path.join(folder, "all.yaml") };
}

/** @param {readonly unknown[]} objects */
function documents(objects) {
  return objects.map((object) => stringify(object)).join("---\n");
}

/** @param {World} world @param {ControlPlane} server @param {Bench} bench @returns {Promise<Row[]>} */
async function measureSize(world, server, bench) {
  const what = `${count(world.size)} objects, 10 % changed`;
  bench.say(`cluster: kubectl diff of ${world.size} objects`);
  const diff = bench.kubectl && (await kubectlDiff(world, server, bench.kubectl.file));
  bench.say(`cluster: drift with ${world.size} objects`);
  const { scans, inside, floor } = await measureDrift(world, server, bench);
  const insideMs = median(inside.map(({ readMs, judgeMs }) => readMs + judgeMs));
  const scanMs = median(scans.map(({ run }) => run.ms));
  const others = { other: diff?.run.ms, otherName: "kubectl diff" };
  return [
    beside({
      what: `${what}: live read and comparison`,
      took: insideMs,
      ...others,
      times: goals.get(world.size),
    }),
    beside({
      what: `${what}: whole scan, renders from the cache`,
      took: scanMs,
      ...others,
      times: undefined,
    }),
    floorRow(what, inside, floor),
    memoryRow(what, peak(scans.map(({ run }) => run.megabytes))),
    requestsRow(
      what,
      scans.map(({ asked }) => asked),
      `kubectl diff${diff === undefined ? ": not here" : ` ${byVerb(diff.asked)}`}`,
      bound(inside[0].kinds, world.size),
    ),
  ];
}

/** @param {World} world @param {ControlPlane} server @param {Bench} bench */
async function measureDrift(world, server, bench) {
  const { config, cache } = world;
  const scan = {
    file: process.execPath,
    args: [bench.drift, "scan", "-c", config, "--cache-dir", cache, "-o", "json"],
    ok: [1],
  };
  // Renders everything.
  checkScan(await runOnce(scan), world.size);
  const scans = [];
  for (let index = 0; index < runs; index++) {
    const recorded = await server.record("reader", () => runOnce(scan));
    checkScan(recorded.run, world.size);
    scans.push(recorded);
  }
  const args = [path.join(bench.folder, "live.mjs"), bench.root, config, cache];
  const inside = (await runSome({ file: process.execPath, args }, runs)).map(({ stdout }) =>
    JSON.parse(stdout),
  );
  for (const { changed } of inside) mustBe(changed, world.size / 10, "objects that are changed");
  return { scans, inside, floor: await readBare(server, scans[0]?.asked ?? [], bench) };
}

/** The same lists without drift. @param {ControlPlane} server @param {readonly Asked[]} asked @param {Bench} bench */
async function readBare(server, asked, bench) {
  const paths = new Set(asked.filter(({ verb }) => verb === "list").map((one) => one.path));
  const args = [path.join(bench.root, "bench/list.mjs"), server.kubeconfig("reader"), ...paths];
  const all = (await runSome({ file: process.execPath, args }, runs)).map(({ stdout }) => JSON.parse(stdout));
  return { ...all[0], ms: median(all.map((one) => one.ms)) };
}

/** @param {World} world @param {ControlPlane} server @param {string} file */
async function kubectlDiff({ size, everything }, server, file) {
  const args = ["diff", "-f", everything, "--kubeconfig", server.kubeconfig("admin")];
  const recorded = await server.record("admin", () => runOnce({ file, args, ok: [1] }));
  mustBe(recorded.run.stdout.match(/^diff /gm)?.length, size / 10, "objects that kubectl diff tells");
  return recorded;
}

/** @param {import("./measure.mjs").Run} run @param {number} size */
function checkScan({ stdout }, size) {
  const { changed, missing, extra, inSync } = JSON.parse(stdout).summary;
  mustBe(changed, size / 10, "objects that are changed");
  mustBe(inSync, size - size / 10, "objects that are in sync");
  mustBe(missing + extra, 0, "objects that are missing or extra");
}

/** A figure of a wrong result is none. @param {unknown} actual @param {number} expected @param {string} what */
function mustBe(actual, expected, what) {
  if (actual !== expected) throw new Error(`${what}: ${actual} instead of ${expected}`);
}

/**
 * The most requests that are needed: one for each kind, one more for each 500 objects, and one that asks for the kinds.
 *
 * @param {number} kinds @param {number} size
 */
function bound(kinds, size) {
  return kinds - 2 + 2 * Math.ceil(size / 2 / 500) + 1;
}

/**
 * What reading costs more than it has to.
 *
 * @param {string} what
 * @param {readonly { readMs: number, judgeMs: number }[]} inside
 * @param {{ ms: number, objects: number, megabytes: number }} floor
 */
function floorRow(what, inside, floor) {
  const read = median(inside.map(({ readMs }) => readMs));
  const judge = median(inside.map(({ judgeMs }) => judgeMs));
  return plain(
    `${what}: reading alone`,
    `${ms(read)}, comparing ${ms(judge)}`,
    `the same lists in bare Node, parsed only ${ms(floor.ms)} (${floor.megabytes.toFixed(1)} MB)`,
  );
}

/** @param {string} what @param {number | undefined} most @returns {Row} */
function memoryRow(what, most) {
  const row = plain(`${what}: most memory of the scan`, megabytes(most));
  return {
    ...row,
    goal: `<= ${mostMegabytes} MB`,
    met: most === undefined ? undefined : most <= mostMegabytes,
  };
}

/**
 * @param {string} what @param {readonly (readonly Asked[])[]} scans @param {string} other @param {number} most
 * @returns {Row}
 */
function requestsRow(what, scans, other, most) {
  const isReading = scans.every((asked) => asked.every(({ verb }) => verb === "get" || verb === "list"));
  const mostAsked = Math.max(...scans.map((asked) => asked.length));
  return {
    what: `${what}: requests, each of ${scans.length} scans`,
    ours: [...new Set(scans.map(byVerb))].join("; "),
    other,
    goal: `get and list, <= ${most}`,
    met: isReading && mostAsked <= most,
  };
}

/** "1 get, 28 list" @param {readonly Asked[]} asked */
function byVerb(asked) {
  const counts = new Map();
  for (const { verb } of asked) counts.set(verb, (counts.get(verb) ?? 0) + 1);
  return [...counts]
    .sort()
    .map(([verb, times]) => `${count(times)} ${verb}`)
    .join(", ");
}

/** @param {World} world @param {ControlPlane} server @param {Bench} bench @returns {Promise<Row>} */
async function readOnlyRow({ everything }, server, { kubectl }) {
  const what = "with the read-only user";
  if (kubectl === undefined) return plain(what, "works (all of the above)", "kubectl diff: not here");
  const args = ["diff", "-f", everything, "--kubeconfig", server.kubeconfig("reader")];
  const { run, asked } = await server.record("reader", () => runOnce({ file: kubectl.file, args, ok: [2] }));
  const refused = asked.filter(({ code }) => code === 403).map(({ verb }) => verb);
  if (!run.stderr.includes("orbidden")) throw new Error(`kubectl diff: ${run.stderr.slice(0, 500)}`);
  return plain(
    what,
    "works (all of the above)",
    `kubectl diff ends with ${run.status}: ${[...new Set(refused)].join()} is forbidden`,
  );
}

/** A cluster that holds far more than Git. @param {World} world @param {ControlPlane} server @param {Bench} bench @returns {Promise<Row[]>} */
async function bulkRows(world, server, bench) {
  bench.say(`cluster: up to ${bench.bulk} objects are loaded`);
  await makeNamespaces(server.admin, "other");
  const options = { from: world.size, to: bench.bulk, team: "other", mostMs: mostFillMs, say: bench.say };
  const filled = await fillCluster(server.admin, options);
  bench.say(`cluster: drift with ${filled} objects`);
  const { scans, inside, floor } = await measureDrift(world, server, bench);
  const what = `${count(filled)} objects, ${count(world.size)} of them in Git`;
  return [
    plain(
      `${what}: whole scan, renders from the cache`,
      `${ms(median(scans.map(({ run }) => run.ms)))}, ${megabytes(peak(scans.map(({ run }) => run.megabytes)))}`,
    ),
    floorRow(what, inside, floor),
    requestsRow(
      what,
      scans.map(({ asked }) => asked),
      "",
      bound(inside[0].kinds, filled),
    ),
  ];
}
