import type { DiffResult, LeftOut } from "../core/model/diff-result.ts";
import type {
  Change,
  Dangling,
  Effect,
  Finding,
  Ineffective,
  Located,
  Note,
  Unchecked,
} from "../core/model/finding.ts";
import type { Attribution, AuditUser } from "../core/model/attribution.ts";
import type { CodeOwners, Origin } from "../core/model/origin.ts";
import type { Hidden } from "../core/model/hidden.ts";
import type { Resolved } from "../core/model/resolved.ts";
import type { Guard } from "../core/model/state.ts";
import type { TransientEdit } from "../core/model/transient-edit.ts";
import type { Risk } from "../core/model/risk.ts";
import type { BreakGlass, Clock, Exemption, Standing } from "../core/model/standing.ts";
import type { GroupKind, Provenance, ResourceKey } from "../core/model/resource.ts";
import type { Commit } from "../core/model/commit.ts";
import type {
  BaseState,
  DeliveredElsewhere,
  EqualCount,
  EqualPlace,
  KindResult,
  LiveState,
  ScanResult,
  SourceState,
  Summary,
  TargetResult,
} from "../core/model/scan-result.ts";
import { type Shape, writeJson } from "./write-json.ts";

/** An outcome that stopped the run, for readers that expect JSON. Described by schema/error.schema.json. */
export interface ErrorDocument {
  readonly schemaVersion: 1;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly hint: string;
    readonly details: readonly string[];
  };
}

/** The fields of a type, all of them: a field added to the model does not compile before it stands here. */
type Fields<T> = Readonly<Record<keyof T, Shape>>;

const value: Shape = { type: "as-is" };

function object<T>(fields: Fields<Required<T>>): Shape {
  return { type: "object", fields };
}

function list(items: Shape): Shape {
  return { type: "list", items };
}

const key = object<ResourceKey>({ group: value, kind: value, namespace: value, name: value });

const located = object<Located>({ pointer: value, line: value, value, secret: value });

const effect = object<Effect>({ text: value, direction: value });

const commit = object<Commit>({ sha: value, author: value, date: value, subject: value });

const attribution = object<Attribution>({
  manager: value,
  class: value,
  operation: value,
  subresource: value,
  time: value,
  wrote: value,
  precision: value,
  doubts: value,
  user: object<AuditUser>({
    ...{ name: value, groups: value, impersonatedBy: value },
    ...{ verb: value, time: value, precision: value },
  }),
});

const origin = object<
  Extract<Origin, { type: "known" }> & Omit<Extract<Origin, { type: "unknown" }>, "type">
>({
  type: value,
  file: value,
  line: value,
  column: value,
  by: value,
  precision: value,
  commit,
  owners: object<Extract<CodeOwners, { state: "owned" }>>({ state: value, owners: value, line: value }),
  reason: value,
});

const risk = object<Risk>({ tier: value, rule: value, reason: value });

const standing = object<Standing>({
  state: value,
  isOverdue: value,
  clock: object<Clock>({ firstSeen: value, since: value, basis: value, deadline: value }),
  reason: value,
});

const exemption = object<Exemption>({
  reason: value,
  ticket: value,
  by: value,
  until: value,
  hasEnded: value,
  file: value,
  line: value,
  refused: value,
});

const change = object<Change>({
  type: value,
  path: value,
  desired: located,
  live: located,
  effect,
  undecided: list(object<{ rule: string; missing: string }>({ rule: value, missing: value })),
  risk,
  standing,
  exemption,
  attribution,
  origin,
});

const provenance = object<Provenance>({
  file: value,
  changedBy: list(object<Provenance["changedBy"][number]>({ file: value, by: value })),
});

const finding = object<Finding>({
  type: value,
  key,
  otherTarget: value,
  structural: value,
  effect,
  blocks: list(key),
  changes: list(change),
  ineffective: list(object<Ineffective>({ path: value, desired: located, reason: value })),
  provenance,
  risk,
  standing,
  exemption,
  breakGlass: object<BreakGlass>({ ticket: value, on: value }),
  attribution,
  origin,
  renamed: key,
  rolledBack: object<NonNullable<Finding["rolledBack"]>>({ to: value, undoes: value }),
  dangling: object<Dangling>({ path: value, reason: value, code: value, brokenBy: key }),
});

const note = object<Note>({ key, change, reason: value });

const unchecked = object<Unchecked>({
  code: value,
  what: value,
  key,
  kind: object<GroupKind>({ group: value, kind: value }),
  reason: value,
  hint: value,
  standing,
});

const equalCount = object<EqualCount>({ rule: value, level: value, reason: value, count: value });

const equalPlace = object<EqualPlace>({ key, path: value, rules: value, desired: located, live: located });

const summary = object<Summary>({
  changed: value,
  missing: value,
  extra: value,
  conflict: value,
  dangling: value,
  overdue: value,
  exempt: value,
  ignored: value,
  ineffective: value,
  unchecked: value,
  notes: value,
  inSync: value,
});

const target = object<TargetResult>({
  name: value,
  environment: value,
  overlay: value,
  manifests: value,
  cluster: value,
  namespaces: value,
  verdict: value,
  source: object<SourceState>({ repository: value, revision: value, commit, staleSince: value }),
  bases: list(object<BaseState>({ repository: value, ref: value, commit: value })),
  live: object<LiveState>({ cluster: value, source: value, asOf: value }),
  kinds: list(object<KindResult>({ group: value, kind: value, verdict: value, desired: value, live: value })),
  inSync: value,
  findings: list(finding),
  hidden: list(
    object<Hidden>({ key, type: value, path: value, by: value, rule: value, reason: value, until: value }),
  ),
  resolved: list(object<Resolved>({ cluster: value, key, path: value, since: value, lastedMs: value })),
  transient: list(object<TransientEdit>({ cluster: value, key, type: value, changes: value, after: value })),
  maintenance: object<NonNullable<TargetResult["maintenance"]>>({ from: value, to: value }),
  guards: list(object<Guard>({ type: value, id: value, text: value, before: value, now: value })),
  commits: { type: "map", values: commit },
  notes: list(note),
  unchecked: list(unchecked),
  equalBy: list(equalCount),
  equal: list(equalPlace),
  compared: list(key),
  elsewhere: list(object<DeliveredElsewhere>({ key, by: value })),
  notMesh: value,
  warnings: value,
});

const scanResult = object<ScanResult>({
  schemaVersion: value,
  tool: object<ScanResult["tool"]>({ version: value, kustomize: value }),
  startedAt: value,
  durationMs: value,
  equality: value,
  verdict: value,
  exitCode: value,
  summary,
  tolerated: value,
  targets: list(target),
});

const diffResult = object<DiffResult>({
  schemaVersion: value,
  tool: object<DiffResult["tool"]>({ version: value }),
  equality: value,
  verdict: value,
  exitCode: value,
  summary,
  desired: value,
  live: value,
  findings: list(finding),
  notes: list(note),
  unchecked: list(unchecked),
  equalBy: list(equalCount),
  equal: list(equalPlace),
  leftOut: list(object<LeftOut>({ group: value, kind: value, count: value })),
});

/** The outcome of a scan as JSON: schema/scan-result.schema.json. The same result gives the same bytes. */
export function renderJson(result: ScanResult): string {
  return `${writeJson(result, scanResult)}\n`;
}

/** The outcome of a diff as JSON: schema/diff-result.schema.json. The same result gives the same bytes. */
export function renderDiffJson(result: DiffResult): string {
  return `${writeJson(result, diffResult)}\n`;
}

/** What stopped a run as JSON: schema/error.schema.json. */
export function renderErrorJson(error: ErrorDocument): string {
  return `${writeJson(error, value)}\n`;
}
