import type { Standing } from "../model/standing.ts";

/** Orders standings by their deadlines, the earliest first; those without a clock are last. */
export function byDeadline(a: Standing, b: Standing): number {
  return deadlineOf(a).localeCompare(deadlineOf(b));
}

function deadlineOf({ clock }: Standing): string {
  return clock?.deadline ?? "9999";
}
