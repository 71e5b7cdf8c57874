// The world of bad-judging.mjs: the demo's cluster eu1, and how a case changes something in it.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseAllDocuments, stringify } from "yaml";
import { makeDemo } from "./make-demo.mjs";

/**
 * A world: a folder with shop/ (a Git repository), live/eu1 (a snapshot) and drift.yaml, and the time it was made at.
 * @typedef {{ folder: string, nowMs: number }} World
 */

/**
 * A case. `knows`: a scan of the healthy world was kept before. `explain`: what is explained instead of scanned.
 * `forgets`: what was known before is lost. `excuses`: the state that it may rightly come to. `isHarmless`: nothing needs
 * to be told. `disk`: what the disk of the state answers to who writes.
 * @typedef {{ about: string, name: string, change: (world: World) => void, knows?: boolean, explain?: string, forgets?: boolean, isHarmless?: boolean, excuses?: string, disk?: "ENOSPC" | "EROFS" }} Case
 */

/**
 * @param {string} about
 * @param {Pick<Case, "knows" | "explain">} shared by all of them
 * @param {readonly Omit<Case, "about">[]} cases
 * @returns {Case[]}
 */
export function casesAbout(about, shared, cases) {
  return cases.map((one) => ({ about, ...shared, ...one }));
}

const config = `version: 1
repository: { url: ./shop, revision: main }
state: { file: ./state/state.json }
clusters:
  eu1: { snapshot: ./live/eu1 }
targets:
  - name: prod-eu1
    overlay: overlays/prod/eu1
    cluster: eu1
    scope: { namespaces: [shop, payments, shop-ingress, istio-system] }
`;

/**
 * @param {string} folder
 * @returns {World}
 */
export function makeWorld(folder) {
  const nowMs = Date.now();
  makeDemo(folder, nowMs);
  rmSync(path.join(folder, "live/us1"), { recursive: true });
  writeFileSync(path.join(folder, "drift.yaml"), config);
  return { folder, nowMs };
}

/**
 * @param {World} world
 * @param {string} folder
 * @returns {World}
 */
export function copyWorld({ folder: from, nowMs }, folder) {
  cpSync(from, folder, { recursive: true });
  return { folder, nowMs };
}

/** A moment some hours after the world was made, as Kubernetes writes it. @param {World} world @param {number} hours */
export function hoursFrom({ nowMs }, hours) {
  return `${new Date(nowMs + hours * 3_600_000).toISOString().slice(0, 19)}Z`;
}

/** A day some days after the world was made. @param {World} world @param {number} days */
export function daysFrom({ nowMs }, days) {
  return new Date(nowMs + days * 86_400_000).toISOString().slice(0, 10);
}

/**
 * Changes one live object.
 * @param {World} world
 * @param {string} id "VirtualService/checkout"
 * @param {(object: any) => void} edit
 */
export function editLive({ folder }, id, edit) {
  const live = path.join(folder, "live/eu1");
  for (const file of readdirSync(live)) {
    const documents = parseAllDocuments(readFileSync(path.join(live, file), "utf8")).map(
      (one) => /** @type {any} */ (one.toJS()),
    );
    const found = documents
      .flatMap((one) => one?.items ?? one ?? [])
      .find(({ kind, metadata }) => `${kind}/${metadata.name}` === id);
    if (found === undefined) continue;
    edit(found);
    writeFileSync(path.join(live, file), documents.map((one) => stringify(one)).join("---\n"));
    return;
  }
  throw new Error(`no ${id} is live`);
}

/** Adds a live object, as kubectl prints a list of one. @param {World} world @param {any} object */
export function addLive({ folder }, object) {
  const list = { apiVersion: "v1", items: [object], kind: "List", metadata: { resourceVersion: "" } };
  writeFileSync(path.join(folder, "live/eu1/added.yaml"), stringify(list));
}

/** Changes drift.yaml. @param {World} world @param {string} from @param {string} to */
export function editConfig({ folder }, from, to) {
  const file = path.join(folder, "drift.yaml");
  const text = readFileSync(file, "utf8");
  if (!text.includes(from)) throw new Error(`drift.yaml has no ${from}`);
  writeFileSync(file, text.replace(from, to));
}

/** @param {World} world @param {readonly string[]} args */
export function git({ folder }, ...args) {
  const identity = ["-c", "user.name=Mona Mover", "-c", "user.email=mona@example.com"];
  return execFileSync("git", [...identity, ...args], { cwd: path.join(folder, "shop"), encoding: "utf8" });
}

/**
 * Commits files of the repository as they now are.
 * @param {World} world
 * @param {Record<string, string | Uint8Array>} files
 * @param {string} subject
 */
export function commit(world, files, subject) {
  for (const [file, content] of Object.entries(files)) {
    const full = path.join(world.folder, "shop", file);
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, content);
  }
  git(world, "add", "--all");
  git(world, "commit", "--quiet", `--message=${subject}`);
}
