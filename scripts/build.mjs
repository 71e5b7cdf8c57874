/** `npm run build`, also at the end of `npm ci`: declarations, bundles, and the renderer unpacked. */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.mjs";
import { unpackKustomize } from "./unpack-kustomize.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = path.join(root, "dist");

function declareTypes() {
  const tsc = path.join(root, "node_modules/typescript/bin/tsc");
  const { status } = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], {
    cwd: root,
    stdio: "inherit",
  });
  return status === 0;
}

rmSync(dist, { recursive: true, force: true });
try {
  unpackKustomize(path.join(root, "kustomize"));
  await bundle({ main: "src/main.ts", compare: "src/core/compare/compare.ts" }, dist);
  if (!declareTypes()) process.exitCode = 1;
} catch (error) {
  console.error(`drift cannot be built: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
