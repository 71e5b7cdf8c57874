import type { ResourceKey } from "./resource.ts";

/** Commands of which each reads what the one before it writes; a command is its words, unquoted. */
export type Pipe = readonly (readonly string[])[];

/** One thing that a person may do to bring an object back to what Git wants. drift itself never does it. */
export interface RemedyStep {
  readonly key: ResourceKey;
  /** Asks the API server what would come of it, and changes nothing. */
  readonly tryOut: Pipe;
  readonly run: Pipe;
  /** What it does, one sentence for people without a full stop. */
  readonly reason: string;
  /** What to think of before. */
  readonly warnings: readonly string[];
}

/** How live comes back to what Git wants. */
export interface Remedy {
  /** In safe order: what is needed is there before what needs it, and goes after it. */
  readonly steps: readonly RemedyStep[];
  /** Objects for which there is no command, and why. */
  readonly without: readonly { readonly key: ResourceKey; readonly reason: string }[];
}
