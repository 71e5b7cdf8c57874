import type { Finding } from "../../model/finding.ts";
import { field, isObject, type Json, type JsonObject } from "../../model/json.ts";
import { formatKind, type GroupKind, isSameKind, type Resource } from "../../model/resource.ts";
import { allIn, kinds, type Reference, type ReferenceState, type World } from "./world.ts";

/** Selectors of workloads: they are judged only where Pods and WorkloadEntries were read. */

/** Where a kind has its selector. */
interface SelectorPlace extends GroupKind {
  readonly path: readonly string[];
  /** Looks at the workloads of every namespace. */
  readonly isForAll?: true;
  /** What `istioctl analyze` says where it selects nothing; not every kind is looked at. */
  readonly code?: string;
}

const labels = ["spec", "selector", "matchLabels"];

/**
 * Sources: istio pkg/config/analysis/analyzers: gateway/gateway.go, sidecar/selector.go, telemetry/selector.go,
 * authz/authorizationpolicies.go; pilot/pkg/model/policyattachment.go:109-137.
 */
const places: readonly SelectorPlace[] = [
  { ...kinds.gateway, path: ["spec", "selector"], isForAll: true, code: "IST0101" },
  {
    group: "networking.istio.io",
    kind: "Sidecar",
    path: ["spec", "workloadSelector", "labels"],
    code: "IST0101",
  },
  { group: "networking.istio.io", kind: "EnvoyFilter", path: ["spec", "workloadSelector", "labels"] },
  { ...kinds.serviceEntry, path: ["spec", "workloadSelector", "labels"] },
  { ...kinds.destinationRule, path: ["spec", "workloadSelector", "matchLabels"] },
  { group: "networking.istio.io", kind: "ProxyConfig", path: labels },
  { group: "security.istio.io", kind: "AuthorizationPolicy", path: labels, code: "IST0127" },
  { group: "security.istio.io", kind: "PeerAuthentication", path: labels },
  { group: "security.istio.io", kind: "RequestAuthentication", path: labels },
  { group: "telemetry.istio.io", kind: "Telemetry", path: labels, code: "IST0101" },
  { group: "extensions.istio.io", kind: "WasmPlugin", path: labels },
  { group: "extensions.istio.io", kind: "TrafficExtension", path: labels },
];

const placeByKind = new Map(places.map((place) => [formatKind(place), place]));

/**
 * Whether a finding may have left a selector without a workload, so that Pods are worth reading: what selects was
 * changed, or a WorkloadEntry, or that is gone.
 */
export function mayLoseWorkloads({ type, key, changes }: Finding): boolean {
  if (isSameKind(key, kinds.workloadEntry)) return type === "changed" || type === "missing";
  const start = placeByKind.get(formatKind(key))?.path.slice(0, 2).join(".");
  return start !== undefined && type === "changed" && changes.some(({ path }) => path.startsWith(start));
}

/** Whether what an object selects workloads by selects any. */
export function selectorReferences({ key, object }: Resource, world: World): readonly Reference[] {
  const place = placeByKind.get(formatKind(key));
  const selector = place?.path.reduce<Json | undefined>((value, name) => field(value, name), object);
  if (place === undefined || !isObject(selector) || Object.keys(selector).length === 0) return [];
  const isForAll = place.isForAll === true || key.namespace === world.rootNamespace;
  const state = selectorState(selector, isForAll ? undefined : key.namespace, place, world);
  return [{ id: "selector", path: place.path.join("."), state }];
}

function selectorState(
  selector: JsonObject,
  namespace: string | undefined,
  { code }: SelectorPlace,
  world: World,
): ReferenceState {
  const workloads = [...allIn(world, kinds.pod), ...allIn(world, kinds.workloadEntry)];
  const found = workloads.find(
    (one) => (namespace === undefined || one.key.namespace === namespace) && isSelected(one, selector),
  );
  if (found !== undefined) return { type: "holds", by: [found.key] };
  const isRead = [kinds.pod, kinds.workloadEntry].every((kind) => world.isComplete(kind, namespace));
  if (!isRead) return { type: "unknown" };
  const where = namespace === undefined ? "" : ` of namespace ${namespace}`;
  const reason = `it selects no workload${where} any more`;
  return { type: "broken", by: [], reason, ...(code !== undefined && { code }) };
}

/** The labels of a WorkloadEntry go before those of its spec (istio serviceentry conversion.go:183-196). */
function isSelected({ object }: Resource, selector: JsonObject): boolean {
  const own = field(field(object, "metadata"), "labels");
  const inner = field(field(object, "spec"), "labels");
  return Object.keys(selector).every(
    (name) => (field(own, name) ?? field(inner, name)) === field(selector, name),
  );
}
