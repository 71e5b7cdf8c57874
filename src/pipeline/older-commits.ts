import type { Reached } from "../core/judge/applied-revision.ts";
import { judgeOlder, type OlderState, type SyncVerdict } from "../core/judge/pending-sync.ts";
import type { Finding } from "../core/model/finding.ts";
import { sameJson } from "../core/model/json.ts";
import { keyId, type Resource, type ResourceKey } from "../core/model/resource.ts";
import type { Commit } from "../core/model/commit.ts";
import type { Checkout } from "../ports/source.ts";

/** A finding and its live object, which a missing one does not have. */
export interface OlderQuestion {
  readonly finding: Finding;
  readonly live?: Resource;
}

/** What the older commits of one target are looked through with. */
export interface OlderContext {
  readonly checkout: Pick<Checkout, "commit" | "commitsTouching" | "isAncestor">;
  /** The files of the target whose history may explain the findings: core/judge/files-near. */
  readonly files: readonly string[];
  /** What the target wants now. */
  readonly desiredOf: (key: ResourceKey) => Resource | undefined;
  /** What the target wanted at a commit; undefined where that cannot be rendered. */
  readonly renderAt: (sha: string) => Promise<readonly Resource[] | undefined>;
  /** Whether an object that Git wanted means what live has. */
  readonly isSame: (older: Resource, live: Resource) => boolean;
  /** The commit that live is known to have reached: what the deployer applied, else what was last seen in sync. */
  readonly reached?: Reached;
  readonly now: Date;
  /** Commits that touched the files, and so states of them before, at most; 5. */
  readonly mostCommits?: number;
  /** Findings that are looked for, at most; 200. */
  readonly mostFindings?: number;
}

/** What older commits say of findings. */
export interface OlderAnswer {
  /** By the keyId of the finding. */
  readonly verdicts: ReadonlyMap<string, SyncVerdict>;
  /** What was left out, for people. */
  readonly warnings: readonly string[];
}

const defaultMostCommits = 5;
const defaultMostFindings = 200;

/** Whether Git itself may have brought a finding about. */
export function mayBeOlder({ type }: Finding): boolean {
  return type === "changed" || type === "missing" || type === "extra";
}

/**
 * Looks for findings whose live side is as Git was at an older commit of the target, newest first, and judges what that
 * means. A commit is rendered only while there are findings without an answer, and once for all of them.
 * Throws GIT_FAILED, GIT_TIMEOUT.
 */
export async function explainByOlderCommits(
  questions: readonly OlderQuestion[],
  context: OlderContext,
): Promise<OlderAnswer> {
  const { checkout, files, mostCommits = defaultMostCommits, mostFindings = defaultMostFindings } = context;
  const all = questions.filter(({ finding }) => mayBeOlder(finding));
  if (all.length === 0) return { verdicts: new Map(), warnings: [] };
  // The newest is what Git wants now: the states before it are those of the others.
  const commits = await checkout.commitsTouching(files, mostCommits + 1);
  const found = await findStates(all.slice(0, mostFindings), commits, context);
  const verdicts = new Map<string, SyncVerdict>();
  const once = { ...context, renderAt: rememberRenders(context.renderAt) };
  for (const [question, older] of found) {
    const reached = await reachedBy(question, older, once);
    verdicts.set(keyId(question.finding.key), judgeOlder(question.finding, older, reached));
  }
  const left = all.length - mostFindings;
  const warnings =
    left > 0
      ? [`${String(left)} of ${String(all.length)} findings were not looked for in older commits: too many`]
      : [];
  return { verdicts, warnings };
}

/** One commit is asked for by many findings. */
function rememberRenders(renderAt: OlderContext["renderAt"]): OlderContext["renderAt"] {
  const known = new Map<string, ReturnType<OlderContext["renderAt"]>>();
  return (sha) => {
    const render = known.get(sha) ?? renderAt(sha);
    known.set(sha, render);
    return render;
  };
}

/** How one object came to be what Git wants now, as far back as is known. */
interface Past {
  readonly question: OlderQuestion;
  /** The object at the oldest commit that was rendered. */
  at: Resource | undefined;
  /** The commits that changed it, newest first. */
  readonly changedBy: Commit[];
}

async function findStates(
  questions: readonly OlderQuestion[],
  [newest, ...olderCommits]: readonly Commit[],
  { renderAt, isSame, desiredOf, now }: OlderContext,
): Promise<ReadonlyMap<OlderQuestion, OlderState>> {
  const found = new Map<OlderQuestion, OlderState>();
  const pasts = questions.map((question): Past => ({
    question,
    at: desiredOf(question.finding.key),
    changedBy: [],
  }));
  // Commits after the one that is looked at of which nobody knows yet what they changed.
  let since = newest === undefined ? [] : [newest];
  for (const commit of olderCommits) {
    const open = pasts.filter(({ question }) => !found.has(question));
    if (open.length === 0) break;
    const rendered = await renderAt(commit.sha);
    if (rendered !== undefined) {
      const older = new Map(rendered.map((resource) => [keyId(resource.key), resource]));
      for (const past of open) {
        goBack(past, older.get(keyId(past.question.finding.key)), since);
        const [last, ...before] = past.changedBy;
        if (last !== undefined && isAsBefore(past.question, past.at, isSame)) {
          const ageMs = now.getTime() - Date.parse((before.at(-1) ?? last).date);
          found.set(past.question, { commit, newer: [last, ...before], ageMs });
        }
      }
      since = [];
    }
    since.push(commit);
  }
  return found;
}

/** Some commits made it what it was known to be. Those that left it as it had been are none that a revert has to undo. */
function goBack(past: Past, older: Resource | undefined, since: readonly Commit[]): void {
  if (sameJson(past.at?.object, older?.object)) return;
  past.changedBy.push(...since);
  past.at = older;
}

function isAsBefore(
  { finding, live }: OlderQuestion,
  then: Resource | undefined,
  isSame: OlderContext["isSame"],
): boolean {
  if (finding.type === "missing") return then === undefined;
  return then !== undefined && live !== undefined && isSame(then, live);
}

/** Whether what live has reached has the first of the newer commits in its history; only commits of this history count. */
async function reachedBy(
  question: OlderQuestion,
  { commit, newer }: OlderState,
  context: OlderContext,
): Promise<(Reached & { readonly hasNewer: boolean | undefined }) | undefined> {
  const { checkout, reached } = context;
  const first = newer.at(-1);
  if (reached === undefined || first === undefined) return undefined;
  const { revision } = reached;
  const isOurs = await checkout.isAncestor(revision, checkout.commit.sha);
  const hasNewer = isOurs === true ? await checkout.isAncestor(first.sha, revision) : undefined;
  if (hasNewer !== false || (await checkout.isAncestor(revision, commit.sha)) === true) {
    return { ...reached, hasNewer };
  }
  // Between the two a file may have changed it that nobody looked at: what was applied has to be what is live.
  return { ...reached, hasNewer: (await wasAsLive(question, revision, context)) ? false : undefined };
}

async function wasAsLive(
  question: OlderQuestion,
  revision: string,
  { renderAt, isSame }: OlderContext,
): Promise<boolean> {
  const rendered = await renderAt(revision);
  const id = keyId(question.finding.key);
  const then = rendered?.find(({ key }) => keyId(key) === id);
  return rendered !== undefined && isAsBefore(question, then, isSame);
}
