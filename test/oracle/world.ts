import { field, isList, isObject, type Json, type JsonObject, textField } from "../../src/core/model/json.ts";
import { configMap, type JudgedPair } from "./pairs.ts";

/**
 * The small world that the judge put round a pair: Istio's default mesh without ambient, and a Service for each host
 * that the pair names, with port 9080 and every port number that it names.
 */
export function worldOf(pair: JudgedPair): readonly JsonObject[] {
  if (pair.kind === "MeshConfig") return [];
  const objects = [...pair.desired, ...pair.live];
  const namespace = textField(field(objects[0], "metadata"), "namespace");
  const named: Named = { hosts: new Set(), ports: new Set([9080]) };
  for (const object of objects) collect(object, "", named);
  const services = new Map<string, JsonObject>();
  for (const host of named.hosts) {
    const [name = "", own = namespace] = host.replace(/\.svc\.cluster\.local$/, "").split(".");
    const isService = !host.includes(".") || host.endsWith(".svc.cluster.local");
    if (isService && name !== "" && name !== "*") {
      services.set(`${own}/${name}`, service(own, name, [...named.ports]));
    }
  }
  return [configMap("istio", ""), gatewayClass, ...services.values()];
}

/** What istiod makes by itself where ambient is off: the judge's four proxies are sidecars and a gateway. */
const gatewayClass: JsonObject = {
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "GatewayClass",
  metadata: { name: "istio" },
  spec: { controllerName: "istio.io/gateway-controller", description: "The default Istio GatewayClass" },
};

interface Named {
  readonly hosts: Set<string>;
  readonly ports: Set<number>;
}

/** Fields that hold the name of a host or of a Service, and those that hold the number of a port. */
const hostFields = new Set(["host", "hosts"]);
const referenceFields = new Set(["backendRefs", "backendRef", "parentRefs"]);
const portFields = new Set(["number", "port"]);

function collect(value: Json, name: string, named: Named): void {
  if (typeof value === "string" && hostFields.has(name)) named.hosts.add(value);
  if (typeof value === "number" && portFields.has(name)) named.ports.add(value);
  if (isList(value)) for (const item of value) collect(item, name, named);
  if (!isObject(value)) return;
  if (referenceFields.has(name)) named.hosts.add(textField(value, "name"));
  for (const [key, item] of Object.entries(value)) collect(item, key, named);
}

function service(namespace: string, name: string, ports: readonly number[]): JsonObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace },
    spec: { ports: ports.map((port) => ({ name: `http-${String(port)}`, port, protocol: "TCP" })) },
  };
}
