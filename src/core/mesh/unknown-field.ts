import { closest } from "../model/closest.ts";
import { isNewerThanKnown, newestKnown } from "./istio-version.ts";
import type { Answer, MessageShape, Row, Site } from "./table.ts";

/** Why a field that no table knows is not live: it never gets there. */
export const unknownFieldRow: Row = {
  id: "api-server/unknown-field",
  level: "E1",
  reason: "The API server drops a field that the definition of its kind does not have.",
  source:
    "apiextensions-apiserver pkg/apiserver/schema/pruning/algorithm.go:17-60; istio manifests/charts/base/files/crd-all.gen.yaml",
};

/** A name that a field can have; with a `$` it may be a variable and become any other. */
const fieldName = /^[A-Za-z]\w*$/;

/**
 * Whether the API server drops a field of Git that no table knows. No definition has a name with an underscore but the
 * two aliases that the tables have; any other name may be that of a field newer than the tables, where it is not known
 * that the cluster's Istio is not.
 */
export function isDropped(name: string, { object, facts }: Site): Answer {
  const { group } = object.key;
  // A ConfigMap may hold any name.
  if (group === "" || !fieldName.test(name)) return false;
  if (name.includes("_")) return true;
  if (!group.endsWith(".istio.io")) {
    return {
      missing: "whether the cluster's definition of this kind has the field, which drift does not know",
    };
  }
  const isNewer = isNewerThanKnown(facts.istio);
  if (isNewer === undefined)
    return { missing: `that the cluster's Istio is not newer than ${newestKnown} (istio.version)` };
  return isNewer
    ? { missing: `the fields of Istio ${facts.istio}; drift knows those up to ${newestKnown}` }
    : true;
}

/** Why such a field is ineffective, in one sentence for people, with the name that was most likely meant. */
export function droppedReason(name: string, shape: MessageShape, { object }: Site): string {
  const owner = object.key.group.endsWith(".istio.io") ? "Istio" : "Gateway API";
  const camelCase = name.replaceAll(/_+(.)/g, (_, letter: string) => letter.toUpperCase());
  if (Object.hasOwn(shape.fields, camelCase)) {
    return `the API server drops ${name}; ${owner}'s name is ${camelCase}`;
  }
  const near = closest(camelCase, Object.keys(shape.fields));
  const guess = near === undefined ? "" : `; did you mean ${near}?`;
  return `the API server drops ${name}: ${owner} has no such field here${guess}`;
}
