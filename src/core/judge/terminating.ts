import type { Unchecked } from "../model/finding.ts";
import { field, isList, textField } from "../model/json.ts";
import { formatFew, formatKey, type Resource } from "../model/resource.ts";

/**
 * Whether somebody deleted a live object that is still there, until its finalizers are done: neither missing nor extra.
 * Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/finalizers/
 */
export function isTerminating({ object }: Resource): boolean {
  return textField(field(object, "metadata"), "deletionTimestamp") !== "";
}

/** What is said of such an object. */
export function terminating({ key, object }: Resource): Unchecked {
  const metadata = field(object, "metadata");
  const listed = field(metadata, "finalizers");
  const finalizers = (isList(listed) ? listed : []).filter((name) => typeof name === "string");
  const held = finalizers.length === 0 ? "" : `, held by ${formatFew(finalizers)}`;
  return {
    what: formatKey(key),
    key,
    code: "OBJECT_TERMINATING",
    reason: `it is being deleted since ${textField(metadata, "deletionTimestamp")}${held}`,
    hint: "Scan again when it is gone; where it stays, look at what its finalizers wait for.",
  };
}
