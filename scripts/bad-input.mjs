// What happens with bad input: each case is a small world with one thing wrong beside a healthy target, scanned by the
// built command. Prints a table of messages and exit codes: node scripts/bad-input.mjs
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { cases, commitAll, config, healthyWorld } from "./bad-input-cases.mjs";

const drift = fileURLToPath(new URL("../dist/main.mjs", import.meta.url));

/**
 * Runs one case. `told` is what the report says of the broken part, `rest` the verdict of the healthy target.
 * @param {import("./bad-input-cases.mjs").Case} one
 */
export function runCase(one) {
  const folder = mkdtempSync(path.join(tmpdir(), "drift-bad-"));
  try {
    writeWorld(folder, one);
    one.after?.(folder);
    const args = [
      drift,
      "scan",
      "-c",
      path.join(folder, "drift.yaml"),
      "--cache-dir",
      path.join(folder, "cache"),
      "-o",
      "json",
    ];
    const run = spawnSync(process.execPath, [...args, ...(one.args ?? [])], {
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    const plain = (/** @type {string} */ text) => text.replaceAll(folder, "");
    return {
      name: one.name,
      isHarmless: one.isHarmless === true,
      exitCode: run.status,
      ...outcome(JSON.parse(plain(run.stdout))),
      stderr: plain(run.stderr),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {any} document the result of a scan, or the error that stopped it */
function outcome(document) {
  if (document.error !== undefined) {
    const { code, message, details = [], hint } = document.error;
    return { code, told: [message, ...details, hint].join(" · "), rest: "-" };
  }
  /** @type {any[]} */
  const targets = document.targets;
  const broken = targets.find(({ name }) => name === "broken");
  const rest = targets.find(({ name }) => name === "healthy").verdict;
  const [entry] = broken.unchecked;
  if (entry !== undefined)
    return { code: entry.code, told: `${entry.what}: ${entry.reason} · ${entry.hint}`, rest };
  const told = broken.findings.flatMap((/** @type {any} */ finding) =>
    finding.changes.map((/** @type {any} */ change) => `${finding.key.name} ${change.type} ${change.path}`),
  );
  return { code: broken.verdict, told: [...told, ...broken.warnings].join(", "), rest };
}

/** @param {string} folder @param {import("./bad-input-cases.mjs").Case} one */
function writeWorld(folder, { git = {}, live = {}, config: text = config }) {
  const files = {
    ...healthyWorld,
    "drift.yaml": text,
    ...Object.fromEntries(Object.entries(git).map(([file, content]) => [`git/${file}`, content])),
    ...live,
  };
  for (const [file, content] of Object.entries(files)) {
    if (content === null) continue;
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), content.replaceAll("@FOLDER@", folder));
  }
  commitAll(path.join(folder, "git"));
}

/** @param {readonly ReturnType<typeof runCase>[]} results */
export function formatTable(results) {
  const cell = (/** @type {string} */ text) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
  const rows = results.map(
    ({ name, exitCode, code, told, rest }) => `| ${name} | ${exitCode} | ${code} | ${cell(told)} | ${rest} |`,
  );
  return [
    "| bad input | exit | code | what is told | the other target |",
    "|---|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  process.stdout.write(formatTable(cases.map(runCase)));
}
