import { fileURLToPath } from "node:url";
import { readBuiltInRules } from "../../src/config/built-in.ts";
import { compareObjects } from "../../src/core/compare/compare-objects.ts";
import { factsFrom } from "../../src/core/compare/facts.ts";
import { judgeByControllers } from "../../src/core/judge/controllers/judge-controllers.ts";
import type { ControllerVerdict } from "../../src/core/judge/controllers/verdict.ts";
import { meshKindOf } from "../../src/core/mesh/kinds.ts";
import type { Change } from "../../src/core/model/finding.ts";
import type { Resource } from "../../src/core/model/resource.ts";

/** The rules that ship. */
export const { controllers: controllerRules } = await readBuiltInRules(
  fileURLToPath(new URL("../..", import.meta.url)),
);

/** Two sides of one object, and what was read to explain how they differ. */
export interface ControllerCase {
  readonly git: Resource;
  readonly live: Resource;
  readonly objects: readonly Resource[];
  /** Whether the kinds of the controllers were read in full; true. */
  readonly isRead?: boolean;
  /** Who is said to have written every place of live; nobody. */
  readonly manager?: string;
}

/** A change and what the controllers say of it. */
export interface JudgedChange {
  readonly change: Change;
  readonly verdict: ControllerVerdict | undefined;
}

/** Judges every change of a case. */
export function judgeCase({
  git,
  live,
  objects,
  isRead = true,
  manager,
}: ControllerCase): readonly JudgedChange[] {
  const changes = changesOf(git, live).map((change): Change =>
    manager === undefined
      ? change
      : {
          ...change,
          attribution: { manager, class: "controller", wrote: "spec.http", precision: "around" },
        },
  );
  const verdicts = judgeByControllers({
    finding: { type: "changed", key: git.key, changes },
    desired: git,
    live,
    changesWith: (other) => changesOf(git, other),
    rules: controllerRules,
    evidence: {
      objects,
      unread: [],
      isComplete: () => isRead,
    },
  });
  return changes.map((change, index) => ({ change, verdict: verdicts[index] }));
}

function changesOf(git: Resource, live: Resource): readonly Change[] {
  const table = meshKindOf(git.key)?.table;
  if (table === undefined) throw new Error(`no table for ${git.key.kind}`);
  const facts = factsFrom({}, { desired: [git], live: [live], isComplete: () => false });
  return compareObjects(table, git, live, { equality: "istio", metadata: "declared", facts }).changes;
}

/** What came out, each kind of verdict once, in one word each: "in-step", "out-of-step", "drift" where nobody says a thing. */
export function wordsOf(judged: readonly JudgedChange[]): readonly string[] {
  const words = judged.map(({ verdict }) => {
    if (verdict === undefined) return "drift";
    return verdict.type === "in-step" && !verdict.inFlight ? "left-behind" : verdict.type;
  });
  return [...new Set(words)].sort();
}
