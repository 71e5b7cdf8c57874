import type { Change, Finding, Located, Unchecked } from "../model/finding.ts";
import type { Hidden } from "../model/hidden.ts";
import { compactJson, field, type Json, objectOf, textField } from "../model/json.ts";
import { parseInstant } from "../model/instant.ts";
import type { Resource, ResourceKey } from "../model/resource.ts";
import { withoutSecrets } from "../text/redact.ts";
import type { ClusterObservation, Difference } from "./advance-clocks.ts";
import type { TargetJudgement } from "./judge-cluster.ts";
import type { Counted } from "./transient.ts";
import type { Unknown } from "./unknowns.ts";

/** One target of a cluster as a run saw it. */
export interface ObservedTarget {
  readonly name: string;
  readonly judgement: TargetJudgement;
  /** What is found, with attribution and origins; what the operator ignores is not among it. */
  readonly findings: readonly Finding[];
  /** What the operator ignores is no end of a clock; what is exempt is among the findings, too. */
  readonly hidden: readonly Hidden[];
  /** Whether everything of it was looked at, not only some namespaces. */
  readonly isFull: boolean;
  /** Whether there was nothing to compare with: neither its desired side, nor a live one. */
  readonly isUnknown: boolean;
}

/** What the clocks of one cluster are told. `digest` makes keyed fingerprints. */
export function observe(
  cluster: string,
  targets: readonly ObservedTarget[],
  digest: (text: string) => string,
): ClusterObservation {
  const judgements = targets.map(({ judgement }) => judgement);
  return {
    cluster,
    differences: targets.flatMap(({ findings }) =>
      findings.flatMap((finding) => differencesOf(finding, digest)),
    ),
    ignored: targets.flatMap(({ hidden }) => ignoredOf(hidden, digest)),
    judged: judgements.flatMap((judgement) => judgedOf(judgement, digest)),
    unchecked: targets.flatMap(({ judgement, name, isUnknown }) =>
      judgement.unchecked.map((one) => unknownOf(one, name, isUnknown)),
    ),
    swept: [...new Set(judgements.flatMap(({ swept }) => swept))],
    targets: targets.filter(({ isFull }) => isFull).map(({ name }) => name),
    isAbsent: (key) => judgements[0]?.isAbsent(key) === true,
  };
}

/** The paths under which the clocks of a finding run: those of its changes, else "" for all of the object. */
function clockPaths({ type, changes, dangling }: Finding): readonly string[] {
  if (type === "ineffective") return [];
  if (type === "dangling") return [dangling?.path ?? ""];
  return changes.length === 0 ? [""] : changes.map(({ path }) => path);
}

function differencesOf(finding: Finding, digest: (text: string) => string): readonly Difference[] {
  const { key, type, changes, attribution } = finding;
  if (changes.length > 0 && type !== "ineffective") {
    return changes.map((change) => ({
      key,
      type,
      path: change.path,
      claim: claimOf(change),
      fingerprint: digest(textOf(change)),
    }));
  }
  return clockPaths(finding).map((path) => ({
    key,
    type,
    path,
    claim: attribution?.time,
    fingerprint: digest(type),
  }));
}

/** What the API server drops has no clock. */
function ignoredOf(hidden: readonly Hidden[], digest: (text: string) => string): readonly Difference[] {
  return hidden
    .filter(({ by, type }) => by === "ignore" && type !== "ineffective")
    .map(({ key, type, path = "" }) => ({ key, type, path, fingerprint: digest(type) }));
}

/** When the writer of the live value claims to have written it, or later, when Git came to want another one. */
function claimOf({ attribution, origin }: Change): string | undefined {
  const written = attribution?.time;
  const wanted = origin?.type === "known" ? origin.commit?.date : undefined;
  if (written === undefined || wanted === undefined) return written;
  const [writtenMs, wantedMs] = [parseInstant(written), parseInstant(wanted)];
  return writtenMs !== undefined && wantedMs !== undefined && wantedMs > writtenMs ? wanted : written;
}

function textOf({ type, path, desired, live }: Change): string {
  const values = [desired, live].map((side: Located | undefined): Json =>
    side === undefined ? [] : [withoutSecrets(side).value],
  );
  return compactJson([type, path, ...values]);
}

/** Objects of which every difference is told. */
function judgedOf(
  { inSync, findings, liveOf }: TargetJudgement,
  digest: (text: string) => string,
): readonly Counted[] {
  const keys: readonly ResourceKey[] = [
    ...inSync,
    ...findings.filter(({ type }) => type !== "conflict" && type !== "dangling").map(({ key }) => key),
  ];
  return keys.map((key) => ({ key, ...countOf(liveOf(key), digest) }));
}

/** What the API server counts of a live object. */
function countOf(live: Resource | undefined, digest: (text: string) => string): Pick<Counted, "live"> {
  const metadata = field(live?.object, "metadata");
  const generation = field(metadata, "generation");
  const uid = textField(metadata, "uid");
  if (live === undefined || typeof generation !== "number" || uid === "") return {};
  const spec = (): string => digest(compactJson(withoutMetadata(live)));
  return { live: { uid, generation, spec } };
}

function withoutMetadata({ object }: Resource): Json {
  return objectOf(Object.entries(object).filter(([name]) => name !== "metadata"));
}

function unknownOf({ code, key, kind }: Unchecked, target: string, isWholeTarget: boolean): Unknown {
  return { target, code, isWholeTarget, ...(key && { key }), ...(kind && { kind }) };
}
