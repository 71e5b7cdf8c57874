import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, expect, it } from "vitest";
import { makeDemo } from "../../scripts/make-demo.mjs";
import { connectPipelines } from "../../src/cli/connect.ts";
import { drift } from "../cli/fake-shell.ts";

/** The demo as it was on a day of its own: the clock of each run is given. */
const madeAt = Date.parse("2026-03-02T09:00:00Z");
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

let folder = "";
let screens: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "drift-round-trip-"));
  makeDemo(path.join(folder, "demo"), madeAt);
  screens = [];
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Somebody takes new snapshots, in which nothing has changed. */
function snapshotsTakenAt(ms: number): void {
  const live = path.join(folder, "demo/live");
  for (const name of readdirSync(live, { recursive: true, encoding: "utf8" })) {
    utimesSync(path.join(live, name), ms / 1000, ms / 1000);
  }
}

/** Runs a command so long after the demo was made, and keeps what a person sees. Returns standard output. */
async function run(afterMs: number, ...argv: readonly string[]): Promise<string> {
  const now = new Date(madeAt + afterMs);
  snapshotsTakenAt(now.getTime());
  const world = { stdin: Readable.from([]), packageFolder: path.resolve(import.meta.dirname, "../..") };
  const words = [...argv, "-c", "demo/drift.yaml"];
  const { exitCode, stdout, stderr } = await drift([...words, "--cache-dir", "cache"], {
    shell: { cwd: folder, now: () => now },
    pipelines: connectPipelines(world),
  });
  const shown = words.map((word) => (/\s/.test(word) ? `'${word}'` : word)).join(" ");
  const screen = `${stdout}${stderr}`.replaceAll(" --cache-dir cache", "").replaceAll(folder, "");
  screens.push(
    `== ${now.toISOString().slice(0, 16)}Z\n$ drift ${shown}\n${screen}exit code ${String(exitCode)}\n`,
  );
  return stdout;
}

function merge(patch: string, subject: string): void {
  const cwd = path.join(folder, "demo/shop");
  const git = (...args: readonly string[]) =>
    execFileSync("git", ["-c", "user.name=Ines", "-c", "user.email=ines@example.com", ...args], {
      cwd,
      input: patch,
      env: { ...process.env, GIT_AUTHOR_DATE: "2026-03-02T10:00Z", GIT_COMMITTER_DATE: "2026-03-02T10:00Z" },
    });
  git("apply", "--index");
  git("commit", "-qm", subject);
}

it("exempts one finding, which returns, marked, when the exemption ends", { timeout: 60_000 }, async () => {
  const only = ["-t", "prod-eu1", "-n", "shop"] as const;
  await run(0, "scan", ...only);
  const words = ["--reason", "the bank is slow this week", "--until", "2026-03-09", "--ticket", "INC-4821"];
  merge(await run(hourMs, "exempt", "prod-eu1", "shop/VirtualService/checkout", ...words), "Exempt checkout");
  await run(2 * hourMs, "scan", ...only, "--show-hidden");
  await run(8 * dayMs, "scan", ...only);
  await expect(screens.join("\n")).toMatchFileSnapshot("round-trip-exemption.txt");
});

it("exempts all but weakened security in a baseline, which ends", { timeout: 60_000 }, async () => {
  const words = ["--reason", "first run of drift", "--until", "2026-03-16"];
  merge(await run(0, "baseline", ...words), "Baseline");
  await run(hourMs, "scan");
  await run(2 * hourMs, "baseline", ...words);
  await run(15 * dayMs, "scan", "-t", "prod-us1");
  await expect(screens.join("\n")).toMatchFileSnapshot("round-trip-baseline.txt");
});
