import { field, textField } from "../model/json.ts";
import type { Resource } from "../model/resource.ts";
import { fullHost } from "./hosts.ts";
import { listAt, wholeNumber } from "./sites.ts";
import type { Answer, Site } from "./table.ts";

/** What rules ask of the cluster's Services. */

/** The Service behind a host: "unknown" where it was not read, undefined where the host is no Service's name. */
function serviceOf(at: Site, host: string): Resource | "unknown" | undefined {
  const full = fullHost(host, at);
  const suffix = `.svc.${at.facts.domain}`;
  if (typeof full !== "string" || !full.endsWith(suffix)) return undefined;
  const [name = "", namespace = "", ...rest] = full.slice(0, -suffix.length).split(".");
  if (rest.length > 0 || name === "" || namespace === "") return undefined;
  return at.facts.find("", "Service", namespace, name);
}

/** Whether the Service behind `host` has this port and no other: then naming the port adds nothing. */
export function isOnlyPort(at: Site, host: string, port: number | undefined): Answer {
  const service = serviceOf(at, host);
  if (service === undefined || port === undefined) return false;
  if (service === "unknown") return { missing: `the Service behind ${host}` };
  const ports = listAt(service.object, "spec", "ports");
  return ports.length === 1 && wholeNumber(field(ports[0], "port")) === port;
}

/** Whether a Service is known to have a port that speaks Redis, which Istio may balance in its own way. */
export function speaksRedis(at: Site, host: string): boolean {
  const service = serviceOf(at, host);
  if (service === undefined || service === "unknown") return false;
  return listAt(service.object, "spec", "ports").some((port) => {
    const named = textField(port, "appProtocol") || textField(port, "name");
    return /^redis(?:-|$)/i.test(named);
  });
}
