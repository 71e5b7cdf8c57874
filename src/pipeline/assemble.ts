import type { TargetConfig } from "../config/config.ts";
import type { TargetJudgement } from "../core/judge/judge-cluster.ts";
import { countEqual, exitCodeOf, type Ground, verdictOf, verdictOfAll } from "../core/judge/verdict.ts";
import { countFindings } from "../core/model/count-findings.ts";
import type { EqualitySetting } from "../core/model/finding.ts";
import { formatKind, type ResourceKey } from "../core/model/resource.ts";
import type { Commit, KindResult, ScanResult, Summary, TargetResult } from "../core/model/scan-result.ts";
import { concealFinding, concealNote } from "../core/text/redact.ts";
import { messageOf } from "../lib/errors.ts";
import type { LiveRead } from "../ports/live.ts";
import type { Checkout } from "../ports/source.ts";

/** Everything that is known of one target after judging. */
export interface ScannedTarget {
  readonly target: TargetConfig;
  readonly live: LiveRead;
  readonly judgement: TargetJudgement;
  readonly warnings: readonly string[];
}

/** What the result says of the run itself. */
export interface RunFacts {
  readonly startedAt: Date;
  readonly now: () => Date;
  readonly equality: EqualitySetting;
  readonly tolerated: readonly string[];
  readonly fingerprintKey: string;
  readonly version: string;
  readonly kustomize: string;
  /** What a person should know but that stops nothing. */
  readonly onWarning?: (message: string) => void;
}

/** Makes the ScanResult. Here, and nowhere later, values that may not be shown become fingerprints. */
export async function assembleResult(
  scanned: readonly ScannedTarget[],
  checkout: Checkout,
  run: RunFacts,
): Promise<ScanResult> {
  const files = scanned.flatMap(({ judgement }) =>
    judgement.findings.flatMap((finding) => finding.provenance?.file ?? []),
  );
  const commits = await findLastCommits(checkout, [...new Set(files)], run.onWarning);
  const targets = scanned.map((one) => targetResult(one, checkout, commits, run.fingerprintKey));
  const verdict = verdictOfAll(targets.map((target) => target.verdict));
  return {
    schemaVersion: 1,
    tool: { version: run.version, kustomize: run.kustomize },
    startedAt: run.startedAt.toISOString(),
    durationMs: run.now().getTime() - run.startedAt.getTime(),
    equality: run.equality,
    verdict,
    exitCode: exitCodeOf(groundOf(targets, run.tolerated)),
    summary: summarise(targets),
    targets,
    tolerated: run.tolerated,
  };
}

/** Commits only explain what was found: a history that cannot be read must not lose it. */
async function findLastCommits(
  checkout: Checkout,
  files: readonly string[],
  onWarning: RunFacts["onWarning"],
): Promise<ReadonlyMap<string, Commit>> {
  try {
    return await checkout.lastCommits(files);
  } catch (error) {
    onWarning?.(`the last commits of the files are not told: ${messageOf(error)}`);
    return new Map();
  }
}

function targetResult(
  { target, live, judgement, warnings }: ScannedTarget,
  checkout: Checkout,
  commits: ReadonlyMap<string, Commit>,
  fingerprintKey: string,
): TargetResult {
  const files = judgement.findings.flatMap((finding) => finding.provenance?.file ?? []);
  return {
    name: target.name,
    overlay: target.overlay,
    cluster: target.cluster,
    ...(target.environment !== undefined && { environment: target.environment }),
    verdict: verdictOf(judgement),
    source: {
      repository: checkout.repository,
      revision: checkout.revision,
      commit: checkout.commit,
      ...(checkout.staleSince !== undefined && { staleSince: checkout.staleSince }),
    },
    ...(live.source !== "" && { live: { cluster: target.cluster, source: live.source, asOf: live.asOf } }),
    kinds: kindResults(judgement),
    inSync: judgement.inSync.length,
    findings: judgement.findings.map((finding) => concealFinding(finding, fingerprintKey)),
    commits: Object.fromEntries([...commits].filter(([file]) => files.includes(file))),
    notes: judgement.notes.map((note) => concealNote(note, fingerprintKey)),
    unchecked: judgement.unchecked,
    equalBy: countEqual(judgement.equalBy),
    elsewhere: judgement.elsewhere,
    notMesh: judgement.notMesh,
    warnings,
  };
}

function kindResults(judgement: TargetJudgement): readonly KindResult[] {
  const keys = [
    ...judgement.desired,
    ...judgement.findings.map(({ key }) => key),
    ...judgement.unchecked.flatMap(({ key }) => key ?? []),
  ];
  const kinds = new Map(keys.map((key) => [formatKind(key), { group: key.group, kind: key.kind }]));
  const names = [...kinds].sort(([a], [b]) => (a < b ? -1 : 1));
  return names.map(([, kind]) => {
    const isKind = (key: ResourceKey | undefined): boolean =>
      key?.kind === kind.kind && key.group === kind.group;
    const findings = judgement.findings.filter(({ key }) => isKind(key));
    const unchecked = judgement.unchecked.filter((entry) => touchesKind(entry, kind));
    return {
      ...kind,
      verdict: verdictOf({ findings, unchecked }),
      desired: judgement.desired.filter(isKind).length,
      live: judgement.live.filter(isKind).length,
    };
  });
}

/** Without a key something wider was not compared: every kind, unless the entry names one kind. */
function touchesKind(
  entry: TargetJudgement["unchecked"][number],
  kind: { readonly group: string; readonly kind: string },
): boolean {
  if (entry.key !== undefined) return entry.key.kind === kind.kind && entry.key.group === kind.group;
  return entry.code !== "KIND_NOT_READ" || entry.what === formatKind(kind);
}

function summarise(targets: readonly TargetResult[]): Summary {
  const sum = (of: (target: TargetResult) => number): number =>
    targets.reduce((total, one) => total + of(one), 0);
  return {
    ...countFindings(targets.flatMap((target) => target.findings)),
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
