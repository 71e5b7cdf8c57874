import type { Commuting, Node } from "./table.ts";

/** More items are taken in the order they are written in: every pair of them has to be looked at. */
const mostItems = 100;

/**
 * The items of an ordered list in a plain order: two orders mean the same exactly if both have the same plain one.
 * Again and again the item with the smallest text comes next, of those that commute with all that are still before
 * them (the lexicographic normal form of a trace).
 */
export function inPlainOrder(items: readonly Node[], { commute }: Commuting): readonly Node[] {
  if (items.length < 2 || items.length > mostItems) return items;
  const blockers = items.map(
    (item, i) => new Set(items.slice(0, i).filter((earlier) => !commute(earlier, item))),
  );
  const left = new Set(items);
  const plain: Node[] = [];
  while (left.size > 0) {
    const next = smallest([...left].filter((item) => isFree(blockers[items.indexOf(item)], left)));
    if (next === undefined) return items;
    left.delete(next);
    plain.push(next);
  }
  return plain;
}

function isFree(blockers: ReadonlySet<Node> | undefined, left: ReadonlySet<Node>): boolean {
  for (const blocker of blockers ?? []) if (left.has(blocker)) return false;
  return true;
}

function smallest(items: readonly Node[]): Node | undefined {
  return items.reduce<Node | undefined>(
    (best, item) => (best === undefined || item.text < best.text ? item : best),
    undefined,
  );
}

/** Whether two orders of the same items mean the same: whatever changed places may do so. */
export function isSameOrderBy<T>(
  before: readonly T[],
  after: readonly T[],
  mayChangePlaces: (a: T, b: T) => boolean,
): boolean {
  if (before.length > mostItems) return before.every((item, index) => item === after[index]);
  const place = new Map(after.map((item, index) => [item, index]));
  return before.every((a, i) =>
    before.slice(i + 1).every((b) => (place.get(a) ?? 0) < (place.get(b) ?? 0) || mayChangePlaces(a, b)),
  );
}
