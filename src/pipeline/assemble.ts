import type { TargetJudgement } from "../core/judge/judge-cluster.ts";
import { equalPlaces } from "../core/judge/equal-places.ts";
import { nextWindow } from "../core/judge/maintenance.ts";
import { formatInstant } from "../core/model/instant.ts";
import type { MaintenanceWindow } from "../core/model/maintenance-window.ts";
import { countEqual, exitCodeOf, type Ground, verdictOf, verdictOfAll } from "../core/judge/verdict.ts";
import { countFindings } from "../core/model/count-findings.ts";
import type { Tier } from "../core/model/risk.ts";
import type { EqualitySetting, Finding } from "../core/model/finding.ts";
import { formatKind, type GroupKind, isRemoteFile, isSameKind } from "../core/model/resource.ts";
import type { Commit } from "../core/model/commit.ts";
import type {
  KindResult,
  ScanResult,
  SourceState,
  Summary,
  TargetResult,
} from "../core/model/scan-result.ts";
import { concealTold } from "../core/text/conceal-told.ts";
import { concealFinding, concealNote, concealPlace } from "../core/text/redact.ts";
import { messageOf } from "../lib/errors.ts";
import type { Checkout } from "../ports/source.ts";
import type { JudgedTarget } from "./judged.ts";

/** What the result says of the run itself. */
export interface RunFacts {
  readonly startedAt: Date;
  readonly now: () => Date;
  readonly equality: EqualitySetting;
  readonly tolerated: readonly string[];
  /** Drift of this tier or a worse one makes exit code 1. */
  readonly failOn?: Tier;
  readonly fingerprintKey: string;
  readonly version: string;
  readonly kustomize: string;
  /** Only what stands in these namespaces was compared. */
  readonly namespaces?: readonly string[];
  readonly maintenance: readonly MaintenanceWindow[];
  /** Whether to list what was treated as equal, place by place. */
  readonly showEqual?: boolean;
  /** What a person should know but that stops nothing. */
  readonly onWarning?: (message: string) => void;
}

/** Makes the ScanResult. Here, and nowhere later, values that may not be shown become fingerprints. */
export async function assembleResult(scanned: readonly JudgedTarget[], run: RunFacts): Promise<ScanResult> {
  const commits = await findLastCommits(scanned, run.onWarning);
  const targets = scanned.map((one) => concealTold(targetResult(one, commits, run), run.fingerprintKey));
  const verdict = verdictOfAll(targets.map((target) => target.verdict));
  return {
    schemaVersion: 1,
    tool: { version: run.version, kustomize: run.kustomize },
    startedAt: run.startedAt.toISOString(),
    durationMs: run.now().getTime() - run.startedAt.getTime(),
    equality: run.equality,
    verdict,
    exitCode: exitCodeOf(groundOf(targets, run.tolerated), run.failOn),
    summary: summarise(targets),
    targets,
    tolerated: run.tolerated,
  };
}

/** The last commits of files, by the checkout they are of. */
type LastCommits = ReadonlyMap<Checkout, ReadonlyMap<string, Commit>>;

/** Commits only explain what was found: a history that cannot be read must not lose it. */
async function findLastCommits(
  scanned: readonly JudgedTarget[],
  onWarning: RunFacts["onWarning"],
): Promise<LastCommits> {
  const files = new Map<Checkout, Set<string>>();
  for (const { desired, findings } of scanned) {
    if (desired.checkout === undefined) continue;
    const known = files.get(desired.checkout) ?? new Set();
    files.set(desired.checkout, known);
    for (const file of filesOf(findings)) known.add(file);
  }
  const commits = new Map<Checkout, ReadonlyMap<string, Commit>>();
  for (const [checkout, names] of files) {
    try {
      commits.set(checkout, await checkout.lastCommits([...names]));
    } catch (error) {
      onWarning?.(`the last commits of the files are not told: ${messageOf(error)}`);
    }
  }
  return commits;
}

/** The files of the repository itself; those of remote bases are URLs. */
function filesOf(findings: readonly Finding[]): readonly string[] {
  return findings.flatMap((finding) => finding.provenance?.file ?? []).filter((file) => !isRemoteFile(file));
}

function targetResult(
  { target, live, judgement, desired, findings, ...judged }: JudgedTarget,
  commits: LastCommits,
  run: RunFacts,
): TargetResult {
  const { fingerprintKey, namespaces } = run;
  const { checkout } = desired;
  const files = new Set(filesOf(findings));
  const known = checkout === undefined ? undefined : commits.get(checkout);
  return {
    name: target.name,
    ...(target.desired.type === "overlay"
      ? { overlay: target.desired.overlay }
      : { manifests: target.desired.manifests }),
    cluster: target.cluster,
    ...(target.environment !== undefined && { environment: target.environment }),
    ...(namespaces !== undefined && { namespaces }),
    verdict: verdictOf({ findings, unchecked: judgement.unchecked }),
    ...(checkout && { source: sourceState(checkout) }),
    bases: desired.type === "rendered" ? desired.bases : [],
    ...(live.source !== "" && { live: { cluster: target.cluster, source: live.source, asOf: live.asOf } }),
    kinds: kindResults(judgement, findings),
    inSync: judgement.inSync.length,
    findings: findings.map((finding) => concealFinding(finding, fingerprintKey)),
    hidden: judged.hidden,
    resolved: judged.resolved,
    transient: judged.transient,
    guards: judged.guards,
    ...maintenancePart(target.name, findings, run),
    commits: Object.fromEntries([...(known ?? [])].filter(([file]) => files.has(file))),
    notes: judgement.notes.map((note) => concealNote(note, fingerprintKey)),
    unchecked: judgement.unchecked,
    equalBy: countEqual(judgement.equalBy),
    ...equalPart(judgement, run),
    elsewhere: judgement.elsewhere,
    notMesh: judgement.notMesh,
    warnings: [...(desired.type === "rendered" ? desired.warnings : []), ...judged.warnings],
  };
}

/** When a change may best be merged, where there is one to merge. */
function maintenancePart(
  target: string,
  findings: readonly Finding[],
  { maintenance, startedAt }: RunFacts,
): Pick<TargetResult, "maintenance"> {
  const open = findings.length === 0 ? undefined : nextWindow(maintenance, startedAt.getTime(), target);
  if (open === undefined) return {};
  return { maintenance: { from: formatInstant(open.from), to: formatInstant(open.to) } };
}

/** What was treated as equal, if the run was asked to list it. */
function equalPart(
  { equalBy, inSync }: TargetJudgement,
  { showEqual, fingerprintKey }: RunFacts,
): Pick<TargetResult, "equal" | "compared"> {
  if (showEqual !== true) return {};
  const equal = equalPlaces(equalBy).map((place) => concealPlace(place, fingerprintKey));
  return { equal, compared: inSync };
}

function sourceState({ repository, revision, commit, staleSince }: Checkout): SourceState {
  return { repository, revision, commit, ...(staleSince !== undefined && { staleSince }) };
}

function kindResults(judgement: TargetJudgement, all: readonly Finding[]): readonly KindResult[] {
  const keys: readonly GroupKind[] = [
    ...judgement.desired,
    ...all.flatMap(kindsOf),
    ...judgement.unchecked.flatMap(({ key, kind }) => key ?? kind ?? []),
  ];
  const kinds = new Map(keys.map((key) => [formatKind(key), { group: key.group, kind: key.kind }]));
  const sorted = [...kinds].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([, kind]) => {
    const isKind = (key: GroupKind): boolean => isSameKind(key, kind);
    const findings = all.filter((finding) => kindsOf(finding).some(isKind));
    // What names neither an object nor a kind is wider: it touches every kind.
    const unchecked = judgement.unchecked.filter((entry) => isKind(entry.key ?? entry.kind ?? kind));
    return {
      ...kind,
      verdict: verdictOf({ findings, unchecked }),
      desired: judgement.desired.filter(isKind).length,
      live: judgement.live.filter(isKind).length,
    };
  });
}

/** The kinds that a finding is about: a missing definition is about the objects that cannot be live without it. */
function kindsOf({ key, blocks }: Finding): readonly GroupKind[] {
  return blocks ?? [key];
}

function summarise(targets: readonly TargetResult[]): Summary {
  const sum = (of: (target: TargetResult) => number): number =>
    targets.reduce((total, one) => total + of(one), 0);
  return {
    ...countFindings(targets.flatMap((target) => target.findings)),
    ignored: sum((target) => target.hidden.filter(({ by }) => by === "ignore").length),
    unchecked: sum((target) => target.unchecked.length),
    notes: sum((target) => target.notes.length),
    inSync: sum((target) => target.inSync),
  };
}

/** A target that may be unknown counts with its findings only. */
function groundOf(targets: readonly TargetResult[], tolerated: readonly string[]): Ground {
  return {
    findings: targets.flatMap((target) => target.findings),
    unchecked: targets.flatMap((target) => (tolerated.includes(target.name) ? [] : target.unchecked)),
  };
}
