import type { WriterClass } from "./attribution.ts";

/** What sort of writer a field manager is: a row of the built-in list, or of `managers` in drift.yaml, which goes first. */
export interface ManagerRule {
  /** "kubectl-edit"; with * at its end for any ending. */
  readonly name: string;
  readonly class: WriterClass;
  /** Only for this operation. Absent: for both. */
  readonly operation?: "Apply" | "Update";
  /** Why, in one sentence for people. */
  readonly reason: string;
  /** Where that is written down; rules of a configuration have none. */
  readonly source?: string;
}
