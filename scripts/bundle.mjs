import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/**
 * Bundles modules with what they import, because loading some hundred small ones costs a run 0.2 s. What is imported
 * late stays in chunks of its own; the renderer's worker thread goes beside them.
 *
 * @param {Record<string, string>} entryPoints name -> path from the root of the repository
 * @param {string} folder an absolute path
 */
export async function bundle(entryPoints, folder) {
  await build({
    absWorkingDir: fileURLToPath(new URL("..", import.meta.url)),
    entryPoints: { ...entryPoints, "render-worker": "src/adapters/kustomize/render-worker.mjs" },
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    chunkNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    // CommonJS packages ask for Node's own modules by `require`.
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    logLevel: "warning",
  });
}
