import { field, isObject, objectOf, textField } from "../model/json.ts";
import type { Resource } from "../model/resource.ts";
import type { BreakGlass } from "../model/standing.ts";
import { holdsCredential, holdsRandom } from "../text/credential.ts";
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
  if (holdsCredential(text) || holdsRandom(text)) return "‹hidden: it looks like a secret›";
  const shown = printable(text);
  return shown.length > mostTicket ? `${shown.slice(0, mostTicket)}...` : shown;
}

/**
 * The same object without the note, so that a note is never itself a difference. The default key needs no such care:
 * mesh-drift/* is noise everywhere.
 */
export function withoutBreakGlass(resource: Resource, annotation: string): Resource {
  const metadata = field(resource.object, "metadata");
  const annotations = field(metadata, "annotations");
  if (!isObject(metadata) || !isObject(annotations) || !Object.hasOwn(annotations, annotation))
    return resource;
  const left = objectOf(Object.entries(annotations).filter(([name]) => name !== annotation));
  return { ...resource, object: { ...resource.object, metadata: { ...metadata, annotations: left } } };
}
