import { field, isObject, type Json, textField } from "../../model/json.ts";
import { formatKind, type Resource, type ResourceKey } from "../../model/resource.ts";
import { listAt } from "../../mesh/sites.ts";
import { fieldIn, itemsIn, type Placed, specIn } from "./paths.ts";
import {
  allIn,
  findIn,
  kinds,
  lookUp,
  placeOf,
  type Reference,
  type ReferenceState,
  type World,
} from "./world.ts";

/**
 * What routes and policies of the Gateway API's kind refer to: gateways and Services by group, kind and name.
 * Source: gateway-api apis/v1/shared_types.go (ParentReference), object_reference_types.go (BackendObjectReference).
 */

/** What a reference means where it says nothing. */
interface Defaults {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
}

function targetOf(value: Json, defaults: Defaults): ResourceKey {
  const group = field(value, "group");
  return {
    // The core group is written as an empty text, which is not the default.
    group: typeof group === "string" ? (group === "core" ? "" : group) : defaults.group,
    kind: textField(value, "kind") || defaults.kind,
    namespace: textField(value, "namespace") || defaults.namespace,
    name: textField(value, "name"),
  };
}

/** Kinds that a missing object of can be told of: the mesh's own, and Services where they are read. */
const known: ReadonlySet<string> = new Set(
  [kinds.routeGateway, kinds.gateway, kinds.service, kinds.serviceEntry].map(formatKind),
);

function stateOf(target: ResourceKey, world: World): ReferenceState {
  if (!known.has(formatKind(target)) || target.name === "") return { type: "unknown" };
  return lookUp(world, target, { reason: `there is no ${target.kind} ${placeOf(target)}` });
}

/** Whether what a route hangs on is there, and has the listener that it names. */
export function parentReferences({ key, object }: Resource, world: World): readonly Reference[] {
  return itemsIn(specIn(object), "parentRefs").map(({ path, value }) => {
    const target = targetOf(value, { ...kinds.routeGateway, namespace: key.namespace });
    const section = textField(value, "sectionName");
    const id = `parent ${formatKind(target)} ${placeOf(target)} ${section}`;
    const listener = formatKind(target) === formatKind(kinds.routeGateway) ? section : "";
    return { id, path, state: listenerState(target, listener, world) };
  });
}

function listenerState(target: ResourceKey, section: string, world: World): ReferenceState {
  const state = stateOf(target, world);
  const gateway = findIn(world, target);
  if (section === "" || gateway === undefined) return state;
  const names = listAt(specIn(gateway.object).value, "listeners").map((one) => textField(one, "name"));
  if (names.includes(section)) return state;
  const reason = `Gateway ${placeOf(target)} has no listener ${section}`;
  return { type: "broken", by: [target], reason };
}

/** Whether the Services behind a route are there, and may be referred to. */
export function backendReferences(resource: Resource, world: World): readonly Reference[] {
  const { namespace } = resource.key;
  return backendsOf(resource.object).flatMap(({ path, value }) => {
    const target = targetOf(value, { ...kinds.service, namespace });
    const what = `${formatKind(target)} ${placeOf(target)}`;
    const there = { id: `backend ${what}`, path, state: stateOf(target, world) };
    if (target.namespace === namespace) return [there];
    return [there, { id: `grant for ${what}`, path, state: grantState(resource.key, target, world) }];
  });
}

function backendsOf(object: Json): readonly Placed[] {
  return itemsIn(specIn(object), "rules").flatMap((rule) => [
    ...itemsIn(rule, "backendRefs"),
    ...itemsIn(rule, "filters")
      .flatMap((filter) => fieldIn(filter, "requestMirror"))
      .flatMap((mirror) => fieldIn(mirror, "backendRef")),
  ]);
}

/** Source: gateway-api apis/v1/referencegrant_types.go: one of `from` and one of `to` of the same grant fit. */
function grantState(from: ResourceKey, to: ResourceKey, world: World): ReferenceState {
  const grants = allIn(world, kinds.referenceGrant).filter(
    ({ key, object }) => key.namespace === to.namespace && allows(specIn(object).value, from, to),
  );
  if (grants.length > 0) return { type: "holds", by: grants.map(({ key }) => key) };
  if (!world.isComplete(kinds.referenceGrant, to.namespace)) return { type: "unknown" };
  const what = `${from.kind}s of namespace ${from.namespace} refer to ${to.kind} ${placeOf(to)}`;
  return { type: "broken", by: [], reason: `no ReferenceGrant lets ${what}` };
}

function allows(grant: Json, from: ResourceKey, to: ResourceKey): boolean {
  const isFrom = (one: Json): boolean =>
    textField(one, "group") === from.group &&
    textField(one, "kind") === from.kind &&
    textField(one, "namespace") === from.namespace;
  const isTo = (one: Json): boolean =>
    textField(one, "group") === to.group &&
    textField(one, "kind") === to.kind &&
    ["", to.name].includes(textField(one, "name"));
  return listAt(grant, "from").some(isFrom) && listAt(grant, "to").some(isTo);
}

/** Whether what a policy is attached to by name is there; without it the policy holds for nothing. */
export function targetReferences({ key, object }: Resource, world: World): readonly Reference[] {
  const spec = specIn(object);
  const single = fieldIn(spec, "targetRef");
  const listed = itemsIn(spec, "targetRefs").filter(({ value }) => isObject(value));
  return (listed.length > 0 ? listed : single).map(({ path, value }) => {
    const target = targetOf(value, { ...kinds.service, namespace: key.namespace });
    const id = `target ${formatKind(target)} ${placeOf(target)}`;
    return { id, path, state: stateOf(target, world) };
  });
}
