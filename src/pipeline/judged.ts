import type { Config } from "../config/config.ts";
import type { BuiltInRules } from "../config/built-in.ts";
import type { Finding } from "../core/model/finding.ts";
import type { Hidden } from "../core/model/hidden.ts";
import type { Resolved } from "../core/model/resolved.ts";
import type { TransientEdit } from "../core/model/transient-edit.ts";
import type { Guard } from "../core/model/state.ts";
import type { LivePort } from "../ports/live.ts";
import type { ScannedTarget } from "./scanned.ts";
import type { DesiredContext } from "./desired.ts";
import type { ScanOptions, ScanPorts } from "./scan-ports.ts";

/** A target with its findings judged: who, since when, where in Git, how bad. */
export interface JudgedTarget extends ScannedTarget {
  /** Without what the operator ignores; what is exempt is among them. */
  readonly findings: readonly Finding[];
  readonly hidden: readonly Hidden[];
  /** Differences that earlier runs found and this one did not. */
  readonly resolved: readonly Resolved[];
  /** What was edited and undone between two runs. */
  readonly transient: readonly TransientEdit[];
  /** Why this run is more likely an accident than drift. */
  readonly guards: readonly Guard[];
  /** What a person should know about the judging. */
  readonly warnings: readonly string[];
}

/** What findings are judged with. */
export interface JudgeContext extends DesiredContext {
  readonly config: Config;
  readonly ports: ScanPorts;
  readonly rules: BuiltInRules;
  readonly options: ScanOptions;
  /** The live sides by the names of their clusters. */
  readonly lives: ReadonlyMap<string, LivePort>;
  /** When the run began. */
  readonly startedAt: Date;
}

/** A target of which nothing is judged yet. */
export function unjudged(one: ScannedTarget): JudgedTarget {
  const { findings } = one.judgement;
  return { ...one, findings, hidden: [], resolved: [], transient: [], guards: [], warnings: [] };
}

/** The target with one more thing that a person should know. */
export function warned(one: JudgedTarget, warnings: readonly string[]): JudgedTarget {
  return warnings.length === 0 ? one : { ...one, warnings: [...one.warnings, ...warnings] };
}
