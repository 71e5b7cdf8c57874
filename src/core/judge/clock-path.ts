import { splitPath, type Step } from "../model/split-path.ts";
import { concealName } from "../text/conceal-text.ts";

/**
 * The path of a change as clocks know it, without any value: `spec.http[2].timeout` is `spec.http[].timeout`, because any
 * item before it changes its position, and `spec.hosts[shop.example.com]` is `spec.hosts[]`, because whoever writes another
 * host each hour would start another clock each time. Items that fields name keep their names. It is kept in the state,
 * so what looks like a credential in it is hidden; places that are told apart by nothing else share a clock.
 */
export function clockPath(path: string): string {
  const steps = splitPath(path) ?? [];
  const isNameless = ({ type, fields }: Step): boolean => type === "item" && fields.length === 0;
  const written = steps.map((step) => (isNameless(step) ? "[]" : step.written)).join("");
  return concealName(steps.length === 0 ? path : written);
}

/** The steps of a path in the form of clockPath. "" has none; what is no path, as a damaged state may hold, is one step. */
export function clockSteps(path: string): readonly Step[] {
  return splitPath(path) ?? [{ type: "field", text: path, written: path, fields: [] }];
}

/**
 * Whether one path leads to the other, or both to the same place. An item without identity may be any item of its list.
 */
export function areRelated(a: readonly Step[], b: readonly Step[]): boolean {
  const shared = Math.min(a.length, b.length);
  return a.slice(0, shared).every((step, index) => isSameStep(step, b[index]));
}

function isSameStep(a: Step, b: Step | undefined): boolean {
  if (b === undefined) return false;
  if (a.written === b.written) return true;
  return (a.written === "[]" && b.type !== "field") || (b.written === "[]" && a.type !== "field");
}
