import type { Resource } from "../../model/resource.ts";
import type { Difference, EffectTable, KindEffects } from "../effect.ts";
import {
  eitherSide,
  hostsInWords,
  itemAround,
  itemsAt,
  nameAt,
  nameOf,
  wholeAround,
} from "../effect-values.ts";
import { added, any, changed, emptied, filled, from, listRows, removed, to } from "../effect-words.ts";
import { nodeAtNames } from "../place.ts";
import { listAt, scalarText } from "../sites.ts";
import { endpointName, endpointRows } from "./endpoint.ts";
import { serverNameRows } from "./traffic-policy-tls.ts";
import { exportToRows } from "./export-to.ts";

/**
 * Sentences about ServiceEntries: what the mesh knows outside of Kubernetes, and where it is. Facts: istio.io/api
 * networking/v1alpha3/service_entry.proto; istio pilot/pkg/serviceregistry/serviceentry/conversion.go.
 */

/** The hosts of the entry: "a.b", "a.b and 2 more". */
function hostsAt(at: Difference): string {
  const root = eitherSide(wholeAround(at));
  return hostsInWords(itemsAt(root && nodeAtNames(root, ["spec"]), "hosts").map(nameOf), 40);
}

function aboutHosts(before: string, after = ""): (at: Difference) => string {
  return (at) => [before, hostsAt(at), after].filter((part) => part !== "").join(" ");
}

function portName(at: Difference): string {
  const number = nameAt(eitherSide(itemAround(at, "ports")), "number");
  return number === undefined ? "a port" : `port ${number}`;
}

function aboutPort(before: string, after: string): (at: Difference) => string {
  return (at) => [before, portName(at), "of", hostsAt(at), after].filter((part) => part !== "").join(" ");
}

const http = ["HTTP", "HTTP2", "GRPC", "GRPC-WEB"];

const fields: EffectTable = {
  spec: [any("other services outside of Kubernetes may be reached", "weakens")],
  ...listRows("spec.hosts", [
    added("{value} may be reached as a service of the mesh", "weakens"),
    // What DestinationRules say of it, TLS for example, no longer holds.
    removed("the mesh no longer knows {git}, and settings for it no longer hold", "weakens"),
    any("other hosts may be reached as services of the mesh", "weakens"),
  ]),
  ...listRows("spec.addresses", [
    emptied(aboutHosts("traffic to any address on its ports may count as traffic to"), "weakens"),
    filled(aboutHosts("only traffic to the addresses given counts as traffic to")),
    added(aboutHosts("traffic to one more address goes to"), "weakens"),
    removed(aboutHosts("traffic to one address no longer goes to")),
    any(aboutHosts("traffic to other addresses goes to"), "weakens"),
  ]),
  "spec.ports": [any(aboutHosts("other ports may be reached of"), "weakens")],
  "spec.ports[]": [
    added(aboutPort("", "may be reached"), "weakens"),
    removed(aboutPort("the mesh no longer knows", "")),
    any(aboutPort("", "is treated differently")),
  ],
  "spec.ports[].number": [
    changed((at) => {
      const [git, live] = [nameOf(at.desired), nameOf(at.live)];
      if (git === undefined || live === undefined) return undefined;
      return `port ${live} of ${hostsAt(at)} may be reached, no longer ${git}`;
    }, "weakens"),
    any(aboutHosts("another port may be reached of"), "weakens"),
  ],
  "spec.ports[].protocol": [
    from(http, aboutPort("HTTP routes and policies may no longer read requests to", ""), "weakens"),
    to(http, aboutPort("requests to", "are read as HTTP")),
    removed(aboutPort("the protocol is found out from the traffic for", "")),
    any(aboutPort("another protocol is spoken at", "")),
  ],
  "spec.ports[].targetPort": [any(aboutPort("endpoints are reached at another port than before for", ""))],
  "spec.location": [
    to(
      "MESH_INTERNAL",
      aboutHosts("the mesh's mutual TLS is used where endpoints take it for"),
      "strengthens",
    ),
    any(aboutHosts("the mesh's mutual TLS is no longer used for"), "weakens"),
  ],
  "spec.resolution": [
    to("STATIC", aboutHosts("connections go to the endpoints that are listed for")),
    to(["DNS", "DNS_ROUND_ROBIN"], aboutHosts("connections go to the addresses that DNS gives for")),
    to("DYNAMIC_DNS", aboutHosts("each request is resolved by DNS for its own host among")),
    any(aboutHosts("connections go to the address that the client chose, whatever it is, for"), "weakens"),
  ],
  "spec.endpoints": [any(aboutHosts("traffic goes to other endpoints for"), "weakens")],
  "spec.endpoints[]": [
    added((at) => `traffic to ${hostsAt(at)} may go to ${endpointName(at)}`, "weakens"),
    removed((at) => `traffic to ${hostsAt(at)} no longer goes to ${endpointName(at)}`, whenLastGone),
    any(aboutHosts("an endpoint is treated differently of")),
  ],
  ...endpointRows("spec.endpoints[]"),
  "spec.workloadSelector": [
    added(aboutHosts("traffic goes to the workloads that are selected for"), "weakens"),
    removed(aboutHosts("traffic no longer goes to selected workloads for"), "weakens"),
    any(aboutHosts("traffic goes to other workloads for"), "weakens"),
  ],
  ...exportToRows("spec.exportTo", "weakens"),
  ...listRows("spec.subjectAltNames", serverNameRows),
};

/** Without endpoints the host itself is resolved. */
function whenLastGone(at: Difference): "weakens" | "neutral" {
  return at.up?.live?.body.type === "list" && at.up.live.body.items.length > 0 ? "neutral" : "weakens";
}

/** What it means that a ServiceEntry is only in Git, or only live. */
export const serviceEntryEffects: KindEffects = {
  group: "networking.istio.io",
  kind: "ServiceEntry",
  fields,
  missing: (resource) => ({
    text: `the mesh does not know ${hostsOf(resource)}, and settings for it do not hold`,
    direction: "weakens",
  }),
  extra: (resource) => ({
    text: `${hostsOf(resource)} may be reached as a service of the mesh, which Git does not say`,
    direction: "weakens",
  }),
};

function hostsOf({ object }: Resource): string {
  return hostsInWords(listAt(object, "spec", "hosts").map(scalarText), 40);
}
