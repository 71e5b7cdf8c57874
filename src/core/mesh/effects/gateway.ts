import type { Direction } from "../../model/finding.ts";
import type { Resource } from "../../model/resource.ts";
import type { Difference, EffectTable, KindEffects } from "../effect.ts";
import {
  around,
  eitherSide,
  hostsInWords,
  itemsAt,
  itemsOf,
  nameAt,
  nameOf,
  valueOf,
} from "../effect-values.ts";
import {
  added,
  any,
  changed,
  emptied,
  inside,
  listRows,
  removed,
  reordered,
  to,
  where,
} from "../effect-words.ts";
import { listAt, scalarText } from "../sites.ts";
import type { Node } from "../table.ts";
import { aboutPort, onPort, serverTlsRows } from "./server-tls.ts";

/**
 * Sentences about Gateways: what is exposed, and how. Facts: istio.io/api networking/v1alpha3/gateway.proto; istio
 * pilot/pkg/model/gateway.go:202-455, 583-597; istio.io docs, ops/best-practices/security (Gateways).
 */

/** The name behind `namespace/` in the host of a server. */
function dnsName(host: string): string {
  return host.split("/").at(-1) ?? "";
}

/** Whether live still exposes the host by another entry: the same for other namespaces, or a wildcard. */
function isStillExposed(at: Difference): boolean {
  const name = dnsName(String(valueOf(at.desired) ?? ""));
  return itemsOf(at.up?.live)
    .map((item) => dnsName(String(valueOf(item) ?? "")))
    .some((other) => other === name || (other.startsWith("*") && name.endsWith(other.slice(1))));
}

/** The hosts of a server: "a.b", or "its hosts". */
function hostsOf(server: Node | undefined): string {
  return hostsInWords(itemsAt(server, "hosts").map(nameOf), 40);
}

function aboutServer(before: string, after: string): (at: Difference) => string {
  return (at) => `${hostsOf(eitherSide(at))} ${before} ${onPort(at)}${after}`;
}

/** Of servers in conflict the first wins, so where one is gone another may take its hosts. */
function whenClosed(at: Difference): Direction {
  const body = around(at, "servers")?.desired?.body;
  return body?.type === "list" && body.order.type !== "ordered" ? "strengthens" : "weakens";
}

const encrypted = new Set(["HTTPS", "TLS"]);
const plaintext = new Set(["HTTP", "HTTP2", "GRPC", "GRPC-WEB"]);

function protocolIs(names: ReadonlySet<string>, node: Node | undefined): boolean {
  return names.has((nameOf(node) ?? "").toUpperCase());
}

const everyHost = ["*", "*/*"];
const anyAddress = ["0.0.0.0", "::"];

/** Modes with which TLS ends at the gateway: plaintext is refused. */
const endsTls = new Set(["SIMPLE", "MUTUAL", "ISTIO_MUTUAL", "OPTIONAL_MUTUAL"]);

function isOneSided({ desired, live }: Difference): boolean {
  return desired === undefined || live === undefined;
}

function isAnyAddress(node: Node): boolean {
  return anyAddress.includes(String(valueOf(node)));
}

function isEveryHost({ desired }: Difference): boolean {
  return everyHost.includes(String(valueOf(desired)));
}

/** "a.b is exposed on port 443" */
function hostText(host: Node | undefined, rest: string, at: Difference): string | undefined {
  const name = nameOf(host);
  return name === undefined ? undefined : `${name} ${rest} ${onPort(at)}`;
}

const fields: EffectTable = {
  spec: [any("other hosts may be exposed", "weakens")],
  "spec.selector": [
    added("only the selected gateway workloads expose its hosts", "strengthens"),
    removed("every gateway workload exposes its hosts", "weakens"),
    any("other gateway workloads expose its hosts", "weakens"),
  ],
  "spec.selector.*": [
    added("fewer gateway workloads expose its hosts", "strengthens"),
    removed("more gateway workloads may expose its hosts", "weakens"),
    any("other gateway workloads expose its hosts", "weakens"),
  ],
  "spec.servers": [
    reordered("the first server for a port and host wins: another one may be taken", "weakens"),
    any("other hosts are exposed", "weakens"),
  ],
  "spec.servers[]": [
    added(aboutServer("may be reached", ", which Git does not open"), "weakens"),
    removed(aboutServer("can no longer be reached", ""), whenClosed),
    any(aboutPort("connections are taken in another way"), "weakens"),
  ],
  "spec.servers[].name": [any(aboutPort("statistics name the server differently"))],
  "spec.servers[].port": [any(aboutPort("connections are taken in another way"), "weakens")],
  "spec.servers[].port.name": [any(aboutPort("Envoy's configuration names the server differently"))],
  "spec.servers[].port.number": [
    changed("its hosts may be reached on port {value}, no longer {git}", "weakens"),
  ],
  "spec.servers[].port.protocol": [
    ...where(
      ({ desired, live }) => protocolIs(encrypted, desired) && protocolIs(plaintext, live),
      [any(aboutPort("plaintext is accepted"), "weakens")],
    ),
    ...where(
      ({ desired, live }) => protocolIs(plaintext, desired) && protocolIs(encrypted, live),
      [any(aboutPort("only TLS is accepted, no longer plaintext,"), "strengthens")],
    ),
    changed((at) => {
      const [git, live] = [nameOf(at.desired), nameOf(at.live)];
      return git === undefined || live === undefined
        ? undefined
        : `${live} is spoken ${onPort(at)}, no longer ${git}`;
    }, "weakens"),
    any(aboutPort("another protocol is spoken"), "weakens"),
  ],
  "spec.servers[].bind": [
    ...where(
      ({ desired, live }) => [desired, live].every((side) => side === undefined || isAnyAddress(side)),
      [any(aboutPort("connections to every address are taken, as before,"))],
    ),
    to(anyAddress, aboutPort("connections to every address are taken"), "weakens"),
    removed(aboutPort("connections to every address are taken"), "weakens"),
    added(aboutPort("only connections to one address are taken"), "strengthens"),
    any(aboutPort("connections to another address are taken"), "weakens"),
  ],
  ...listRows("spec.servers[].hosts", [
    to(everyHost, aboutPort("every host is exposed"), "weakens"),
    emptied(aboutPort("hosts are exposed in another way"), "weakens"),
    added((at) => hostText(at.live, "is exposed, too,", at), "weakens"),
    ...where(isStillExposed, [removed((at) => hostText(at.desired, "stays exposed by a wider entry", at))]),
    ...where(isEveryHost, [
      removed(aboutPort("only the named hosts are exposed, no longer every one,"), whenClosed),
    ]),
    removed((at) => hostText(at.desired, "is no longer exposed", at), whenClosed),
    any(aboutPort("other hosts are exposed"), "weakens"),
  ]),
  "spec.servers[].defaultEndpoint": [any(aboutPort("what no route takes goes to another place"))],
  ...serverTlsRows("spec.servers[].tls", [
    ...where(isOneSided, [
      inside("httpsRedirect", [
        to(true, aboutPort("plaintext requests are redirected to HTTPS"), "strengthens"),
        removed(aboutPort("plaintext requests are served, no longer redirected to HTTPS,"), "weakens"),
      ]),
    ]),
    ...where(
      ({ live }) => endsTls.has(nameAt(live, "mode") ?? ""),
      [added(aboutPort("clients must use TLS"), "strengthens")],
    ),
    ...where(
      ({ live }) => nameAt(live, "mode") === "AUTO_PASSTHROUGH",
      [added(aboutPort("clients may reach every service of the mesh by its SNI"), "weakens")],
    ),
    added(aboutPort("TLS is passed on to the workload"), "weakens"),
    removed(aboutPort("clients no longer need TLS"), "weakens"),
  ]),
};

/** What it means that a Gateway is only in Git, or only live. */
export const gatewayEffects: KindEffects = {
  group: "networking.istio.io",
  kind: "Gateway",
  fields,
  // Another Gateway may have lost to this one, and take its hosts in its own way.
  missing: (resource) => ({
    text: `${exposedBy(resource)} can no longer be reached through it`,
    direction: "weakens",
  }),
  extra: (resource) => ({
    text: `${exposedBy(resource)} may be reached through a Gateway that Git does not have`,
    direction: "weakens",
  }),
};

function exposedBy({ object }: Resource): string {
  const hosts = listAt(object, "spec", "servers").flatMap((server) =>
    listAt(server, "hosts").map(scalarText),
  );
  const names = [...new Set(hosts)];
  return names.join() === "*" ? "every host" : hostsInWords(names, 40);
}
