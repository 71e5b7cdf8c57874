// One scan in a process of its own, with the times of its stages: node probe.mjs PACKAGE CONFIG CACHE cold|warm, bundled as
// the program is.
// Prints {firstMs, renderMs, rendered}: from process start to the first rendered overlay, the whole render stage, and
// how many overlays the renderer was needed for.
import { loadConfig } from "../src/config/load.ts";
import { runScan } from "../src/pipeline/scan.ts";
import { wireScan } from "../src/wire.ts";

const [packageFolder = "", configPath = "", cacheFolder = "", mode = ""] = process.argv.slice(2);
const now = () => new Date();
const { config } = await loadConfig(process.cwd(), configPath);
const onWarning = (/** @type {string} */ message) => console.error(message);
const { ports, close } = await wireScan(config, {
  packageFolder,
  cacheFolder,
  useCache: true,
  now,
  stdin: process.stdin,
  onWarning,
  onGitProgress: () => undefined,
});
let firstMs = 0;
let startedMs = 0;
let endedMs = 0;
let rendered = 0;
const renderer = {
  ...ports.renderer,
  prepare: (/** @type {readonly string[]} */ overlays) => ports.renderer.prepare(overlays),
  render: async (/** @type {any} */ checkout, /** @type {string} */ overlay) => {
    startedMs ||= performance.now();
    const render = await ports.renderer.render(checkout, overlay);
    firstMs ||= performance.now();
    endedMs = performance.now();
    if (render.type === "failed") throw new Error(`${overlay}: ${render.reason}`);
    if (!render.cached) rendered += 1;
    return render;
  },
};
try {
  await runScan(
    config,
    { ...ports, renderer },
    { targets: config.targets, tolerated: [], now, fingerprintKey: "bench", version: "0" },
  );
} finally {
  await close();
}
console.log(JSON.stringify({ mode, firstMs, renderMs: endedMs - startedMs, rendered }));
