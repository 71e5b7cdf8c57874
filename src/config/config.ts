import type { EqualitySetting } from "../core/model/finding.ts";

/** Where the desired side comes from. */
export interface RepositoryConfig {
  /** An absolute path, or a URL without credentials. */
  readonly url: string;
  /** A branch, tag or full commit id; "" is the remote's default branch. */
  readonly revision: string;
  /** How old the last fetch may be when the remote is away. 0: it is never used. */
  readonly allowStaleMs: number;
}

/** Facts about the mesh of a cluster that its objects do not tell. */
export interface IstioConfig {
  /** "1.30" */
  readonly version?: string;
  /** The cluster domain, "cluster.local" where it is absent. */
  readonly domain?: string;
  /** The namespace of mesh-wide configuration, "istio-system" where it is absent. */
  readonly rootNamespace?: string;
  /** The name of the ConfigMap with the shared mesh configuration. */
  readonly sharedMeshConfig?: string;
}

/** One live side. */
export interface ClusterConfig {
  readonly name: string;
  /** The absolute path of a file or folder of `kubectl get -o yaml|json` output, or "-" for standard input. */
  readonly snapshot: string;
  /** An older snapshot says nothing about the cluster. Absent: any age will do. */
  readonly maxAgeMs?: number;
  /** The path as the file has it, for messages: "live/eu1", "-". */
  readonly snapshotLabel: string;
  /**
   * Kinds that the snapshot holds completely, even those it has no object of ("VirtualService",
   * "Gateway.networking.istio.io"). Absent: those it has objects of.
   */
  readonly kinds?: readonly string[];
  /** The namespaces the snapshot holds. Absent: all. */
  readonly namespaces?: readonly string[];
  readonly istio: IstioConfig;
}

/** One overlay, paired with one live side. */
export interface TargetConfig {
  readonly name: string;
  /** A folder of the repository: "overlays/prod/eu1", "" is the root. Never absolute, never with "..". */
  readonly overlay: string;
  /** The name of one of the clusters. */
  readonly cluster: string;
  readonly environment?: string;
  /** Where `extra` may be reported; no namespace where the file names none. */
  readonly scope: { readonly namespaces: readonly string[] };
}

/** Which labels and annotations without mesh meaning are looked at. */
export type MetadataSetting = "mesh" | "declared" | "all";

/** drift.yaml, checked: every path absolute, every duration in milliseconds, every name resolved. */
export interface Config {
  /** The absolute path of the file. */
  readonly path: string;
  readonly repository: RepositoryConfig;
  readonly clusters: ReadonlyMap<string, ClusterConfig>;
  /** At least one; names are unique, and each names a cluster that exists. */
  readonly targets: readonly TargetConfig[];
  readonly compare: { readonly equality: EqualitySetting; readonly metadata: MetadataSetting };
  /** Absent: the renderer's own defaults. */
  readonly render: { readonly timeoutMs?: number; readonly workers?: number };
}
