// Fifty overlays: against one `kubectl kustomize` each.
import { rmSync } from "node:fs";
import path from "node:path";
import { stringify } from "yaml";
import { median, runOnce, timeMedian } from "./measure.mjs";
import { commit, liveObjects, makeRepository, overlayNames, write } from "./repository.mjs";
import { beside, limit, ms } from "./table.mjs";

/** @typedef {import("./table.mjs").Row} Row @typedef {import("./run.mjs").Bench} Bench */

const overlays = 50;

/** @param {Bench} bench @returns {Promise<Row[]>} */
export async function overlayRows(bench) {
  const folder = path.join(bench.folder, "overlays");
  const repository = makeRepository(folder, overlays);
  const config = writeConfig(folder, repository);
  const cache = path.join(folder, "cache");
  const forget = () => rmSync(cache, { recursive: true, force: true });
  const scan = {
    file: process.execPath,
    args: [bench.drift, "scan", "-c", config, "--cache-dir", cache, "-o", "json"],
  };
  bench.say("overlays: drift");
  const cold = await timeMedian(scan, 3, forget);
  const warm = await timeMedian(scan, 5);
  const unchanged = await bench.probe(config, cache);
  const firstTimes = [];
  for (let index = 0; index < 5; index++) {
    forget();
    firstTimes.push((await bench.probe(config, cache)).firstMs);
  }
  bench.say("overlays: kubectl kustomize");
  const others = {
    other: await kubectlEach(repository, bench),
    otherName: `${overlays} x kubectl kustomize`,
  };
  const alone = await renderAlone(repository, bench);
  const touched = await probeTouched(repository, () => bench.probe(config, cache));
  return [
    beside({ what: "50 overlays, nothing cached, whole process", took: cold, ...others, times: 2.5 }),
    beside({
      what: "50 overlays, nothing changed, render stage",
      took: unchanged.renderMs,
      ...others,
      times: 50,
    }),
    beside({ what: "50 overlays, nothing changed, whole process", took: warm, ...others, times: 20 }),
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

/** @template T @param {string} repository @param {() => Promise<T>} probe */
function probeTouched(repository, probe) {
  write(
    path.join(repository, "overlays/o07/kustomization.yaml"),
    stringify({ namespace: "ns7", resources: ["../../base"] }),
  );
  commit(repository, "Change one overlay");
  return probe();
}

/** The milliseconds of one render in a bare process. @param {string} repository @param {Bench} bench */
async function renderAlone(repository, { root }) {
  const wasm = path.join(root, "kustomize/build/kustomize.wasm");
  const args = [path.join(root, "bench/alone.mjs"), wasm, repository, "overlays/o00"];
  return Number((await runOnce({ file: process.execPath, args })).stdout);
}

/** @param {string} folder @param {string} repository */
function writeConfig(folder, repository) {
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

/** @param {string} repository @param {Bench} bench */
async function kubectlEach(repository, { kubectl }) {
  if (kubectl === undefined) return undefined;
  let total = 0;
  for (const overlay of overlayNames(overlays)) {
    total += (await runOnce({ file: kubectl.file, args: ["kustomize", path.join(repository, overlay)] })).ms;
  }
  return total;
}
