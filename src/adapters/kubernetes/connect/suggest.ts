import { closest } from "../../../core/model/closest.ts";
import { printable } from "../../../lib/printable.ts";

const maxShown = 10;

/** A hint for a name that is not among `names`: the one that it most likely should be, else those that there are. */
export function suggestContext(wanted: string, names: readonly string[]): string {
  if (names.length === 0) return "The kubeconfig has no contexts.";
  const nearest = closest(wanted, names);
  if (nearest !== undefined) return `Did you mean ${JSON.stringify(printable(nearest))}?`;
  const shown = names.slice(0, maxShown).map((name) => printable(name));
  const more = names.length > maxShown ? ` and ${String(names.length - maxShown)} more` : "";
  return `The contexts are: ${shown.join(", ")}${more}.`;
}
