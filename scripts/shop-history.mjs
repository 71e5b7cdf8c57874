import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { devNull } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The Git history of the demo's shop. fixtures/shop is the last commit; fixtures/shop-history.json says what each
 * commit added and which lines it changed. Taking the commits back one after the other gives the earlier trees, so
 * that the last one cannot differ from the folder.
 */

/**
 * @typedef {{ path: string, before: string[], after: string[] }} Edit Whole lines; no `before` is an insertion.
 * @typedef {{ author: string, hoursAgo: number, message: string[], adds: string[], edits: Edit[] }} Commit `adds` holds files, and folders with a slash at the end.
 * @typedef {{ branch: string, authors: Record<string, { email: string, zone: string }>, commits: Commit[] }} History Oldest commit first.
 * @typedef {Map<string, string>} Files Text by path from the root of the repository.
 */

const fixtures = fileURLToPath(new URL("../fixtures/", import.meta.url));

/** @returns {History} */
export function readHistory() {
  return JSON.parse(readFileSync(path.join(fixtures, "shop-history.json"), "utf8"));
}

/**
 * The files of the shop as they are now.
 * @returns {Files}
 */
export function readShop() {
  const root = path.join(fixtures, "shop");
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  return new Map(
    files
      .sort()
      .map((file) => [path.relative(root, file).split(path.sep).join("/"), readFileSync(file, "utf8")]),
  );
}

/**
 * The tree of each commit, oldest first.
 * Throws where a commit adds or changes what is not there, or where something is left that no commit added.
 * @param {History} history
 * @param {Files} shop the last tree
 * @returns {Files[]}
 */
export function treesOf(history, shop) {
  /** @type {Files[]} */
  const trees = [];
  let files = shop;
  for (const commit of history.commits.toReversed()) {
    trees.unshift(files);
    files = takeBack(commit, files);
  }
  const left = [...files.keys()];
  if (left.length > 0) throw new Error(`no commit of the history adds ${left.join(", ")}`);
  return trees;
}

/**
 * @param {Commit} commit
 * @param {Files} after
 * @returns {Files}
 */
function takeBack(commit, after) {
  const before = new Map(after);
  for (const edit of commit.edits.toReversed()) {
    before.set(edit.path, replaceLines(before.get(edit.path) ?? "", edit));
  }
  for (const added of commit.adds) {
    const gone = [...before.keys()].filter((file) =>
      added.endsWith("/") ? file.startsWith(added) : file === added,
    );
    if (gone.length === 0)
      throw new Error(`"${String(commit.message[0])}" adds ${added}, which is not there`);
    for (const file of gone) before.delete(file);
  }
  return before;
}

/**
 * @param {string} text
 * @param {Edit} edit
 */
function replaceLines(text, edit) {
  const lines = text.split("\n");
  const starts = [...lines.keys()].filter((start) =>
    edit.after.every((line, i) => lines[start + i] === line),
  );
  const [start] = starts;
  if (start === undefined || starts.length > 1) {
    throw new Error(`${edit.path} holds ${String(starts.length)} times, not once: ${edit.after.join(" | ")}`);
  }
  return lines.toSpliced(start, edit.after.length, ...edit.before).join("\n");
}

/**
 * Makes a Git repository with the whole history in the empty folder `folder` and checks its last commit out.
 * The same `nowMs` gives the same commit ids on every machine: neither the user's configuration nor hooks are read.
 * @param {string} folder
 * @param {number} nowMs the commits are dated from here backwards
 */
export function buildShop(folder, nowMs) {
  const history = readHistory();
  mkdirSync(folder, { recursive: true });
  git(folder, ["init", "--quiet", "--template="]);
  git(folder, ["symbolic-ref", "HEAD", `refs/heads/${history.branch}`]);
  git(
    folder,
    ["fast-import", "--quiet", "--date-format=raw"],
    fastImport(history, treesOf(history, readShop()), nowMs),
  );
  git(folder, ["reset", "--quiet", "--hard"]);
}

/**
 * @param {History} history
 * @param {Files[]} trees
 * @param {number} nowMs
 */
function fastImport(history, trees, nowMs) {
  const chunks = history.commits.flatMap((commit, i) => {
    const author = history.authors[commit.author];
    if (author === undefined) throw new Error(`the history does not know ${commit.author}`);
    const seconds = Math.floor(nowMs / 1000) - Math.round(commit.hoursAgo * 3600);
    const who = `${commit.author} <${author.email}> ${String(seconds)} ${author.zone}`;
    const files = [...(trees[i] ?? [])].map(([file, text]) => `M 100644 inline ${file}\n${dataOf(text)}`);
    const message = dataOf(`${commit.message.join("\n")}\n`);
    return [
      `commit refs/heads/${history.branch}\nauthor ${who}\ncommitter ${who}\n${message}deleteall\n`,
      ...files,
    ];
  });
  return `${chunks.join("")}done\n`;
}

/** @param {string} text */
function dataOf(text) {
  return `data ${String(Buffer.byteLength(text))}\n${text}\n`;
}

/**
 * @param {string} folder
 * @param {string[]} args
 * @param {string} [input]
 */
function git(folder, args, input = "") {
  const done = spawnSync("git", ["-c", "core.autocrlf=false", "-c", `core.hooksPath=${devNull}`, ...args], {
    cwd: folder,
    env: cleanEnvironment(),
    input,
    encoding: "utf8",
  });
  if (done.error) throw new Error("git could not be run: is it installed?", { cause: done.error });
  if (done.status !== 0) throw new Error(`git ${String(args[0])} failed: ${done.stderr.trim()}`);
}

/** @returns {NodeJS.ProcessEnv} */
function cleanEnvironment() {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
  return {
    ...Object.fromEntries(kept),
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: devNull,
    GIT_DEFAULT_HASH: "sha1",
    LC_ALL: "C",
  };
}
