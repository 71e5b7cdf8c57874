import type { CodeOwners } from "./origin.ts";
import type { Remedy } from "./remedy.ts";

/** A file of Git with the places in it that people would edit by hand. */
export interface EditPlace {
  /** Relative to the root of the repository. */
  readonly file: string;
  /** "19:16": line and column, from 1. */
  readonly places: readonly string[];
  readonly owners?: CodeOwners;
}

/** How Git comes to say what live has, or why it should not. */
export type KeepEdit =
  | {
      readonly type: "edit";
      /** "write what live has into": to be followed by the places. */
      readonly what: string;
      readonly at: readonly EditPlace[];
    }
  /** Live is what Git was: words of a command for a clone of the repository. */
  | { readonly type: "revert"; readonly command: readonly string[] }
  | NotOffered;

/** A choice that there is not, and why: one sentence without a full stop. */
export interface NotOffered {
  readonly type: "not-offered";
  readonly reason: string;
}

/** What a person may do about one object that differs. */
export interface Choices {
  readonly keepGit: Remedy;
  readonly keepEdit: KeepEdit;
  /** An exemption: the day that it may end. */
  readonly buyTime: { readonly type: "exempt"; readonly until: string } | NotOffered;
}
