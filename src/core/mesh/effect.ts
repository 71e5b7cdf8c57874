import type { Direction, Effect } from "../model/finding.ts";
import { once } from "../model/once.ts";
import type { GroupKind, Resource } from "../model/resource.ts";
import type { Node } from "./table.ts";

/**
 * What a difference does, as data: sentences about the fields of a kind, next to what makes fields equal. They speak
 * from Git to live, in the present tense, and never quote a value that may be secret.
 */

/** One place at which the two sides differ, with the way up. At least one side is there. */
export interface Difference {
  /** The field's name, a map's key, or "[]" for an item of a list; "" is the whole object. */
  readonly name: string;
  readonly desired?: Node;
  readonly live?: Node;
  readonly up?: Difference;
  /** For an ordered list whose common items stand in another order: these items, as either side has them. */
  readonly reordered?: Reordered;
}

/** The common items of a list in the order of either side. */
export interface Reordered {
  readonly desired: readonly CommonItem[];
  readonly live: readonly CommonItem[];
}

/** An item that both sides have. */
export interface CommonItem {
  /** What names it to people: `name=primary`, or its position. */
  readonly label: string;
  readonly desired: Node;
  readonly live: Node;
}

/** One thing that may happen to a field. The first row that fits is told. */
export interface EffectRow {
  readonly when: (at: Difference) => boolean;
  /** One short sentence without a full stop; undefined where nothing can be said after all. */
  readonly text: (at: Difference) => string | undefined;
  readonly direction: (at: Difference) => Direction;
}

/**
 * Rows by field: "spec.http[].timeout", "*" for every name at its place. A change of which no row of its own field
 * speaks is told by the nearest field around it, for which it is a change as well.
 */
export type EffectTable = Readonly<Record<string, readonly EffectRow[]>>;

/** What differences of one kind do. */
export interface KindEffects extends GroupKind {
  /** Every field of the kind's table has a sentence: its own, or that of a field around it. */
  readonly fields: EffectTable;
  /** What it does that live lacks an object that Git has. */
  readonly missing: (resource: Resource) => Effect;
  /** What it does that live has an object that Git lacks. */
  readonly extra: (resource: Resource) => Effect;
}

/** The rows of one step of a path, and the steps below it. */
interface Step {
  rows: readonly EffectRow[];
  readonly below: Map<string, Step>;
}

/** What a difference does, by the first row that fits on the way up; undefined where none does. */
export function findEffect(table: EffectTable, at: Difference): Effect | undefined {
  const way = wayTo(at);
  const steps = stepsOn(way, stepsOf(table));
  for (let i = way.length - 1; i >= 0; i--) {
    const here = way[i];
    const found = here === undefined ? undefined : firstEffect(steps[i]?.rows ?? [], here);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What the first row that fits says of a difference. */
export function firstEffect(rows: readonly EffectRow[], at: Difference): Effect | undefined {
  for (const row of rows) {
    const text = row.when(at) ? row.text(at) : undefined;
    if (text !== undefined) return { text, direction: row.direction(at) };
  }
  return undefined;
}

/** The places from the whole object down to a difference. */
function wayTo(at: Difference): readonly Difference[] {
  const way: Difference[] = [];
  for (let here: Difference | undefined = wholeList(at); here !== undefined; here = here.up) way.push(here);
  return way.reverse();
}

/** An item of a list that the other side leaves empty, so that it has none: what happened is that the list came or went. */
function wholeList(at: Difference): Difference {
  const { name, up } = at;
  if (name !== "[]" || up === undefined) return at;
  const { desired, live, ...place } = up;
  if (live !== undefined && at.desired === undefined && isEmptyList(desired)) return { ...place, live };
  if (desired !== undefined && at.live === undefined && isEmptyList(live)) return { ...place, desired };
  return at;
}

function isEmptyList(node: Node | undefined): boolean {
  return node?.body.type === "list" && node.body.items.length === 0;
}

function stepsOn(way: readonly Difference[], root: Step): readonly (Step | undefined)[] {
  let step: Step | undefined = root;
  return way.map(({ name, up }) => {
    if (up !== undefined) step = step?.below.get(name) ?? step?.below.get("*");
    return step;
  });
}

const stepsOf = once((table: EffectTable): Step => {
  const root: Step = { rows: [], below: new Map() };
  for (const [path, rows] of Object.entries(table)) {
    let step = root;
    for (const name of effectPath(path)) {
      const next: Step = step.below.get(name) ?? { rows: [], below: new Map() };
      step.below.set(name, next);
      step = next;
    }
    step.rows = rows;
  }
  return root;
});

/** "spec.http[].timeout" -> ["spec", "http", "[]", "timeout"] */
export function effectPath(path: string): readonly string[] {
  return path === "" ? [] : path.replaceAll("[]", ".[]").split(".");
}
