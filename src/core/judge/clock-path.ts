import { concealName } from "../text/conceal-text.ts";

/**
 * The path of a change as clocks know it: items without identity are told by their position, which any item before them
 * changes, so that a clock must not depend on it: `spec.http[2].timeout` is `spec.http[].timeout`. It is kept in the
 * state, so what looks like a credential in it is hidden; places that are told apart by nothing else share a clock.
 */
export function clockPath(path: string): string {
  return concealName(path.replace(/\[\d+\](?=$|[.[])/g, "[]"));
}

/** The steps of a path in the form of clockPath: fields, and items with their brackets. "" has none. */
export function stepsOf(path: string): readonly string[] {
  // The identity of an item may hold dots and brackets; it ends where something else can begin.
  return path.match(/\[.*?\](?=$|[.[])|[^.[]+|\[.*$/gs) ?? [];
}

/**
 * Whether one path leads to the other, or both to the same place. An item without identity may be any item of its list.
 */
export function areRelated(a: readonly string[], b: readonly string[]): boolean {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index++) {
    if (!areSameStep(a[index] ?? "", b[index] ?? "")) return false;
  }
  return true;
}

function areSameStep(a: string, b: string): boolean {
  if (a === b) return true;
  return (a === "[]" && b.startsWith("[")) || (b === "[]" && a.startsWith("["));
}
