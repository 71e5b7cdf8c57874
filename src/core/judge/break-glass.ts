import { field, textField } from "../model/json.ts";
import type { Resource } from "../model/resource.ts";
import type { BreakGlass } from "../model/standing.ts";
import { holdsSecret } from "../text/conceal-text.ts";
import { printable } from "../text/escape.ts";

/** Longer than any name of a ticket; a URL of one fits. */
const mostTicket = 200;

/**
 * The note that somebody broke the glass: the annotation of the live object or, where it is gone, of its Namespace. It
 * documents, and neither hides anything nor stops a clock: whoever may edit the object may write it. The value is fit to
 * be shown; what looks like a secret is not.
 */
export function breakGlassOf(
  live: Resource | undefined,
  namespace: Resource | undefined,
  annotation: string,
): BreakGlass | undefined {
  const holder = live ?? namespace;
  const annotations = field(field(holder?.object, "metadata"), "annotations");
  const ticket = cleaned(textField(annotations, annotation));
  if (ticket === "") return undefined;
  return { ticket, on: live === undefined ? "namespace" : "object" };
}

function cleaned(value: string): string {
  const text = value.replaceAll(/\s+/g, " ").trim();
  if (holdsSecret(text)) return "‹hidden: it looks like a secret›";
  const shown = printable(text);
  return shown.length > mostTicket ? `${shown.slice(0, mostTicket)}...` : shown;
}
