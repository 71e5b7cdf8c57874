import { messageOf } from "../../lib/errors.ts";
import type { RenderFailure } from "../../ports/renderer.ts";
import type { EngineResult } from "./engine-command.ts";
import { stderrLines } from "./engine-stderr.ts";
import { outputTooLarge } from "./explain-end.ts";

/** What is told of a run beside its result. */
export interface RunFacts {
  /** "kubectl 1.32.4" */
  readonly label: string;
  /** The temporary folder, whose path nobody needs to see. */
  readonly root: string;
  readonly timeoutMs: number;
  readonly maxOutputBytes: number;
}

/** Why the run gave no output; undefined where it ended as it should. */
export function explainRun(result: EngineResult, facts: RunFacts): RenderFailure | undefined {
  if (result.type === "exited") {
    return result.exitCode === 0 ? undefined : explainExit(result.exitCode, result.stderr, facts);
  }
  const { label } = facts;
  if (result.type === "not-started") {
    const reason = `${label} could not be started: ${messageOf(result.cause)}`;
    return fail("RENDER_FAILED", reason, "Check that the command is still there.");
  }
  switch (result.reason) {
    case "timeout": {
      const reason = `${label} was not done within ${String(facts.timeoutMs / 1000)} s`;
      return fail("RENDER_TIMEOUT", reason, "Allow more with render.timeout, or split the overlay.");
    }
    case "output":
      return outputTooLarge(facts.maxOutputBytes);
    case "aborted":
      return fail("RENDER_DIED", `${label} was ended: drift is closing`, "Run it again.");
    case "signal":
      return fail("RENDER_DIED", `${label} was killed`, "Look whether the machine ran out of memory.");
  }
}

/** What Go's runtime says when it ends a program. */
const crash = /^(?:fatal error|runtime|panic): /;
const outOfMemory = /out of memory|cannot allocate memory/;

function explainExit(exitCode: number, stderr: string, { label, root }: RunFacts): RenderFailure {
  const lines = stderrLines(stderr, root);
  const crashed = lines.find((line) => crash.test(line));
  if (crashed !== undefined && outOfMemory.test(crashed)) {
    const reason = `${label} needs more memory than it may take`;
    return fail("RENDER_MEMORY", reason, "Split the overlay.");
  }
  // Behind a crash stands a stack; else the last lines say why.
  const said = crashed === undefined ? lines.slice(-3) : [crashed];
  const why = said.length === 0 ? "it wrote nothing about it" : said.join(" ");
  const reason = `${label} ended with exit code ${String(exitCode)}: ${why}`;
  return fail("RENDER_FAILED", reason, "The Kustomize inside of drift renders it: compare the versions.");
}

function fail(code: string, reason: string, hint: string): RenderFailure {
  return { type: "failed", code, reason, hint };
}
