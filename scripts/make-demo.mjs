import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { buildShop } from "./shop-history.mjs";

const fixtures = fileURLToPath(new URL("../fixtures/", import.meta.url));

/** What tells a demo folder of ours from somebody's own. */
const marker = ".made-by-npm-run-demo";

/** When the snapshots of fixtures/live were "taken". */
const recordedAtMs = Date.parse("2026-03-02T09:00:00Z");

const timestamp = /\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z/g;

/**
 * Makes the demo afresh in `folder`: shop/ (a Git repository), live/ (snapshots of two clusters) and drift.yaml.
 * All dates are moved so that the snapshots were taken at `nowMs`.
 * Throws, before anything is touched, where `folder` is something that this function did not make.
 * @param {string} folder
 * @param {number} nowMs
 */
export function makeDemo(folder, nowMs) {
  clear(folder);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, marker), "npm run demo deletes this folder and makes it again.\n");
  buildShop(path.join(folder, "shop"), nowMs);
  copySnapshots(path.join(folder, "live"), nowMs - recordedAtMs);
  cpSync(path.join(fixtures, "drift.yaml"), path.join(folder, "drift.yaml"));
}

/** @param {string} folder */
function clear(folder) {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isDirectory() || !existsSync(path.join(folder, marker))) {
    throw new Error(`${folder} is in the way and was not made by the demo: move it or delete it yourself`);
  }
  rmSync(folder, { recursive: true });
}

/**
 * @param {string} folder
 * @param {number} shiftMs
 */
function copySnapshots(folder, shiftMs) {
  for (const cluster of readdirSync(path.join(fixtures, "live"))) {
    mkdirSync(path.join(folder, cluster), { recursive: true });
    for (const file of readdirSync(path.join(fixtures, "live", cluster))) {
      const text = readFileSync(path.join(fixtures, "live", cluster, file), "utf8");
      writeFileSync(
        path.join(folder, cluster, file),
        text.replace(timestamp, (at) => shift(at, shiftMs)),
      );
    }
  }
}

/**
 * @param {string} at
 * @param {number} shiftMs
 */
function shift(at, shiftMs) {
  return `${new Date(Date.parse(at) + shiftMs).toISOString().slice(0, 19)}Z`;
}
