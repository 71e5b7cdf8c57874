import type { EqualitySetting, Finding, Note, Unchecked } from "./finding.ts";
import type { EqualCount, EqualPlace, Summary, Verdict } from "./scan-result.ts";

/**
 * The outcome of `drift diff`: two sides of files, without Git, cluster and targets. An API like ScanResult; its JSON
 * form is described by schema/diff-result.schema.json.
 */
export interface DiffResult {
  readonly schemaVersion: 1;
  readonly tool: { readonly version: string };
  readonly equality: EqualitySetting;
  readonly verdict: Verdict;
  /** 0 in sync, 1 drift, 2 something was not compared (wins over 1). */
  readonly exitCode: 0 | 1 | 2;
  readonly summary: Summary;
  /** What the sides were read from: "git/reviews.yaml", "-". */
  readonly desired: string;
  readonly live: string;
  readonly findings: readonly Finding[];
  readonly notes: readonly Note[];
  readonly unchecked: readonly Unchecked[];
  readonly equalBy: readonly EqualCount[];
  /** Every place that `equalBy` counts, where the run was asked to list them. */
  readonly equal?: readonly EqualPlace[];
  /** Kinds of objects that this version does not compare, sorted by their names. */
  readonly leftOut: readonly LeftOut[];
}

/** Objects of one kind that were not compared and that nobody claims to be in sync: a Deployment, a Service. */
export interface LeftOut {
  readonly group: string;
  readonly kind: string;
  /** An object on both sides counts once. */
  readonly count: number;
}
