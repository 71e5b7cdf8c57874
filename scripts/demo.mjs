import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { makeDemo } from "./make-demo.mjs";

/** `npm run demo`: makes the folder demo/ and scans it. Finding its drift is success. */

const root = fileURLToPath(new URL("../", import.meta.url));
const scan = ["scan", "-c", "demo/drift.yaml"];

/** @type {readonly (readonly [command: string, meaning: string])[]} */
const next = [
  [`npx drift ${scan.join(" ")}`, "the same again, faster; exits 1: there is drift"],
  [`npx drift ${scan.join(" ")} -o json`, "the same for machines"],
  ["npx drift revert -c demo/drift.yaml prod-eu1", "what to run to bring live back; runs nothing"],
  ["npx drift explain -c demo/drift.yaml prod-eu1 shop/VirtualService/checkout", ""],
  ["npx drift diff fixtures/edits/route-order/git.yaml fixtures/edits/route-order/live.yaml", ""],
];

/** @returns {number} the exit code */
function main() {
  if (!existsSync(path.join(root, "dist", "main.mjs"))) return fail("drift is not built: run npm ci first");
  try {
    makeDemo(path.join(root, "demo"), Date.now());
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
  console.log(
    [
      "demo/shop   the Git repository of a web shop: base, a component, three overlays",
      "demo/live   what kubectl printed of its two clusters, after people edited them",
      "",
      `$ npx drift ${scan.join(" ")}`,
      "",
    ].join("\n"),
  );
  // As npx would: the report ends with a command that works as it stands.
  const env = { ...process.env, npm_command: "exec" };
  const done = spawnSync(process.execPath, ["dist/main.mjs", ...scan], { cwd: root, stdio: "inherit", env });
  if (done.error) return fail(`drift could not be started: ${done.error.message}`);
  if (done.status === 0) return fail("the scan found no drift, although people edited both clusters");
  if (done.status !== 1)
    return fail(`the scan failed (${String(done.status ?? done.signal)})`, done.status ?? 2);
  console.log(
    [
      "",
      "Try next:",
      ...next.map(([command, meaning]) => `  ${command.padEnd(47)}  ${meaning}`.trimEnd()),
    ].join("\n"),
  );
  return 0;
}

/**
 * @param {string} reason
 * @param {number} [exitCode]
 */
function fail(reason, exitCode = 2) {
  console.error(`demo: ${reason}`);
  return exitCode;
}

process.exitCode = main();
