import type { Unchecked } from "../core/model/finding.ts";
import type { Resource } from "../core/model/resource.ts";

/** A kind without its version. */
export interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

/** The live side of one cluster. */
export interface LiveRead {
  readonly resources: readonly Resource[];
  /** What could not be read. */
  readonly unchecked: readonly Unchecked[];
  /** Whether the list of this kind in this namespace ("" for cluster-scoped kinds) is complete: only then may something be `missing` or `extra`. */
  isComplete: (kind: GroupKind, namespace: string) => boolean;
  /** Where it came from: "snapshot live/eu1". */
  readonly source: string;
  /** When the oldest part was read or written (ISO 8601). */
  readonly asOf: string;
}

/** One cluster as the pipelines need it. */
export interface LivePort {
  /** Reads everything of the given kinds. `now` decides about age. Throws only where nothing at all can be said (LIVE_NOT_FOUND, ...). */
  read: (kinds: readonly GroupKind[], now: Date) => Promise<LiveRead>;
}
