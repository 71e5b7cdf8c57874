import type { Unchecked, UnreadKind } from "../core/model/finding.ts";
import type { GroupKind, Resource, ResourceKey } from "../core/model/resource.ts";

/** What is asked of a live side. */
export interface LiveRequest {
  readonly kinds: readonly GroupKind[];
  /** Decides about age. */
  readonly now: Date;
  /** Objects that nobody compares are not kept. Absent: all are. */
  readonly keep?: (key: ResourceKey) => boolean;
  /**
   * Of kinds that have namespaces, only what stands in these; kinds of the whole cluster (Namespace, GatewayClass) are
   * read all the same: what others mean depends on them. Absent: the whole cluster.
   */
  readonly namespaces?: readonly string[];
  /**
   * The namespaces in which the targets want objects of a kind or look after it: by name, or by labels of the live
   * Namespaces that are given. Settles when the targets are rendered; asked for only where a kind is not to be listed, or
   * may not be listed, for the whole cluster at once.
   */
  readonly namespacesOf: (kind: GroupKind, namespaces: readonly Resource[]) => Promise<readonly string[]>;
}

/** What a server's clock said, and this machine's when that answer came (ISO 8601). */
export interface ServerTime {
  readonly server: string;
  readonly local: string;
}

/** The live side of one cluster. */
export interface LiveRead {
  readonly resources: readonly Resource[];
  /** What could not be read, and nobody can name; and objects that cannot be compared, by their key. */
  readonly unchecked: readonly Unchecked[];
  /** Kinds of which there is no complete list, and why. */
  readonly unread: readonly UnreadKind[];
  /** Kinds that the cluster does not know: their CustomResourceDefinition is not there. */
  readonly unserved: readonly GroupKind[];
  /**
   * Whether the list of this kind in this namespace ("" for cluster-scoped kinds; absent: in all of them) is complete:
   * only then may something be `missing` or `extra`.
   */
  readonly isComplete: (kind: GroupKind, namespace?: string) => boolean;
  /** Where it came from: "snapshot live/eu1", "context prod-eu1 (https://10.0.0.1:6443)". */
  readonly source: string;
  /** When the oldest part was read or written (ISO 8601). */
  readonly asOf: string;
  /** Absent where no server was asked, or it did not say. */
  readonly serverTime?: ServerTime;
}

/** What is asked of a live side about objects that explain a finding. */
export interface WholeRequest {
  readonly kinds: readonly GroupKind[];
  /** Where objects of a kind that may not be listed for the whole cluster are looked for. Absent: only there. */
  readonly namespaces?: readonly string[];
  readonly now: Date;
}

/** Objects that explain a finding, with their status, as far as they could be read. */
export interface WholeRead {
  /** Never with managedFields or last-applied. Nothing of them may be told but names and the numbers that are checked. */
  readonly objects: readonly Resource[];
  /** Kinds of which there is no complete list, and why. KIND_NOT_SERVED: the cluster has no such kind, so no such objects. */
  readonly unread: readonly UnreadKind[];
  /** Whether all objects of this kind in this namespace (absent: in all of them) are there: only then is one gone. */
  readonly isComplete: (kind: GroupKind, namespace?: string) => boolean;
}

/** One cluster as the pipelines need it. */
export interface LivePort {
  /** Reads the live side. Throws only where nothing at all can be said (LIVE_NOT_FOUND, CLUSTER_UNREACHABLE, ...). */
  readonly read: (request: LiveRequest) => Promise<LiveRead>;
  /**
   * Reads kinds that need not be there, with status. It only explains: whatever fails is `unread`, and nothing is thrown.
   */
  readonly readWhole: (request: WholeRequest) => Promise<WholeRead>;
  /** Ends what serves it: connections. */
  readonly close: () => void;
}
