import { fromPointer } from "../model/path.ts";
import type { Change, Finding } from "../model/finding.ts";
import type { Pipe, Remedy, RemedyStep } from "../model/remedy.ts";
import { formatKind, namespacePattern, type ResourceKey } from "../model/resource.ts";
import type { State } from "../model/standing.ts";
import { inSafeOrder, shiftOf } from "./remedy-order.ts";

/** What commands need to know. */
export interface RemedyOptions {
  /** The context of a kubeconfig; it is always named, so that no command ever meets another cluster. */
  readonly context: string;
  /** The path of the kubeconfig, where it is not the default one. */
  readonly kubeconfig?: string;
  /** The command that writes the object to its standard output as Git wants it, and nothing else. */
  readonly printDesired: (key: ResourceKey) => readonly string[];
}

/** Where something else brings live and Git together. */
const leftAlone: Partial<Readonly<Record<State, string>>> = {
  "rolling-out": "a rollout is under way, and its controller sets the field again",
  "pending-sync": "Git is ahead: the deployer brings it, and should be looked at where it does not",
};

/**
 * The commands that a person may run to bring live back to what Git wants, each with what it does and what to think of
 * before. Every one can be tried out first, by the API server itself. What was rolled back by hand is better mended in
 * Git: see revertCommand.
 */
export function remedyOf(findings: readonly Finding[], options: RemedyOptions): Remedy {
  const whys = findings.flatMap((finding) => {
    const reason = whyWithout(finding);
    return reason === undefined ? [] : [{ key: finding.key, reason }];
  });
  const meant = findings.filter((finding) => whyWithout(finding) === undefined);
  return { steps: inSafeOrder(meant).flatMap((finding) => stepsOf(finding, options)), without: whys };
}

const withoutCommand: Partial<Readonly<Record<Finding["type"], string>>> = {
  conflict: "two targets want different things of it: settle that in Git first",
  dangling: "it is mended with what broke it",
  ineffective: "the API server drops the field: correct it in Git",
};

function whyWithout(finding: Finding): string | undefined {
  const { type, key, standing, blocks } = finding;
  if (blocks !== undefined) return "its definition comes with Istio or Gateway API: install that";
  const { state, isOverdue } = standing ?? {};
  const accepted =
    state === "exempt" && isOverdue !== true ? "an exemption accepts it for a time" : undefined;
  return (
    withoutCommand[type] ??
    accepted ??
    whyLeftAlone(finding) ??
    (isOrdinary(key) ? undefined : "its name is none that an API server takes")
  );
}

/** Why nobody should touch it, on either side, before it is overdue. */
export function whyLeftAlone({ standing }: Finding): string | undefined {
  return standing === undefined || standing.isOverdue ? undefined : leftAlone[standing.state];
}

const namePattern = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;

/** Whether nothing in a key could be taken for a flag of kubectl. */
function isOrdinary({ kind, group, namespace, name }: ResourceKey): boolean {
  const isPlace = namespace === "" || namespacePattern.test(namespace);
  return /^[A-Za-z]+$/.test(kind) && /^[a-z0-9.-]*$/.test(group) && isPlace && namePattern.test(name);
}

/** One thing to do with an object. */
interface Deed {
  readonly verb: "create" | "apply" | "replace" | "delete" | "label" | "annotate";
  readonly reason: string;
  /** For `label` and `annotate`: what is to go. */
  readonly names?: readonly string[];
}

function stepsOf(finding: Finding, options: RemedyOptions): readonly RemedyStep[] {
  const { key } = finding;
  return deedsFor(finding).map((deed): RemedyStep => {
    const pipe = pipeFor(key, deed, options);
    const warnings = warningsFor(finding, deed);
    return { key, tryOut: pipe("--dry-run=server"), run: pipe(), reason: deed.reason, warnings };
  });
}

/** The commands of a deed, with further flags. */
function pipeFor(
  key: ResourceKey,
  { verb, names }: Deed,
  { context, kubeconfig, printDesired }: RemedyOptions,
): (...flags: readonly string[]) => Pipe {
  const where = [
    `--context=${context}`,
    ...(kubeconfig === undefined ? [] : [`--kubeconfig=${kubeconfig}`]),
    ...(key.namespace === "" ? [] : [`--namespace=${key.namespace}`]),
  ];
  const object = `${formatKind(key).toLowerCase()}/${key.name}`;
  return (...flags) => {
    const command = ["kubectl", verb, ...where, ...flags];
    if (names !== undefined) return [[...command, object, ...names.map((name) => `${name}-`)]];
    if (verb === "delete") return [[...command, object]];
    return [printDesired(key), [...command, "--filename=-"]];
  };
}

function deedsFor({ type, changes }: Finding): readonly Deed[] {
  if (type === "missing")
    return [{ verb: "create", reason: "creates it as Git has it; fails where it is there again" }];
  if (type === "extra") return [{ verb: "delete", reason: "deletes what no target's Git has" }];
  const stays = changes.filter(outlivesApply);
  const labels = namesIn(stays, "labels");
  const annotations = namesIn(stays, "annotations");
  if (labels.length + annotations.length < stays.length) {
    const reason = "puts Git's object in the place of the live one: apply would keep what was added";
    return [{ verb: "replace", reason }];
  }
  return [
    ...(stays.length < changes.length
      ? [{ verb: "apply" as const, reason: "sets what Git has to Git's values" }]
      : []),
    ...removals("label", labels),
    ...removals("annotate", annotations),
  ];
}

function removals(verb: "label" | "annotate", names: readonly string[]): readonly Deed[] {
  const what = verb === "label" ? "label" : "annotation";
  return names.length === 0 ? [] : [{ verb, names, reason: `takes away the ${what} that Git does not have` }];
}

/** The names of labels or annotations among some changes, as far as a command can hold them. */
function namesIn(changes: readonly Change[], part: string): readonly string[] {
  const start = `/metadata/${part}/`;
  return changes
    .flatMap(({ live }) =>
      live?.pointer.startsWith(start) === true ? fromPointer(live.pointer).slice(2) : [],
    )
    .filter((name) => /^[A-Za-z0-9][\w./-]*$/.test(name));
}

/**
 * Whether `kubectl apply` keeps what only live has: it takes away only what it once set itself; lists of custom resources
 * it sets as a whole (https://kubernetes.io/docs/tasks/manage-kubernetes-objects/declarative-config/, JSON merge patch).
 */
function outlivesApply({ type, path, live }: Change): boolean {
  const isInList = /\[(?!")/.test(path);
  return type === "added" && !isInList && live?.line === undefined;
}

function warningsFor(finding: Finding, { verb }: Deed): readonly string[] {
  const { type, effect, changes } = finding;
  const directions = [effect, ...changes.map((change) => change.effect)].map((one) => one?.direction);
  return [
    ...meantWarnings(finding),
    ...(type === "missing"
      ? ["somebody deleted it: what it was deleted for, an outage perhaps, may come back"]
      : []),
    ...(verb === "replace"
      ? ["labels and annotations that only live has go as well, those of a deployer with them"]
      : []),
    ...(directions.includes("strengthens")
      ? ["live is stricter than Git here: going back weakens security"]
      : []),
    ...(shiftOf(finding) === "both"
      ? ["it gains and loses what routes refer to: first apply it with both, then the routes, then this"]
      : []),
    ...(finding.renamed === undefined
      ? []
      : [`it stands live under another name, ${finding.renamed.name}: for a moment both hold, or neither`]),
  ];
}

/** What is known to have been done on purpose is not undone without a word. */
function meantWarnings(finding: Finding): readonly string[] {
  const { breakGlass, rolledBack } = finding;
  const revert = revertCommand(finding);
  const mend = revert === undefined ? "" : `; to make Git say so: ${revert.join(" ")}`;
  return [
    ...(breakGlass === undefined
      ? []
      : [`${breakGlass.ticket} documents a break-glass edit: ask there before it is undone`]),
    ...(rolledBack === undefined
      ? []
      : [`somebody rolled it back by hand: what that was for, an outage perhaps, may come back${mend}`]),
  ];
}

/**
 * Where somebody rolled live back by hand to what Git had: the command that lets Git follow, to be run in its repository
 * on a branch. Undefined for other findings.
 */
export function revertCommand({ rolledBack }: Finding): readonly string[] | undefined {
  const undoes = rolledBack?.undoes ?? [];
  if (undoes.length === 0 || !undoes.every((sha) => /^[0-9a-f]{7,64}$/.test(sha))) return undefined;
  return ["git", "revert", "--no-edit", ...undoes];
}
