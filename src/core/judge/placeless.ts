import { meshKindOf } from "../mesh/kinds.ts";
import { formatFew, formatKind, isSameKind, type Resource } from "../model/resource.ts";
import type { LiveSide } from "./side.ts";

/**
 * A live side without objects that lost their namespace, as files cut by hand hold them: nobody can say which objects
 * these are, so of their kinds nothing is known to be all.
 */
export function withoutPlaceless(live: LiveSide): LiveSide {
  const placeless = live.resources.filter(isPlaceless);
  if (placeless.length === 0) return live;
  const kinds = new Map(placeless.map(({ key }) => [formatKind(key), key]));
  return {
    ...live,
    resources: live.resources.filter((resource) => !isPlaceless(resource)),
    unread: [
      ...live.unread,
      ...[...kinds.values()].map((kind) => ({
        kind: { group: kind.group, kind: kind.kind },
        code: "NO_NAMESPACE",
        reason: `of live ${formatFew(namesOf(placeless, kind))} nobody knows the namespace`,
        hint: "Take the snapshot again, with metadata.namespace.",
      })),
    ],
    isComplete: (kind, namespace) => !kinds.has(formatKind(kind)) && live.isComplete(kind, namespace),
  };
}

function isPlaceless({ key }: Resource): boolean {
  return key.namespace === "" && meshKindOf(key)?.scope === "namespaced";
}

function namesOf(resources: readonly Resource[], kind: Resource["key"]): readonly string[] {
  return resources.filter(({ key }) => isSameKind(key, kind)).map(({ key }) => key.name);
}
