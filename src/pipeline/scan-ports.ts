import type { ClusterConfig, TargetConfig } from "../config/config.ts";
import type { LivePort } from "../ports/live.ts";
import type { AuditPort } from "../ports/audit.ts";
import type { StatePort } from "../ports/state.ts";
import type { BuiltInRules } from "../config/built-in.ts";
import type { Tier } from "../core/model/risk.ts";
import type { RendererPort } from "../ports/renderer.ts";
import type { SourcePort } from "../ports/source.ts";

/** What a scan needs of the world. */
export interface ScanPorts {
  readonly source: SourcePort;
  readonly renderer: RendererPort;
  /** The live side of a cluster. */
  readonly live: (cluster: ClusterConfig) => LivePort;
  /** The rules about managers, controllers and risk that ship. */
  readonly rules: () => Promise<BuiltInRules>;
  /** A file of audit events. Absent: none is read. */
  readonly audit?: (file: string) => AuditPort;
  /** What earlier runs knew. Absent: nothing is known, and nothing is kept. */
  readonly state?: StatePort;
}

/** What a scan is doing, for people who wait. */
export type ScanProgress =
  | { readonly stage: "git" | "live" }
  | { readonly stage: "render"; readonly done: number; readonly total: number };

export interface ScanOptions {
  /** Targets of the configuration to report. The others of their clusters are still rendered: `extra` needs them. */
  readonly targets: readonly TargetConfig[];
  /** Only what stands in these namespaces. Absent: everything. */
  readonly namespaces?: readonly string[];
  /** Targets that may be unknown without exit code 2. */
  readonly tolerated: readonly string[];
  readonly now: () => Date;
  /** For fingerprints of values that may not be shown. */
  readonly fingerprintKey: string;
  /** Whether to list what was treated as equal, place by place. */
  readonly showEqual?: boolean;
  /** Whether what this run sees is not kept for later ones. */
  readonly isReadOnly?: boolean;
  /** Drift of this tier or a worse one makes exit code 1; 3 where absent. */
  readonly failOn?: Tier;
  /** Of this tool. */
  readonly version: string;
  readonly onProgress?: (progress: ScanProgress) => void;
  /** What a person should know but that stops nothing. */
  readonly onWarning?: (message: string) => void;
}
