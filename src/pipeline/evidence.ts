import { addUser, attributeDeletion, type AuditIndex, indexAudit } from "../core/judge/audit.ts";
import { type OwnerRule, ownersOf } from "../core/judge/code-owners.ts";
import { placeOfChange } from "../core/judge/origin/change-place.ts";
import type { Commit } from "../core/model/commit.ts";
import type { Change, Finding } from "../core/model/finding.ts";
import type { Origin } from "../core/model/origin.ts";
import { isRemoteFile } from "../core/model/resource.ts";
import { messageOf } from "../lib/errors.ts";
import type { Checkout } from "../ports/source.ts";
import { type JudgeContext, type JudgedTarget, warned } from "./judged.ts";
import { readOwners } from "./read-owners.ts";
import { traceOrigins, type OriginLookup } from "./trace.ts";
import type { WantedObject } from "./traced.ts";

/**
 * Gathers what explains the findings of a target: the lines of Git with their last commits and owners, and the users of
 * the audit log. It only explains: what cannot be had is a warning.
 */
export async function gatherEvidence(one: JudgedTarget, context: JudgeContext): Promise<JudgedTarget> {
  if (one.findings.length === 0) return one;
  return await withUsers(await withOrigins(one, context), context);
}

async function withOrigins(one: JudgedTarget, context: JudgeContext): Promise<JudgedTarget> {
  const { checkout } = one.desired;
  if (checkout === undefined || one.desired.type === "failed") return one;
  const wanted = one.findings.flatMap((finding) => wantedOf(finding, one));
  try {
    const lookup = await traceOrigins({ checkout, desired: one.target.desired }, wanted, context);
    const found = one.findings.map((finding) => traced(finding, one, lookup));
    const [blame, owners] = await Promise.all([readBlame(checkout, found), readOwners(checkout)]);
    const findings = found.map((finding) =>
      mapOrigins(finding, (origin) => told(origin, blame.commits, owners.rules)),
    );
    return warned({ ...one, findings }, [...blame.warnings, ...owners.warnings]);
  } catch (error) {
    return warned(one, [`the lines of Git are not told: ${messageOf(error)}`]);
  }
}

/** A history that cannot be read must not lose the lines that were found. */
async function readBlame(
  checkout: Checkout,
  findings: readonly Finding[],
): Promise<{ readonly commits: ReadonlyMap<string, Commit>; readonly warnings: readonly string[] }> {
  try {
    return { commits: await checkout.blame(linesOf(findings)), warnings: [] };
  } catch (error) {
    return { commits: new Map(), warnings: [`who wrote the lines of Git is not told: ${messageOf(error)}`] };
  }
}

/** The places of Git that a finding is about. */
function wantedOf(finding: Finding, { judgement }: JudgedTarget): readonly WantedObject[] {
  const resource = judgement.desiredOf(finding.key);
  if (resource === undefined) return [];
  if (finding.type === "missing") return [{ resource, places: [{ pointer: "" }] }];
  const places = finding.changes.map((change) => placeOfChange(change, resource.object));
  return places.length === 0 ? [] : [{ resource, places }];
}

function traced(finding: Finding, { judgement }: JudgedTarget, lookup: OriginLookup): Finding {
  const resource = judgement.desiredOf(finding.key);
  if (resource === undefined) return finding;
  if (finding.type === "missing") return withOrigin(finding, lookup(resource.key, { pointer: "" }));
  const changes = finding.changes.map((change) =>
    withOrigin(change, lookup(resource.key, placeOfChange(change, resource.object))),
  );
  return { ...finding, changes };
}

function withOrigin<T extends Change | Finding>(what: T, origin: Origin | undefined): T {
  return origin === undefined ? what : { ...what, origin };
}

function mapOrigins(finding: Finding, map: (origin: Origin) => Origin): Finding {
  const changes = finding.changes.map((change) => withOrigin(change, change.origin && map(change.origin)));
  return withOrigin({ ...finding, changes }, finding.origin && map(finding.origin));
}

function linesOf(findings: readonly Finding[]): readonly { readonly file: string; readonly line: number }[] {
  const origins = findings.flatMap(({ origin, changes }) => [origin, ...changes.map((one) => one.origin)]);
  return origins.flatMap((origin) =>
    origin?.type === "known" && !isRemoteFile(origin.file) ? [{ file: origin.file, line: origin.line }] : [],
  );
}

function told(
  origin: Origin,
  blame: ReadonlyMap<string, Commit>,
  owners: readonly OwnerRule[] | undefined,
): Origin {
  if (origin.type === "unknown" || isRemoteFile(origin.file)) return origin;
  const commit = blame.get(`${origin.file}:${String(origin.line)}`);
  return {
    ...origin,
    ...(commit && { commit }),
    ...(owners && { owners: ownersOf(origin.file, owners) }),
  };
}

/** Names the users behind changes and deletions, where the cluster's audit log is configured. */
async function withUsers(one: JudgedTarget, { config, ports, rules }: JudgeContext): Promise<JudgedTarget> {
  const cluster = config.clusters.get(one.target.cluster);
  const audit = cluster?.audit === undefined ? undefined : ports.audit?.(cluster.audit);
  if (audit === undefined) return one;
  const { entries, warnings } = await audit.read(one.findings.map(({ key }) => key));
  const index = indexAudit(entries);
  const managers = [config.judging.managers, rules.managers];
  const findings = one.findings.map((finding) => named(finding, index, managers));
  return warned({ ...one, findings }, warnings);
}

function named(
  finding: Finding,
  index: AuditIndex,
  managers: Parameters<typeof attributeDeletion>[2],
): Finding {
  const { key, type } = finding;
  const changes = finding.changes.map((change) =>
    change.attribution === undefined
      ? change
      : { ...change, attribution: addUser(change.attribution, { key, change }, index) },
  );
  const whole =
    type === "missing"
      ? attributeDeletion(key, index, managers)
      : finding.attribution && addUser(finding.attribution, { key }, index);
  return { ...finding, changes, ...(whole && { attribution: whole }) };
}
