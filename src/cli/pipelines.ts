import type { Acknowledged } from "../pipeline/acknowledge.ts";
import type { Config, IstioConfig, TargetConfig } from "../config/config.ts";
import type { DiffResult } from "../core/model/diff-result.ts";
import type { EqualitySetting } from "../core/model/finding.ts";
import type { ResourceKey } from "../core/model/resource.ts";
import type { RuleBook } from "../core/model/rule.ts";
import type { Tier } from "../core/model/risk.ts";
import type { ScanResult } from "../core/model/scan-result.ts";
import type { ExemptRequest, ExemptResult } from "../pipeline/exempt.ts";
import type { Rendered } from "../pipeline/render.ts";

/** A scan, as the flags and the configuration ask for it. */
export interface ScanRequest {
  readonly version: string;
  readonly now: () => Date;
  /** With the flags worked in: equality, how stale Git may be. All targets, not only the selected ones. */
  readonly config: Config;
  /** The targets to report about, in the order of the configuration. At least one. */
  readonly targets: readonly TargetConfig[];
  /** Only what stands in these namespaces. Absent: everything. */
  readonly namespaces?: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Asked for only where it is needed; throws USAGE where the user has none. */
  readonly homeFolder: () => string;
  /** For one request to an API server. Absent: no limit but those that every request has. */
  readonly requestTimeoutMs?: number;
  /** Whether API servers may be read whose certificate is not checked. */
  readonly allowInsecure: boolean;
  /** The names of targets that may be unknown. */
  readonly tolerated: readonly string[];
  /** Where mirrors and renders are kept. An absolute path. */
  readonly cacheFolder: string;
  /** Whether renders of earlier runs may be used. */
  readonly useCache: boolean;
  /** The absolute path of the file that keeps what runs knew. Absent: nothing is known, and nothing kept. */
  readonly stateFile?: string;
  /** Whether what this run sees is not kept. */
  readonly isReadOnly?: boolean;
  /** Drift of this tier or a worse one makes exit code 1; 3 where absent. */
  readonly failOn?: Tier;
  /** Whether to list what was treated as equal, place by place. */
  readonly showEqual?: boolean;
  /** What is being done, in a few words, whenever that changes. */
  readonly onProgress: (text: string) => void;
  /** What a person should know but that stops nothing. */
  readonly onWarning: (text: string) => void;
}

/** A comparison of two sides of files. "-" is standard input, on one side at most. */
export interface DiffRequest {
  readonly version: string;
  readonly desired: string;
  readonly live: string;
  readonly equality: EqualitySetting;
  /** Whether to list what was treated as equal, place by place. */
  readonly showEqual?: boolean;
  readonly istio: IstioConfig;
}

/** What the commands start. Throws DriftError for what stops a run. */
export interface Pipelines {
  readonly scan: (request: ScanRequest) => Promise<ScanResult>;
  readonly diff: (request: DiffRequest) => Promise<DiffResult>;
  /** What Git wants of the only target of the request, or one object of it. */
  readonly render: (request: ScanRequest, key?: ResourceKey) => Promise<Rendered>;
  /** Scans and drafts exemptions as a patch. */
  readonly exempt: (request: ScanRequest, what: ExemptRequest) => Promise<ExemptResult>;
  /** Takes the run that raised a guard for a good one. `stateFile` is an absolute path. */
  readonly acknowledge: (stateFile: string, guard: string) => Promise<Acknowledged>;
  /** Of every kind, or of `what`: a kind, or one of its fields. */
  readonly rules: (what?: string) => Promise<RuleBook>;
}
