import { field, isObject, type Json, objectOf } from "../model/json.ts";

const name = "kubectl.kubernetes.io/last-applied-configuration";

/** Annotations without what kubectl notes about its last apply: large, never compared, and it may quote secrets. */
export function withoutLastApplied(annotations: Json): Json {
  if (!isObject(annotations) || field(annotations, name) === undefined) return annotations;
  return objectOf(Object.entries(annotations).filter(([key]) => key !== name));
}
