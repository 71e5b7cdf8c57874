import { holdsCredential } from "../text/credential.ts";

/** What is wrong with the exemptions of a repository: the entry it stands in does not count. */
export interface ExemptionProblem {
  /** From 1. */
  readonly line: number;
  /** Fit to follow "it does not count: ". */
  readonly reason: string;
  readonly hint: string;
}

/** What stands there, for a message: short, and nothing that looks like a credential. */
export function quoteShort(text: string): string {
  if (holdsCredential(text)) return "a text that looks like a credential";
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}
