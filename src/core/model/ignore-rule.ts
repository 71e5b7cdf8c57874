import type { ObjectSelector } from "./object-selector.ts";

/** What the operator never wants to hear of: a row of `ignore` in drift.yaml, and nowhere else. */
export interface IgnoreRule extends ObjectSelector {
  /** "ignore[0]" for the first of drift.yaml. */
  readonly id: string;
  /** Patterns of the paths of changes (path-pattern.ts). Absent: whole objects, too. */
  readonly paths?: readonly string[];
  /** Field managers; with * at the end for any ending. */
  readonly managers?: readonly string[];
  /** The names of targets. Absent: all. */
  readonly targets?: readonly string[];
  /** Why, in one sentence for people. */
  readonly reason: string;
}
