import { flaggerCases } from "./flagger-cases.ts";
import { type ControllerCase, judgeCase, wordsOf } from "./judge-case.ts";
import { rolloutCases } from "./rollout-cases.ts";

/**
 * A live object beside the object of its controller, and what must be said of its changes, each word once: in-step,
 * left-behind (in step, and no rollout under way), out-of-step, gone, unknown, drift (no controller has to do with it).
 */
export interface CanaryCase extends ControllerCase {
  readonly what: string;
  readonly verdict: string;
}

/** Every case, by the controller that it is about. */
export const canaryCases = { Flagger: flaggerCases, "Argo Rollouts": rolloutCases } as const;

/** What came out of a case, in the words of `verdict`. */
export function outcomeOf(one: CanaryCase): string {
  return wordsOf(judgeCase(one)).join(" ");
}

/** The cases as lines to print: how many of which verdict are as they must be, for each controller and kind. */
export function canariesTable(): {
  readonly lines: readonly string[];
  readonly right: number;
  readonly total: number;
} {
  const lines: string[] = [];
  let [right, total] = [0, 0];
  for (const [controller, cases] of Object.entries(canaryCases)) {
    for (const [kind, those] of byKind(cases)) {
      const fitting = those.filter((one) => outcomeOf(one) === one.verdict);
      const counts = [...countBy(those, ({ verdict }) => verdict)].map(([word, n]) => `${String(n)} ${word}`);
      lines.push(
        `${controller} ${kind}: ${String(fitting.length)} of ${String(those.length)} right (${counts.join(", ")})`,
      );
      right += fitting.length;
      total += those.length;
    }
  }
  return { lines, right, total };
}

function byKind(cases: readonly CanaryCase[]): ReadonlyMap<string, readonly CanaryCase[]> {
  return new Map(
    [...countBy(cases, ({ git }) => git.key.kind).keys()].map((kind) => [
      kind,
      cases.filter(({ git }) => git.key.kind === kind),
    ]),
  );
}

function countBy<T>(items: readonly T[], wordOf: (item: T) => string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(wordOf(item), (counts.get(wordOf(item)) ?? 0) + 1);
  return counts;
}
