import type { EqualitySetting } from "../core/model/finding.ts";
import type { LabelSelector } from "../core/model/label-selector.ts";
import type { RepositoryAccess } from "../core/model/repository-access.ts";
import type { Transform } from "../core/model/transform.ts";
import type { JudgingConfig } from "./config-judging.ts";

/** Where the desired side comes from. */
export interface RepositoryConfig {
  /** An absolute path, or a URL without credentials. */
  readonly url: string;
  /** A branch, tag or full commit id; "" is the remote's default branch. */
  readonly revision: string;
  /** How old the last fetch may be when the remote is away. 0: it is never used. */
  readonly allowStaleMs: number;
  readonly access?: RepositoryAccess;
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

/** Files instead of a cluster. */
export interface SnapshotConfig {
  readonly type: "snapshot";
  /** The absolute path of a file or folder of `kubectl get -o yaml|json` output, or "-" for standard input. */
  readonly path: string;
  /** The path as the file has it, for messages: "live/eu1", "-". */
  readonly label: string;
  /** An older snapshot says nothing about the cluster. Absent: any age will do. */
  readonly maxAgeMs?: number;
  /**
   * Kinds that the snapshot holds completely, even those it has no object of ("VirtualService",
   * "Gateway.networking.istio.io"). Absent: those it has objects of.
   */
  readonly kinds?: readonly string[];
}

/** Where the live side comes from. Paths are absolute. */
export type LiveConfig =
  | SnapshotConfig
  | {
      readonly type: "context";
      /** Of a kubeconfig; "" is its current context. */
      readonly context: string;
      /** Absent: KUBECONFIG, else the one in the home folder. */
      readonly kubeconfig?: string;
    }
  | { readonly type: "in-cluster" }
  | {
      readonly type: "server";
      readonly server: string;
      readonly caFile?: string;
      readonly tokenFile?: string;
    };

/** One live side. */
export interface ClusterConfig {
  readonly name: string;
  readonly live: LiveConfig;
  /** The namespaces that the snapshot holds, or that are listed one by one. Absent: all. */
  readonly namespaces?: readonly string[];
  readonly istio: IstioConfig;
  /** The absolute path of a file of Kubernetes audit events, a JSON document a line. */
  readonly audit?: string;
}

/** What the deployer adds on top of an overlay: before it is rendered, and after. */
export interface TransformConfig extends Transform {
  /** Values of `${NAME}`. */
  readonly substitute?: Readonly<Record<string, string>>;
}

/** Where a target's objects stand in its repository. */
export type DesiredConfig =
  | {
      readonly type: "overlay";
      /** A folder of the repository: "overlays/prod/eu1", "" is the root. Never absolute, never with "..". */
      readonly overlay: string;
      readonly transform?: TransformConfig;
    }
  | {
      readonly type: "manifests";
      /** A file, or a folder with all below it; as an overlay's path. */
      readonly manifests: string;
      /** Values of `${NAME}`. */
      readonly substitute?: Readonly<Record<string, string>>;
    };

/** The object that delivers a target: an Application of Argo CD, or a Kustomization of Flux. */
export interface DeployerConfig {
  readonly type: "argocd" | "flux";
  readonly namespace: string;
  readonly name: string;
}

/** One overlay or folder of manifests, paired with one live side. */
export interface TargetConfig {
  readonly name: string;
  readonly desired: DesiredConfig;
  readonly repository: RepositoryConfig;
  /** The name of one of the clusters. */
  readonly cluster: string;
  readonly environment?: string;
  readonly deployer?: DeployerConfig;
  /** Where `extra` may be reported; nowhere where the file names nothing. */
  readonly scope: { readonly namespaces: readonly string[]; readonly selector?: LabelSelector };
}

/** Repositories from which remote bases may come. */
export interface RemoteBaseConfig {
  /** "https://github.com/acme/mesh", or with "/*" at its end all below it. */
  readonly repository: string;
  /** Whether a base may name a branch, which moves, or nothing. */
  readonly allowBranches: boolean;
  readonly access?: RepositoryAccess;
}

/** What renders: Kustomize inside of drift, or a command. */
export type EngineSetting = "builtin" | "kustomize" | "kubectl";

/** Which labels and annotations without mesh meaning are looked at. */
export type MetadataSetting = "mesh" | "declared" | "all";

/** How overlays are rendered. */
export interface RenderConfig {
  /** Absent: the renderer's own defaults. */
  readonly timeoutMs?: number;
  readonly workers?: number;
  readonly engine: EngineSetting;
  /** The absolute path of the command; absent: it is looked for in PATH. */
  readonly binary?: string;
  readonly remoteBases: readonly RemoteBaseConfig[];
}

/** drift.yaml, checked: every path absolute, every duration in milliseconds, every name resolved. */
export interface Config {
  /** The absolute path of the file. */
  readonly path: string;
  readonly clusters: ReadonlyMap<string, ClusterConfig>;
  /** At least one; names are unique, and each names a cluster that exists. */
  readonly targets: readonly TargetConfig[];
  readonly compare: { readonly equality: EqualitySetting; readonly metadata: MetadataSetting };
  readonly render: RenderConfig;
  readonly judging: JudgingConfig;
}
