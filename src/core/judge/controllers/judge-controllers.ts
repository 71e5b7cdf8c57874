import type { ControllerRule } from "../../model/controller-rule.ts";
import type { Change, Finding } from "../../model/finding.ts";
import { isObject, sameJson, field } from "../../model/json.ts";
import { matchesAnyName, selectsObject } from "../../model/object-selector.ts";
import { toPointer } from "../../model/path.ts";
import {
  formatKind,
  type GroupKind,
  isSameKind,
  type Resource,
  type ResourceKey,
} from "../../model/resource.ts";
import { splitPath } from "../../model/split-path.ts";
import { type Drive, liveName } from "./drive.ts";
import { edited } from "./edit.ts";
import { canaryKind, flaggerDrive } from "./flagger.ts";
import { rolloutDrive, rolloutKind } from "./rollouts.ts";
import { routeShapeOf } from "./route-shape.ts";
import { nothingToUndo, type Undo } from "./undo.ts";
import { undoRoutes } from "./undo-routes.ts";
import { undoSubsets } from "./undo-subsets.ts";
import type { ControllerEvidence, ControllerVerdict } from "./verdict.ts";

/** A changed object with both of its sides, and what may explain it. */
export interface ControllerQuestion {
  readonly finding: Finding;
  readonly desired: Resource;
  readonly live: Resource;
  /** The changes between the desired object and another live one, found as those of the finding were. */
  readonly changesWith: (live: Resource) => readonly Change[];
  readonly rules: readonly ControllerRule[];
  readonly evidence: ControllerEvidence;
}

const kindOfCheck = { flagger: canaryKind, "argo-rollouts": rolloutKind } as const;

/** The kinds that may explain a finding, so that nothing is read where nothing can be explained. */
export function explainingKinds(
  { type, key, changes }: Finding,
  rules: readonly ControllerRule[],
): readonly GroupKind[] {
  if (type !== "changed") return [];
  const checks = rules.flatMap((rule) =>
    rule.check !== undefined && changes.some(({ path }) => concerns(rule, key, path)) ? [rule.check] : [],
  );
  return [...new Set(checks)].map((check) => kindOfCheck[check]);
}

/**
 * Who is known to write such a place under the name that wrote it: to be named beside the change. That excuses nothing.
 */
export function knownController(
  rules: readonly ControllerRule[],
  key: ResourceKey,
  { path, attribution }: Pick<Change, "path" | "attribution">,
): ControllerRule | undefined {
  const manager = attribution?.manager ?? "";
  if (manager === "") return undefined;
  return rules.find((rule) => concerns(rule, key, path) && matchesAnyName(rule.managers, manager));
}

function concerns({ kinds, paths }: ControllerRule, key: ResourceKey, path: string): boolean {
  const plain = plainPath(path);
  const isAt = (one: string): boolean =>
    plain === one || plain.startsWith(`${one}.`) || one.startsWith(`${plain}.`);
  return selectsObject({ kinds }, key) && paths.some(isAt);
}

/** Without what names the items of lists. */
function plainPath(path: string): string {
  const fields = (splitPath(path) ?? []).filter(({ type }) => type === "field");
  return fields.map(({ written }) => written).join("");
}

/**
 * What controllers say of the changes of a finding, one entry a change: undefined where none has to do with it. The live
 * object is taken back to Git at the places where it is as its controller's status wants it; a change that is gone with
 * that is in step. What weakens security never is.
 */
export function judgeByControllers(question: ControllerQuestion): readonly (ControllerVerdict | undefined)[] {
  const { finding, live, evidence, rules } = question;
  if (finding.type !== "changed") return finding.changes.map(() => undefined);
  const drives = evidence.objects.flatMap((object) => driveOf(object, live) ?? []);
  if (drives.length === 0) return finding.changes.map((change) => undriven(change, question));
  const checked = drives.map((drive) => ({ drive, undo: undoOf(drive, question) }));
  const gone = inStep(checked, question);
  return finding.changes.map((change): ControllerVerdict | undefined => {
    if (!rules.some((rule) => rule.check !== undefined && concerns(rule, finding.key, change.path)))
      return undefined;
    return judgeChange(change, checked, gone);
  });
}

interface Checked {
  readonly drive: Drive;
  readonly undo: Undo;
}

function driveOf(object: Resource, live: Resource): Drive | undefined {
  if (isSameKind(object.key, canaryKind)) return flaggerDrive(object, live);
  return isSameKind(object.key, rolloutKind) ? rolloutDrive(object, live) : undefined;
}

function undoOf(drive: Drive, { desired, live }: ControllerQuestion): Undo {
  if (drive.type === "silent") return nothingToUndo;
  const shape = routeShapeOf(live.key);
  if (drive.routes !== undefined && shape !== undefined) {
    return undoRoutes(desired.object, live.object, drive.routes, shape);
  }
  if (drive.subsets !== undefined) return undoSubsets(desired.object, live.object, drive.subsets);
  return drive.policy === undefined ? nothingToUndo : undoPolicy(drive.policy, desired, live);
}

/** Source: fluxcd/flagger pkg/router/istio.go (reconcileDestinationRule) */
function undoPolicy({ value }: { readonly value: unknown }, desired: Resource, live: Resource): Undo {
  const wanted = value as Parameters<typeof sameJson>[0];
  const path = ["spec", "trafficPolicy"];
  const own = field(field(desired.object, "spec"), "trafficPolicy");
  if (!sameJson(field(field(live.object, "spec"), "trafficPolicy"), wanted)) {
    const expected = "the trafficPolicy of its Canary";
    const place = ["/spec/trafficPolicy"];
    return {
      ...nothingToUndo,
      wrong: [{ live: place, desired: place, expected, found: "another one" }],
    };
  }
  return { edits: [{ path, ...(own !== undefined && { to: own }) }], wrong: [], says: ["its trafficPolicy"] };
}

/** The changes that are gone once live is taken back where it is in step. */
function inStep(
  checked: readonly Checked[],
  { finding, live, changesWith }: ControllerQuestion,
): ReadonlySet<Change> {
  const edits = checked.flatMap(({ undo }) => undo.edits);
  const object = edits.length === 0 ? live.object : edited(live.object, edits);
  if (edits.length === 0 || !isObject(object)) return new Set();
  const rest = new Set(changesWith({ ...live, object }).map(({ path }) => path));
  const known = new Set(finding.changes.map(({ path }) => path));
  // A difference that was not there before means that the two cannot be told apart: then none is excused.
  if ([...rest].some((path) => !known.has(path))) return new Set();
  return new Set(finding.changes.filter(({ path }) => !rest.has(path)));
}

function judgeChange(
  change: Change,
  checked: readonly Checked[],
  gone: ReadonlySet<Change>,
): ControllerVerdict | undefined {
  const wrong = checked.flatMap(({ drive, undo }) =>
    undo.wrong.filter((places) => isAt(change, places)).map((one) => ({ drive, ...one })),
  );
  const [first] = wrong;
  if (first?.drive.type === "says") {
    const { controller, stage } = first.drive;
    const expected = `${first.expected} (${stage})`;
    return {
      type: "out-of-step",
      controller,
      expected,
      reason: `${controller} wants ${expected}; live has ${first.found}`,
    };
  }
  if (gone.has(change)) return stepOf(change, checked);
  const [silent] = checked.flatMap(({ drive }) => (drive.type === "silent" ? [drive] : []));
  return silent === undefined ? undefined : { type: "unknown", reason: silent.reason };
}

function stepOf(change: Change, checked: readonly Checked[]): ControllerVerdict {
  const acting = checked.filter(({ undo }) => undo.edits.length > 0);
  const near = acting.filter(({ undo }) =>
    isNear(
      change.live?.pointer,
      undo.edits.map(({ path }) => toPointer(path)),
    ),
  );
  const found = near.length > 0 ? near : acting;
  const names = [...new Set(found.map(({ drive }) => drive.controller))];
  const [{ drive, undo } = { drive: undefined, undo: nothingToUndo }] = found;
  if (names.length > 1) return { type: "unknown", reason: `${names.join(" and ")} both drive it` };
  if (drive?.type !== "says") return { type: "unknown", reason: "nobody says what it should be" };
  const says = `${undo.says.join("; ")} (${drive.stage})`;
  if (change.effect?.direction === "weakens") {
    const reason = `${drive.controller} wants ${says}, but it weakens security, and no rollout excuses that`;
    return { type: "unknown", reason };
  }
  return { type: "in-step", controller: drive.controller, says, inFlight: drive.inFlight };
}

/** Places of both sides, as RFC 6901 pointers. */
interface Places {
  readonly live: readonly string[];
  readonly desired: readonly string[];
}

/** Whether a change stands at one of these places, inside one, or around one. */
function isAt(change: Change, places: Places): boolean {
  return isNear(change.live?.pointer, places.live) || isNear(change.desired?.pointer, places.desired);
}

function isNear(pointer: string | undefined, others: readonly string[]): boolean {
  if (pointer === undefined) return false;
  return others.some(
    (other) => pointer === other || other.startsWith(`${pointer}/`) || pointer.startsWith(`${other}/`),
  );
}

/** A change that looks like a controller's, where no object tells that controller to make it. */
function undriven(
  change: Change,
  { finding, live, rules, evidence }: ControllerQuestion,
): ControllerVerdict | undefined {
  const rule = knownController(rules, finding.key, change);
  if (rule?.check === undefined) return undefined;
  const kind = kindOfCheck[rule.check];
  const place = rule.check === "flagger" ? live.key.namespace : undefined;
  if (evidence.isComplete(kind, place)) {
    const reason = `${change.attribution?.manager ?? ""} wrote it, and no ${kind.kind} drives ${liveName(live)} any more`;
    return { type: "gone", reason };
  }
  const why = evidence.unread.find((one) => isSameKind(one.kind, kind));
  const reason = why === undefined ? "it was not read" : why.reason;
  return { type: "unknown", reason: `no complete list of ${formatKind(kind)}: ${reason}` };
}
