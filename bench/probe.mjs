// One scan in a process of its own, with the times of its stages: node probe.mjs PACKAGE CONFIG CACHE, bundled as the
// program is.
// Prints {firstMs, renderMs, rendered, objects, blobs}: from process start to the first rendered overlay, the whole
// render stage, how many overlays the renderer was needed for, how many objects came out, and how many blobs were read.
import { runScan } from "../src/pipeline/scan.ts";
import { openScan } from "./open-scan.mjs";

const { config, ports, close } = await openScan(process.argv.slice(2));
const { source, renderer } = ports;
let [firstMs, startedMs, endedMs, rendered, objects] = [0, 0, 0, 0, 0];
const blobs = new Set();

/** @type {import("../src/ports/renderer.ts").RendererPort} */
const timedRenderer = {
  version: renderer.version,
  prepare: (overlays) => renderer.prepare(overlays),
  close: () => renderer.close(),
  render: async (request) => {
    startedMs ||= performance.now();
    const render = await renderer.render(request);
    firstMs ||= performance.now();
    endedMs = performance.now();
    if (render.type === "failed") throw new Error(`${request.overlay}: ${render.reason}`);
    if (!render.cached) rendered += 1;
    objects += render.resources.length;
    return render;
  },
};

/** @type {import("../src/ports/source.ts").SourcePort} */
const countingSource = {
  checkout: async (request) => {
    const checkout = await source.checkout(request);
    return {
      ...checkout,
      readBlobs: (oids) => {
        for (const oid of oids) blobs.add(oid);
        return checkout.readBlobs(oids);
      },
    };
  },
};

try {
  await runScan(
    config,
    { ...ports, source: countingSource, renderer: timedRenderer },
    {
      targets: config.targets,
      tolerated: [],
      now: () => new Date(),
      fingerprintKey: "bench",
      version: "0",
    },
  );
} finally {
  await close();
}
console.log(JSON.stringify({ firstMs, renderMs: endedMs - startedMs, rendered, objects, blobs: blobs.size }));
