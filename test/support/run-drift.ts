import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../dist/main.mjs", import.meta.url));

/** What a run of the built command came to. */
export interface DriftRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command (npm run build) in a process of its own. */
export function runDrift(args: readonly string[], env: Readonly<Record<string, string>> = {}): DriftRun {
  // Runs know nothing of each other, but where a test wants them to.
  const state = mkdtempSync(path.join(tmpdir(), "drift-state-"));
  try {
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
      encoding: "utf8",
      // Tests may run under npx, which the command would tell from being run by itself.
      env: { ...process.env, npm_command: undefined, XDG_STATE_HOME: state, ...env },
      maxBuffer: 1 << 28,
    });
    return { exitCode: status, stdout, stderr };
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}
