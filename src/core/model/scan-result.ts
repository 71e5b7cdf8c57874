import type { Commit } from "./commit.ts";
import type { EqualitySetting, Finding, Located, Note, Unchecked } from "./finding.ts";
import type { Hidden } from "./hidden.ts";
import type { ResourceKey } from "./resource.ts";
import type { Resolved } from "./resolved.ts";
import type { Guard } from "./state.ts";
import type { TransientEdit } from "./transient-edit.ts";

/** What can be said of a target or of one kind in it. `unknown` wins over `drifted` only in the exit code. */
export type Verdict = "in-sync" | "drifted" | "unknown";

/** Where the desired side of a target came from. */
export interface SourceState {
  /** The URL or path of the repository, without credentials. */
  readonly repository: string;
  readonly revision: string;
  readonly commit: Commit;
  /** Set where the remote was away and the last fetch was used: when that was (ISO 8601). */
  readonly staleSince?: string;
}

/** A remote base that an overlay was rendered with. */
export interface BaseState {
  /** As the kustomization names it: "https://github.com/acme/base". */
  readonly repository: string;
  /** A tag, commit or branch; "" is the default branch. */
  readonly ref: string;
  /** The commit that it stood for. */
  readonly commit: string;
}

/** Where the live side of a target came from. */
export interface LiveState {
  readonly cluster: string;
  /** "snapshot live/eu1" or a context. */
  readonly source: string;
  /** When the oldest part was read or written (ISO 8601). */
  readonly asOf: string;
}

/** How one kind of a target came out. */
export interface KindResult {
  readonly group: string;
  readonly kind: string;
  readonly verdict: Verdict;
  readonly desired: number;
  readonly live: number;
}

/** How often a rule made two spellings equal. */
export interface EqualCount {
  readonly rule: string;
  readonly level: string;
  /** Why the rule holds, in one sentence for people. */
  readonly reason: string;
  readonly count: number;
}

/** One place that the two sides write differently, and that means the same. */
export interface EqualPlace {
  readonly key: ResourceKey;
  readonly path: string;
  /** Every rule that it takes to call them equal; `equalBy` has the level and the reason of each. */
  readonly rules: readonly string[];
  /** How each side writes it; absent where it leaves it out. */
  readonly desired?: Located;
  readonly live?: Located;
}

/** A live object that no target wants but that carries a deployer's mark. */
export interface DeliveredElsewhere {
  readonly key: ResourceKey;
  /** "Helm mesh-monitoring" */
  readonly by: string;
}

export interface TargetResult {
  readonly name: string;
  /** The overlay's folder in the repository; absent for manifests. */
  readonly overlay?: string;
  /** The file or folder of manifests in the repository; absent for an overlay. */
  readonly manifests?: string;
  readonly cluster: string;
  readonly environment?: string;
  /** Only what stands in these namespaces was compared, because the run was asked to. Absent: everything. */
  readonly namespaces?: readonly string[];
  readonly verdict: Verdict;
  /** Absent where the repository or the revision could not be read. */
  readonly source?: SourceState;
  /** Other repositories that it was rendered with. */
  readonly bases: readonly BaseState[];
  readonly live?: LiveState;
  readonly kinds: readonly KindResult[];
  readonly inSync: number;
  readonly findings: readonly Finding[];
  /** What rules and exemptions hide; what is exempt is among the findings, too. */
  readonly hidden: readonly Hidden[];
  /** Differences that earlier runs found and this one did not. */
  readonly resolved: readonly Resolved[];
  /** What was edited and undone between two runs. */
  readonly transient: readonly TransientEdit[];
  /** Why this run is more likely an accident than drift, until somebody acknowledges it. */
  readonly guards: readonly Guard[];
  /** When a change may best be merged, by the maintenance windows of the configuration (ISO 8601): advice only. */
  readonly maintenance?: { readonly from: string; readonly to: string };
  /** The last commit of each file that a finding's provenance names. */
  readonly commits: Readonly<Record<string, Commit>>;
  readonly notes: readonly Note[];
  readonly unchecked: readonly Unchecked[];
  readonly equalBy: readonly EqualCount[];
  /** Every place that `equalBy` counts, where the run was asked to list them. */
  readonly equal?: readonly EqualPlace[];
  /** What is in sync, where the run was asked to list what was treated as equal. */
  readonly compared?: readonly ResourceKey[];
  /** Live objects in the target's scope that another deployer delivered: listed, not drift. */
  readonly elsewhere: readonly DeliveredElsewhere[];
  /** Rendered objects of kinds that the mesh does not read (Deployment, ...). */
  readonly notMesh: number;
  /** What Kustomize warned about, and parts of the transform that had nothing to work on. */
  readonly warnings: readonly string[];
}

/** Counts over all targets: the last line of the report. */
export interface Summary {
  readonly changed: number;
  readonly missing: number;
  readonly extra: number;
  readonly conflict: number;
  /** References that the drift broke. */
  readonly dangling: number;
  /** Of all these: those past their deadline. */
  readonly overdue: number;
  /** Findings that an exemption accepts: they are in none of the counts above. */
  readonly exempt: number;
  /** Differences that the operator's rules hide. */
  readonly ignored: number;
  /** Resources that are the same but for fields that the API server drops. */
  readonly ineffective: number;
  readonly unchecked: number;
  readonly notes: number;
  readonly inSync: number;
}

/**
 * The outcome of a scan: an API. Nothing in it needs to be hidden any more; reports only format it.
 * Its JSON form is described by schema/scan-result.schema.json.
 */
export interface ScanResult {
  readonly schemaVersion: 1;
  readonly tool: { readonly version: string; readonly kustomize: string };
  readonly startedAt: string;
  readonly durationMs: number;
  readonly equality: EqualitySetting;
  readonly verdict: Verdict;
  /** 0 in sync, 1 drift, 2 something was not compared (wins over 1). */
  readonly exitCode: 0 | 1 | 2;
  readonly summary: Summary;
  readonly targets: readonly TargetResult[];
  /** Targets that may be unknown without exit code 2. */
  readonly tolerated: readonly string[];
}
