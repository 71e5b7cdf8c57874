/**
 * Records what `kubectl kustomize` makes of each tree in test/corpus/trees, as expected.yaml beside the tree. With
 * --check it compares instead of writing; without kubectl it skips that and says so.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";

const corpus = fileURLToPath(new URL("../test/corpus/trees", import.meta.url));
const isCheck = argv.includes("--check");

/** @param {string} folder */
function render(folder) {
  const { error, status, stdout, stderr } = spawnSync("kubectl", ["kustomize", folder], { encoding: "utf8" });
  if (error !== undefined) return undefined;
  if (status !== 0) throw new Error(`kubectl kustomize ${folder} failed: ${stderr}`);
  return stdout;
}

let different = 0;
let count = 0;
for (const name of readdirSync(corpus).sort()) {
  const { overlay } = JSON.parse(readFileSync(join(corpus, name, "case.json"), "utf8"));
  const output = render(join(corpus, name, "tree", overlay));
  if (output === undefined) break;
  count++;
  const file = join(corpus, name, "expected.yaml");
  if (!isCheck) writeFileSync(file, output);
  else if (!existsSync(file) || readFileSync(file, "utf8") !== output) {
    console.error(`${name}: kubectl kustomize gives something else than expected.yaml`);
    different++;
  }
}
if (count === 0) console.log("skipped: no kubectl");
else console.log(`${count} trees ${isCheck ? "compared" : "recorded"}, ${different} different`);
if (different > 0) process.exitCode = 1;
