// Reads a cluster and judges it, in a process of its own: node live.mjs PACKAGE CONFIG CACHE, bundled as the program is.
// Prints {readMs, judgeMs, objects, changed, kinds}: the time of the two (what is rendered before comes from the cache and
// is not counted), how many objects were kept, how many of them are changed, and how many kinds were asked for.
import { judgeCluster } from "../src/core/judge/judge-cluster.ts";
import { meshKinds } from "../src/core/mesh/kinds.ts";
import { createCheckouts } from "../src/pipeline/checkouts.ts";
import { readDesired } from "../src/pipeline/desired.ts";
import { liveRequest } from "../src/pipeline/live-request.ts";
import { meshOptions } from "../src/pipeline/mesh-options.ts";
import { openScan } from "./open-scan.mjs";

const { config, ports, close } = await openScan(process.argv.slice(2));
const [cluster] = config.clusters.values();
if (cluster === undefined) throw new Error("the configuration has no cluster");
const checkouts = createCheckouts(ports.source);
const port = ports.live(cluster);
try {
  const desired = await readAllDesired();
  const started = performance.now();
  const read = await port.read(
    liveRequest(cluster, config.targets, Promise.resolve(desired), { now: new Date() }),
  );
  const readMs = performance.now() - started;
  const sides = config.targets.flatMap(({ name, scope }) => {
    const side = desired.get(name);
    return side === undefined ? [] : [{ name, scope, isReported: true, desired: side }];
  });
  const judgements = judgeCluster(sides, read, { ...config.compare, ...meshOptions(cluster.istio) });
  const judgeMs = performance.now() - started - readMs;
  const changed = [...judgements.values()]
    .flatMap(({ findings }) => findings)
    .filter(({ type }) => type === "changed").length;
  const objects = read.resources.length;
  console.log(JSON.stringify({ readMs, judgeMs, objects, changed, kinds: meshKinds.length }));
} finally {
  port.close();
  await checkouts.close();
  await close();
}

/** By the name of the target. */
async function readAllDesired() {
  const context = {
    checkouts,
    renderer: ports.renderer,
    openBase: () => Promise.reject(new Error("there are no remote bases")),
  };
  const sides = config.targets.map(async (target) => {
    const side = await readDesired(target, context);
    if (side.type === "failed") throw new Error(`${target.name}: ${side.unchecked.reason}`);
    return /** @type {const} */ ([target.name, side]);
  });
  return new Map(await Promise.all(sides));
}
