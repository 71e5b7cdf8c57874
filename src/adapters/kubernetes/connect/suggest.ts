import { editDistance } from "../../../core/model/edit-distance.ts";
import { printable } from "./printable.ts";

/** Longer names are not compared: comparing takes time by both lengths. */
const maxChars = 200;
const maxShown = 10;

/** A hint for a name that is not among `names`: the one that it most likely should be, else those that there are. */
export function suggestContext(wanted: string, names: readonly string[]): string {
  if (names.length === 0) return "The kubeconfig has no contexts.";
  const nearest = findNearest(wanted, names);
  if (nearest !== undefined) return `Did you mean ${JSON.stringify(printable(nearest))}?`;
  const shown = names.slice(0, maxShown).map((name) => printable(name));
  const more = names.length > maxShown ? ` and ${String(names.length - maxShown)} more` : "";
  return `The contexts are: ${shown.join(", ")}${more}.`;
}

/** At most a third of the letters apart, two at least for longer names. */
function findNearest(wanted: string, names: readonly string[]): string | undefined {
  if (wanted.length > maxChars) return undefined;
  let nearest: string | undefined;
  let limit = Math.max(wanted.length < 4 ? 1 : 2, Math.floor(wanted.length / 3)) + 1;
  for (const name of names) {
    if (Math.abs(name.length - wanted.length) >= limit) continue;
    const distance = editDistance(wanted.toLowerCase(), name.toLowerCase());
    if (distance < limit) [nearest, limit] = [name, distance];
  }
  return nearest;
}
