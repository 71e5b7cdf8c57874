import type { JsonObject } from "./json.ts";

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
