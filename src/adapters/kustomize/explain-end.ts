import type { RenderFailure } from "../../ports/renderer.ts";
import type { WorkerAnswer } from "./messages.ts";
import type { JobEnd } from "./pool.ts";

const mebibyte = 1024 * 1024;

/** Why a render that did not come to its end has no answer. */
export function explainEnd(end: Exclude<JobEnd, WorkerAnswer>, timeoutMs: number): RenderFailure {
  if (end.type === "timeout") {
    const reason = `not rendered within ${String(timeoutMs / 1000)} s`;
    return fail("RENDER_TIMEOUT", reason, "Allow more with render.timeout, or split the overlay.");
  }
  if (end.type === "not-started") {
    const reason = `there is not enough memory to start the renderer: ${end.reason}`;
    return fail("RENDER_MEMORY", reason, "Give the process more memory, or set render.workers to 1.");
  }
  switch (end.cause) {
    case "memory":
      return fail("RENDER_MEMORY", "the render needs more memory than the renderer has", "Split the overlay.");
    case "stack": {
      const reason = "the render overflowed the stack: something is nested too deeply, or contains itself";
      return fail("RENDER_DIED", reason, "Look for deep nesting and for anchors in the files of this overlay.");
    }
    case "trap": {
      const reason = "the renderer ended in the middle of the render";
      return fail("RENDER_DIED", reason, "Look for something unusual in the files of this overlay.");
    }
  }
}

/** The failure of an overlay whose answer was too large to take. */
export function outputTooLarge(maxBytes: number): RenderFailure {
  const reason = `the output is larger than ${String(Math.round(maxBytes / mebibyte))} MiB`;
  return fail("RENDER_OUTPUT_INVALID", reason, "Split the overlay.");
}

function fail(code: string, reason: string, hint: string): RenderFailure {
  return { type: "failed", code, reason, hint };
}
