// Cases of bad-judging.mjs about what is kept: the state of earlier runs, and the history of the repository.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { casesAbout, commit, git } from "./bad-judging-world.mjs";

/** @typedef {import("./bad-judging-world.mjs").World} World @typedef {import("./bad-judging-world.mjs").Case} Case */

/** @param {World} world */
const stateFile = ({ folder }) => path.join(folder, "state/state.json");

/** @param {(text: string) => string | Uint8Array} edit @returns {(world: World) => void} */
const editState = (edit) => (world) =>
  writeFileSync(stateFile(world), edit(readFileSync(stateFile(world), "utf8")));

/** @param {string} text */
function flipped(text) {
  const bytes = Buffer.from(text);
  const at = Math.floor(bytes.length / 2);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes;
}

/** With the checksum that what is in it now has. @param {string} text */
function resealed(text) {
  const [, begin = "", content = ""] = /^(.*?),"checksum":.*?"state":(.*)}\n$/s.exec(text) ?? [];
  const checksum = createHash("sha256").update(`1\n${content}`).digest("hex");
  return `${begin},"checksum":"${checksum}","state":${content}}\n`;
}

const state = casesAbout("the state", { knows: true }, [
  { name: "truncated", forgets: true, change: editState((text) => text.slice(0, 500)) },
  { name: "one bit flipped", forgets: true, change: editState(flipped) },
  {
    name: "one bit flipped, and explained",
    forgets: true,
    explain: "shop/VirtualService/checkout",
    change: editState(flipped),
  },
  {
    name: "from a newer version",
    forgets: true,
    change: editState((text) => text.replace('"version":1', '"version":2')),
  },
  {
    name: "a number that is none, under a right checksum",
    forgets: true,
    change: editState((text) => resealed(text.replace(/"due":\d+/, '"due":"never"'))),
  },
  { name: "gone", forgets: true, change: (world) => rmSync(stateFile(world)) },
  {
    name: "an older one put back",
    change: (world) => writeFileSync(`${stateFile(world)}.revision`, "7\n"),
  },
  {
    name: "a folder",
    forgets: true,
    change: (world) => {
      rmSync(stateFile(world));
      mkdirSync(stateFile(world));
    },
  },
  {
    name: "a link that leads nowhere",
    forgets: true,
    change: (world) => {
      rmSync(stateFile(world));
      symlinkSync("gone.json", stateFile(world));
    },
  },
  {
    name: "a link to a device without end",
    forgets: true,
    change: (world) => {
      rmSync(stateFile(world));
      symlinkSync("/dev/full", stateFile(world));
    },
  },
  {
    name: "a file that is read-only",
    isHarmless: true,
    change: (world) => chmodSync(stateFile(world), 0o444),
  },
  { name: "in a folder that is read-only (a stand-in says EROFS)", disk: "EROFS", change: () => undefined },
  { name: "on a full disk (a stand-in says ENOSPC)", disk: "ENOSPC", change: () => undefined },
]);

const route = "base/checkout/virtual-service.yaml";

/** @param {World} world */
const readRoute = ({ folder }) => readFileSync(path.join(folder, "shop", route), "utf8");

/** Moves the file, and commits it with what it then holds. @param {(text: string) => string} edit @returns {(world: World) => void} */
const moved = (edit) => (world) => {
  const text = edit(readRoute(world));
  const kustomization = "base/checkout/kustomization.yaml";
  const list = readFileSync(path.join(world.folder, "shop", kustomization), "utf8");
  git(world, "mv", route, "base/checkout/routes.yaml");
  const files = {
    "base/checkout/routes.yaml": text,
    [kustomization]: list.replace("virtual-service.yaml", "routes.yaml"),
  };
  commit(world, files, "Move the routes");
};

const history = casesAbout("the history", { explain: "shop/VirtualService/checkout" }, [
  { name: "a file that moved", isHarmless: true, change: moved((text) => text) },
  {
    name: "a file that moved, and whose line changed with it",
    isHarmless: true,
    change: moved((text) => text.replace("timeout: 5s", "timeout: 5000ms")),
  },
  {
    name: "a file that moved, and every line of which changed",
    isHarmless: true,
    change: moved((text) => text.replaceAll("\n", "\r\n")),
  },
  {
    name: "cut off, a shallow clone: no commit is named",
    isHarmless: true,
    change: (world) => {
      const shop = path.join(world.folder, "shop");
      const whole = path.join(world.folder, "whole");
      renameSync(shop, whole);
      execFileSync("git", ["clone", "--quiet", "--depth=1", `file://${whole}`, shop], { stdio: "pipe" });
    },
  },
]);

/** Cases about what is kept. */
export const keptCases = [...state, ...history];
