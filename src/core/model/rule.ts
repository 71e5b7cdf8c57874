import type { EqualityLevel } from "./finding.ts";
import type { GroupKind } from "./resource.ts";

/** One rule about equality, as people read it. */
export interface Rule {
  /** Absent for what holds of every kind. */
  readonly kind?: GroupKind;
  /** Stays the same between versions: "virtual-service/redirect-code". */
  readonly id: string;
  /**
   * - `spelling`: two ways to write one thing, equal from `level` on; - `order`: what the order of a list means;
   * - `trap`: two values that look the same and are not.
   */
  readonly type: "spelling" | "order" | "trap";
  readonly level: EqualityLevel;
  /** Where it holds: "spec.http[].route", "metadata.labels.*" for the values of a map. */
  readonly paths: readonly string[];
  /** One sentence. */
  readonly reason: string;
  /** A file of Istio's source, a definition, a specification. */
  readonly source: string;
}

/** All rules, and the kinds that have none. */
export interface RuleBook {
  /** Rules of one kind stand together, those of every kind first. */
  readonly rules: readonly Rule[];
  /** Kinds that are compared field by field, as written. */
  readonly asWritten: readonly GroupKind[];
}
