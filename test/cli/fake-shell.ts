import os from "node:os";
import type { Pipelines } from "../../src/cli/pipelines.ts";
import { runCli } from "../../src/cli/run-cli.ts";
import type { Output, Shell } from "../../src/cli/shell.ts";
import { findRules } from "../../src/pipeline/rules.ts";
import { diffResult } from "../report/diff-samples.ts";
import { now, scanResult, target } from "../report/samples.ts";

/** What a command line did. */
export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** An output that keeps what is written. */
export function recorder(settings: Partial<Output> = {}): Output & { readonly text: () => string } {
  const texts: string[] = [];
  return {
    isTerminal: false,
    write: (text) => {
      texts.push(text);
      return Promise.resolve();
    },
    text: () => texts.join(""),
    ...settings,
  };
}

/** Pipelines that answer at once: everything in sync. */
const calm: Pipelines = {
  scan: ({ targets }) => Promise.resolve(scanResult(targets.map(({ name }) => target(name)))),
  diff: ({ desired, live }) => Promise.resolve(diffResult({ desired, live })),
  acknowledge: () => Promise.resolve({ target: "", guards: [], warnings: [] }),
  exempt: () =>
    Promise.resolve({
      patch: "",
      repository: "/shop",
      file: ".drift/exemptions.yaml",
      added: 0,
      leftOut: [],
      unchecked: 0,
    }),
  render: () => Promise.resolve({ resources: [], unchecked: [], warnings: [] }),
  // Nothing of the world is in it.
  rules: async (what) => Promise.resolve(findRules(what)),
};

/** Runs a command line in this process, with streams that are kept. */
export async function drift(
  argv: readonly string[],
  settings: { readonly shell?: Partial<Shell>; readonly pipelines?: Partial<Pipelines> } = {},
): Promise<Outcome> {
  const stdout = recorder();
  const stderr = recorder();
  const shell: Shell = {
    name: "drift",
    argv,
    version: "1.2.3",
    cwd: os.tmpdir(),
    homeFolder: "/home/priya",
    env: {},
    stdout,
    stderr,
    now: () => now,
    signal: new AbortController().signal,
    ...settings.shell,
  };
  const exitCode = await runCli(shell, { ...calm, ...settings.pipelines });
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}
