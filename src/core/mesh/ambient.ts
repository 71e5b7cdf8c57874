import { field, textField } from "../model/json.ts";
import type { Resource } from "../model/resource.ts";
import type { Answer, Site } from "./table.ts";

/**
 * Whether there is an ambient mesh: ztunnel reads some policies in another way than Envoy does.
 *
 * Pods may join one by themselves (istio cni/pkg/util/podutil.go), so namespaces without the label prove nothing.
 * istiod does: it makes a GatewayClass for each kind of gateway that it runs, makes it again where somebody deletes
 * it, and where ambient is on one of them is for waypoints (istio pilot/pkg/config/kube/gatewaycommon: getBuiltinClasses;
 * pilot/pkg/config/kube/gateway/gatewayclass.go; pilot/pkg/features/ambient.go).
 */

const gatewayGroup = "gateway.networking.k8s.io";

/** Controllers of istiod that have nothing to do with ambient. */
const plainControllers: ReadonlySet<string> = new Set([
  "istio.io/gateway-controller",
  "istio.io/unmanaged-gateway",
]);

/** Whether no workload of the cluster is in an ambient mesh. */
export function hasNoAmbient({ facts }: Site): Answer {
  const classes = facts.all(gatewayGroup, "GatewayClass");
  if (classes.some(isForAmbient) || facts.all("", "Namespace").some(isAmbient)) return false;
  if (!facts.isWhole("", "Namespace")) return { missing: "all Namespaces of the cluster" };
  if (!facts.isWhole(gatewayGroup, "GatewayClass")) return { missing: "all GatewayClasses of the cluster" };
  return classes.some(isMadeByIstiod) ? true : { missing: "a GatewayClass that istiod made" };
}

function controllerOf({ object }: Resource): string {
  return textField(field(object, "spec"), "controllerName");
}

function isForAmbient(gatewayClass: Resource): boolean {
  const name = controllerOf(gatewayClass);
  return name.startsWith("istio.io/") && !plainControllers.has(name);
}

/** istiod may be told to leave the classes to somebody else, and then a missing one says nothing. */
function isMadeByIstiod(gatewayClass: Resource): boolean {
  const description = textField(field(gatewayClass.object, "spec"), "description");
  return plainControllers.has(controllerOf(gatewayClass)) && description === "The default Istio GatewayClass";
}

function isAmbient({ object }: Resource): boolean {
  return textField(field(field(object, "metadata"), "labels"), "istio.io/dataplane-mode") === "ambient";
}
