import type { Commit } from "./commit.ts";

/** Who owns a file by CODEOWNERS. `unowned`: a line says that nobody does; `unmatched`: no line speaks of it. */
export type CodeOwners =
  | { readonly state: "owned"; readonly owners: readonly string[]; readonly line: number }
  | { readonly state: "unowned"; readonly line: number }
  | { readonly state: "unmatched" };

/** How a place of Git comes into the rendered object. */
export type OriginType =
  "resource" | "strategic-merge-patch" | "json6902-patch" | "generator" | "kustomization" | "manifest";

/**
 * Where Git sets a field: proved by rendering with another value there. `known` says whether it could be proved; where
 * it could not, `reason` says why, and nothing is claimed.
 */
export type Origin =
  | {
      readonly type: "known";
      /** Relative to the root of the repository. */
      readonly file: string;
      /** From 1. */
      readonly line: number;
      /** From 1. */
      readonly column: number;
      readonly by: OriginType;
      /** `field`: the value itself; `around`: Git has no such field, and this is the nearest thing around it that it has. */
      readonly precision: "field" | "around";
      /** The commit that last touched the line; absent where its history is not known. */
      readonly commit?: Commit;
      readonly owners?: CodeOwners;
    }
  | { readonly type: "unknown"; readonly reason: string };
