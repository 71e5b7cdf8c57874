import type { Unchecked } from "../model/finding.ts";
import { field, isObject, textField } from "../model/json.ts";
import { type LabelSelector, matchesLabels } from "../model/label-selector.ts";
import { isSameKind, namespaceKind, type Resource } from "../model/resource.ts";
import type { LiveSide, ResolvedScope, Scope } from "./side.ts";

/**
 * The namespaces that a scope names, and those that its selector picks among the live ones; `only` narrows both.
 * Without a complete list of namespaces a selector stands for nobody knows what.
 */
export function resolveScope(scope: Scope, live: LiveSide, only?: readonly string[]): ResolvedScope {
  const selected = scope.selector === undefined ? [] : selectNamespaces(scope.selector, live.resources);
  const named = [...new Set([...scope.namespaces, ...selected])];
  const namespaces = only === undefined ? named : named.filter((name) => only.includes(name));
  return { namespaces, unchecked: scope.selector === undefined ? [] : findDoubts(live) };
}

/** The names of the Namespaces among some objects that have the labels. */
export function selectNamespaces(selector: LabelSelector, resources: readonly Resource[]): readonly string[] {
  return resources
    .filter(({ key, object }) => {
      if (!isSameKind(key, namespaceKind)) return false;
      const labels = field(field(object, "metadata"), "labels");
      const entries = isObject(labels)
        ? Object.keys(labels).map((name) => [name, textField(labels, name)] as const)
        : [];
      return matchesLabels(selector, new Map(entries));
    })
    .map(({ key }) => key.name);
}

/** Why nobody knows which namespaces a selector picks. */
function findDoubts(live: LiveSide): readonly Unchecked[] {
  // A live side of which nothing is known says so itself.
  if (live.unchecked.some(({ key }) => key === undefined)) return [];
  if (!live.isComplete(namespaceKind, "")) return [unknownScope(live)];
  const unclear = live.unchecked.filter(({ key }) => key !== undefined && isSameKind(key, namespaceKind));
  return unclear.map(({ what, ...cause }) => ({ ...cause, what: `${selectorPlace}: ${what}` }));
}

const selectorPlace = "the namespaces of scope.namespaceSelector";

function unknownScope(live: LiveSide): Unchecked {
  const unread = live.unread.find(({ kind }) => isSameKind(kind, namespaceKind));
  return {
    what: selectorPlace,
    code: unread?.code ?? "KIND_NOT_READ",
    reason: unread?.reason ?? "no complete list of live namespaces was read",
    hint: "Let drift list namespaces, or name them under scope.namespaces.",
  };
}
