import type { Resource } from "../../model/resource.ts";
import type { EffectTable, KindEffects } from "../effect.ts";
import { hostName, hostsInWords, valueAt } from "../effect-values.ts";
import { added, any, changed, effect, falls, from, removed, reordered, rises, to } from "../effect-words.ts";
import { listAt, scalarText } from "../sites.ts";
import { exportToRows } from "./export-to.ts";
import { retryRows } from "./retries.ts";
import {
  aboutRequests,
  byTimes,
  destinationRows,
  matchRows,
  newShare,
  routeRows,
  timeLimitRows,
} from "./route-words.ts";
import { tellNewOrder } from "./virtual-service-order.ts";

/** Sentences about VirtualServices: what requests see. Facts: istio.io/api networking/v1alpha3/virtual_service.proto. */

const percentage: EffectTable[string] = [
  rises(byTimes("are disturbed on purpose", "as often")),
  falls(byTimes("are disturbed on purpose", "less often")),
];

const l4Destination = "connections go to another host, port or subset";

const fields: EffectTable = {
  spec: [any("requests may be routed differently")],
  "spec.hosts": [any("it holds for other hosts")],
  "spec.hosts[]": [added("it also holds for {value}"), removed("it no longer holds for {git}")],
  "spec.gateways": [
    added("it holds at the named gateways, no longer for every sidecar", "weakens"),
    removed("it holds for sidecars only, no longer at the gateways"),
  ],
  "spec.gateways[]": [
    added("its hosts are also reachable through {value}", "weakens"),
    removed("its hosts are no longer reachable through {git}", "strengthens"),
  ],
  ...exportToRows("spec.exportTo", "strengthens"),
  "spec.http": [
    reordered(tellNewOrder),
    added("requests are routed by rules that Git does not have"),
    removed("no rule routes requests any more: they go to their Service as it is"),
  ],
  "spec.http[]": routeRows("requests"),
  "spec.http[].name": [any("access logs and statistics name the route differently")],
  ...matchRows("spec.http[].match"),
  "spec.http[].match[].name": [any("access logs name the match differently")],
  "spec.http[].match[].statPrefix": [any("statistics of the match are named differently")],
  "spec.http[].match[].ignoreUriCase": [
    to(true, "paths match in upper and lower case"),
    from(true, "paths match in the written case only"),
  ],
  "spec.http[].match[].uri": [
    added("the route takes only some paths"),
    removed("the route takes every path"),
    any("the route takes other paths"),
  ],
  "spec.http[].route": [any("requests go to other destinations")],
  "spec.http[].route[]": destinationRows,
  "spec.http[].route[].weight": [any(newShare)],
  "spec.http[].route[].destination": [any("requests of one destination go elsewhere")],
  "spec.http[].route[].destination.host": [
    changed((at) => {
      const [before, after] = [hostName(at.desired), hostName(at.live)];
      return before === undefined || after === undefined
        ? undefined
        : `requests go to ${after} in place of ${before}`;
    }),
  ],
  "spec.http[].route[].destination.subset": [
    changed("requests go to subset {value} in place of {git}"),
    added("requests go to subset {value} only"),
    removed("requests go to every version, no longer to subset {git} only"),
  ],
  "spec.http[].route[].destination.port": [any("requests go to another port")],
  "spec.http[].route[].headers": [
    any("headers of one destination's requests or responses are changed differently"),
  ],
  "spec.http[].redirect": [
    added(aboutRequests("are answered with a redirect")),
    removed("requests are no longer redirected"),
    any("requests are redirected to another place or with another code"),
  ],
  "spec.http[].directResponse": [
    added(aboutRequests("get a fixed answer and reach no service")),
    removed("requests no longer get a fixed answer"),
    any("requests get another fixed answer"),
  ],
  "spec.http[].directResponse.status": [changed("requests are answered with {value} in place of {git}")],
  "spec.http[].delegate": [any("another VirtualService decides about the requests of the route")],
  "spec.http[].rewrite": [
    added(aboutRequests("arrive with another path or host")),
    removed(aboutRequests("arrive with the path and host they were sent with")),
    any(aboutRequests("arrive with another path or host")),
  ],
  "spec.http[].timeout": timeLimitRows,
  "spec.http[].retries": [
    added((at) =>
      valueAt(at.live, "attempts") === undefined
        ? "retries are now off"
        : "failed requests are tried again as written here, not by the default of the mesh",
    ),
    removed("failed requests are tried again by the default of the mesh"),
    any("failed requests are tried again differently"),
  ],
  ...retryRows("spec.http[].retries"),
  "spec.http[].fault": [
    added(aboutRequests("are disturbed on purpose (fault injection)")),
    removed("faults are no longer injected"),
    any("faults are injected differently"),
  ],
  "spec.http[].fault.delay": [
    added(aboutRequests("are delayed on purpose (fault injection)")),
    removed("requests are no longer delayed on purpose"),
    any("requests are delayed on purpose by another time or share"),
  ],
  "spec.http[].fault.abort": [
    added(aboutRequests("fail on purpose (fault injection)")),
    removed("requests no longer fail on purpose"),
    any("requests fail on purpose with another code or share"),
  ],
  "spec.http[].fault.delay.percentage.value": percentage,
  "spec.http[].fault.abort.percentage.value": percentage,
  "spec.http[].mirrors": [any("copies of requests go to other places", "weakens")],
  "spec.http[].mirrors[]": [
    added("copies of requests are sent to one more place", "weakens"),
    removed("copies of requests are no longer sent to one place", "strengthens"),
    any("copies of requests are sent to another place or in another share", "weakens"),
  ],
  "spec.http[].mirrors[].percentage": [
    removed("all requests are copied", "weakens"),
    added(
      (at) =>
        valueAt(at.live, "value") === undefined
          ? "no requests are copied any more"
          : "only a share of the requests is copied",
      "strengthens",
    ),
  ],
  "spec.http[].mirrors[].percentage.value": [
    to(0, "no requests are copied any more", "strengthens"),
    rises("{git} % -> {value} % of requests are copied", "weakens"),
    falls("{git} % -> {value} % of requests are copied", "strengthens"),
  ],
  "spec.http[].corsPolicy": [
    added("browsers may call from other sites, as far as the policy allows", "weakens"),
    removed("cross-origin rules are left to the service"),
    any("browsers may call from other sites, or with other methods and headers", "weakens"),
  ],
  "spec.http[].corsPolicy.allowOrigins[]": [
    added("browsers may call from one more origin", "weakens"),
    removed("browsers may no longer call from one origin", "strengthens"),
  ],
  "spec.http[].corsPolicy.allowCredentials": [
    to(true, "browsers send cookies and credentials from other sites, too", "weakens"),
    from(true, "browsers no longer send credentials from other sites", "strengthens"),
  ],
  "spec.http[].corsPolicy.maxAge": [any("browsers remember the answer to a preflight for another time")],
  "spec.http[].headers": [any("headers of requests or responses are changed differently")],
  "spec.http[].headers.request.remove[]": [
    added("the request header {value} is taken away"),
    removed("the request header {git} reaches the service", "weakens"),
  ],
  "spec.tls": [reordered(tellNewOrder), any("TLS connections are routed differently")],
  "spec.tls[]": routeRows("connections"),
  "spec.tls[].match": [any("the route takes other TLS connections")],
  "spec.tls[].match[].sniHosts[]": [
    added("the route also takes connections for {value}"),
    removed("the route no longer takes connections for {git}"),
  ],
  "spec.tls[].route": [any(l4Destination)],
  "spec.tls[].route[].weight": [any(newShare)],
  "spec.tcp": [reordered(tellNewOrder), any("TCP connections are routed differently")],
  "spec.tcp[]": routeRows("connections"),
  "spec.tcp[].match": [any("the route takes other connections")],
  "spec.tcp[].route": [any(l4Destination)],
  "spec.tcp[].route[].weight": [any(newShare)],
};

/** What it means that a VirtualService is only in Git, or only live. */
export const virtualServiceEffects: KindEffects = {
  group: "networking.istio.io",
  kind: "VirtualService",
  fields,
  missing: (resource) => effect(`requests to ${hostsOf(resource)} go to their Service, unrouted`),
  extra: (resource) => effect(`requests to ${hostsOf(resource)} are routed by rules that Git does not have`),
};

function hostsOf({ object }: Resource): string {
  return hostsInWords(listAt(object, "spec", "hosts").map(scalarText), 60);
}
