/**
 * `npm run build`, also at the end of `npm ci`: declarations, bundles, and the renderer unpacked. Does nothing where
 * dist/ is up to date, because npm runs it again before the first `npx drift` in a clone.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.mjs";
import { digestOf } from "./digest-of.mjs";
import { unpackKustomize } from "./unpack-kustomize.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = path.join(root, "dist");

/** Written last: what dist was made from, and what was made. */
const stampName = ".built-from";

/** All that decides what dist holds; what the packages hold is in the lock file. */
const inputs = [
  ...["src", "scripts/build.mjs", "scripts/bundle.mjs", "scripts/digest-of.mjs"],
  ...["package.json", "package-lock.json", "kustomize/artefact.json"],
];

function inputDigest() {
  const settings = readdirSync(root).filter((name) => /^tsconfig.*\.json$/.test(name));
  return digestOf(root, [...inputs, ...settings]);
}

/** @param {string} folder */
function outputDigest(folder) {
  return digestOf(
    folder,
    readdirSync(folder).filter((name) => name !== stampName),
  );
}

function isUpToDate() {
  try {
    return readFileSync(path.join(dist, stampName), "utf8") === `${inputDigest()} ${outputDigest(dist)}\n`;
  } catch {
    // Nothing is there, or not all of it.
    return false;
  }
}

/** @param {string} folder */
function declareTypes(folder) {
  const tsc = path.join(root, "node_modules/typescript/bin/tsc");
  const { status } = spawnSync(
    process.execPath,
    [tsc, "-p", "tsconfig.build.json", "--outDir", path.join(folder, "types")],
    { cwd: root, stdio: "inherit" },
  );
  if (status !== 0) throw new Error("its types do not fit, as told above");
}

/** Folders beside dist, each named after the process that builds in it. */
const workName = /^dist\.(\d+)(?:\.old)?$/;

/** Removes what builds left behind that were ended in the middle. */
function removeLeftovers() {
  for (const name of readdirSync(root)) {
    const pid = workName.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) rmSync(path.join(root, name), { recursive: true });
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

/**
 * Puts a whole folder in the place of dist. Another build may do the same meanwhile: the last one wins.
 * @param {string} fresh
 */
function swapIn(fresh) {
  const old = `${fresh}.old`;
  for (let left = 10; ; left--) {
    try {
      renameIfPresent(dist, old);
      renameSync(fresh, dist);
      return;
    } catch (error) {
      if (left === 0 || !["ENOTEMPTY", "EEXIST"].includes(codeOf(error))) throw error;
    } finally {
      rmSync(old, { recursive: true, force: true });
    }
  }
}

/** @param {string} from @param {string} to */
function renameIfPresent(from, to) {
  try {
    renameSync(from, to);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

async function build() {
  removeLeftovers();
  const fresh = path.join(root, `dist.${String(process.pid)}`);
  // Before anything is read: what is edited meanwhile counts as not built.
  const builtFrom = inputDigest();
  mkdirSync(fresh);
  try {
    await bundle({ main: "src/main.ts", compare: "src/core/compare/compare.ts" }, fresh);
    declareTypes(fresh);
    writeFileSync(path.join(fresh, stampName), `${builtFrom} ${outputDigest(fresh)}\n`);
    swapIn(fresh);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

try {
  unpackKustomize(path.join(root, "kustomize"));
  if (!isUpToDate()) await build();
} catch (error) {
  console.error(`drift cannot be built: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
