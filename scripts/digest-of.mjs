import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

/**
 * One SHA-256 of the names and contents of files, and of all files in folders. Throws where one is missing.
 *
 * @param {string} folder what the names are relative to
 * @param {readonly string[]} names
 */
export function digestOf(folder, names) {
  const hash = createHash("sha256");
  for (const file of names.flatMap((name) => filesUnder(folder, name)).sort()) {
    const content = readFileSync(path.join(folder, file));
    hash.update(`${JSON.stringify(file)} ${String(content.length)}\n`).update(content);
  }
  return hash.digest("hex");
}

/** @param {string} folder @param {string} name @returns {string[]} */
function filesUnder(folder, name) {
  if (!statSync(path.join(folder, name)).isDirectory()) return [name];
  return readdirSync(path.join(folder, name)).flatMap((entry) => filesUnder(folder, `${name}/${entry}`));
}
