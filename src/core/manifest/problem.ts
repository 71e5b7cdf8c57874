/** Why a text, or one document of it, could not be read. The rest of the run goes on. */
export interface ManifestProblem {
  /** A code that stays the same between versions, for machines: "MANIFEST_SYNTAX". */
  readonly code: string;
  /** What is wrong, fit to follow "it could not be read: ". Never quotes the text, which may hold secrets. */
  readonly reason: string;
  /** What to do next: one sentence. */
  readonly hint: string;
  /** The line the problem was seen at, counted from 1. */
  readonly line?: number;
}
