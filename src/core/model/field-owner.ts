import { sha256 } from "./digest.ts";
import { compactJson, type Json, type JsonObject } from "./json.ts";

/**
 * One writer of fields of a live object, as the API server keeps it in metadata.managedFields: a claim, because
 * whoever may write the object may write this, too.
 * Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
export interface FieldOwner {
  /** "kubectl-edit", "argocd-controller"; "" where the entry names nobody. */
  readonly manager: string;
  /** "Apply", "Update" */
  readonly operation: string;
  /** "status", "scale"; absent for the object itself. */
  readonly subresource?: string;
  /** ISO 8601 */
  readonly time?: string;
  /**
   * The fields in the form of fieldsV1: `{"f:spec": {"f:http": {}}}`, items of lists as `k:{"name":"x"}`. Members of
   * sets stand as `v:#<digest>`: no value of a field is kept.
   */
  readonly fields: JsonObject;
}

/** What a member of a set is called in `FieldOwner.fields`. */
export function memberName(value: Json): string {
  return `v:#${sha256(compactJson(value)).slice(0, 16)}`;
}

/** A name of fieldsV1 without the value in it: `v:"x"` becomes what `memberName` gives; the others stay. */
export function withoutMember(name: string): string {
  if (!name.startsWith("v:")) return name;
  const text = name.slice(2);
  try {
    const value = JSON.parse(text) as Json; // JSON.parse gives nothing else.
    // Only texts are spelled in several ways; a long number would lose digits.
    if (typeof value === "string") return memberName(value);
  } catch {
    // Whoever writes managedFields may write anything: it is no member of any set then.
  }
  return `v:#${sha256(text).slice(0, 16)}`;
}
