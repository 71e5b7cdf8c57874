import type { Direction } from "../../model/finding.ts";
import { field } from "../../model/json.ts";
import type { Difference, EffectTable, KindEffects } from "../effect.ts";
import { itemAround, itemsOf, valueAt, valueOf, wholeAround } from "../effect-values.ts";
import { added, any, changed, from, inside, removed, reordered, to, where } from "../effect-words.ts";
import { nodeAtNames } from "../place.ts";
import { connectionPoolRows } from "./connection-pool.ts";
import { aboutPort, serverTlsRows } from "./server-tls.ts";

/**
 * Sentences about Sidecars: what proxies beside workloads take and what they know. Facts: istio.io/api
 * networking/v1alpha3/sidecar.proto; istio pilot/pkg/model/sidecar.go:334-365. What a workload sends to a host that its
 * Sidecar does not import leaves by the outbound traffic policy: in the clear where that is ALLOW_ANY.
 */

/** Whether live sends nothing to hosts that are not imported. */
function isClosed(at: Difference): boolean {
  const { live } = wholeAround(at);
  const policy = live && nodeAtNames(live, ["spec", "outboundTrafficPolicy"]);
  return policy !== undefined && (valueAt(policy, "mode") ?? "REGISTRY_ONLY") === "REGISTRY_ONLY";
}

/** A host that is excluded since Istio 1.31, and the name of a namespace before. */
function isExclusion({ desired, live }: Difference): boolean {
  return [desired, live].some((side) => side !== undefined && String(valueOf(side)).startsWith("~"));
}

/** Whether another listener or host of live may import the same. */
function isStillKnown(at: Difference): boolean {
  const listeners = itemsOf(itemAround(at, "egress")?.up?.live);
  const hosts = listeners.flatMap((listener) => itemsOf(nodeAtNames(listener, ["hosts"])));
  return listeners.length > 1 || hosts.some((host) => String(valueOf(host)).includes("*"));
}

/** Less is reachable only where nothing else imports it. */
function whenForgotten(at: Difference): Direction {
  return isStillKnown(at) ? "neutral" : "strengthens";
}

const toUnknown = "workloads may send to any host, also to those the mesh does not know";
const onlyKnown = "workloads may send to known hosts only";

const modeRows: EffectTable[string] = [
  to("ALLOW_ANY", toUnknown, "weakens"),
  from("ALLOW_ANY", onlyKnown, "strengthens"),
  any("what workloads send to unknown hosts is treated differently", "weakens"),
];

const fields: EffectTable = {
  spec: [any("workloads may reach other hosts or be reached otherwise", "weakens")],
  "spec.workloadSelector": [
    added("it holds for the selected workloads only", "weakens"),
    removed("it holds for every workload of the namespace, no longer for selected ones", "weakens"),
    any("it holds for other workloads", "weakens"),
  ],
  "spec.ingress": [
    added("workloads take connections on the listed ports, no longer as their Services say", "weakens"),
    removed("workloads take connections as their Services say, no longer on the listed ports", "weakens"),
    any("workloads take connections on other ports", "weakens"),
  ],
  "spec.ingress[]": [
    added(aboutPort("workloads take connections", ", which Git does not open"), "weakens"),
    removed(aboutPort("what Git says of connections", " no longer holds"), "weakens"),
    any(aboutPort("workloads take connections differently"), "weakens"),
  ],
  "spec.ingress[].bind": [any(aboutPort("connections to another address are taken"), "weakens")],
  "spec.ingress[].captureMode": [
    to("NONE", aboutPort("connections are no longer captured", ""), "weakens"),
    any(aboutPort("connections are captured in another way"), "weakens"),
  ],
  "spec.ingress[].defaultEndpoint": [
    any(aboutPort("the workload gets connections at another place"), "weakens"),
  ],
  ...serverTlsRows("spec.ingress[].tls", [
    added(aboutPort("TLS ends in the sidecar by settings that Git does not have")),
    removed(aboutPort("clients no longer need TLS by settings of their own"), "weakens"),
  ]),
  ...connectionPoolRows("spec.ingress[].connectionPool"),
  "spec.egress": [
    reordered("of listeners that import one host another may win", "weakens"),
    ...where(isClosed, [added("workloads know only the hosts that are listed", "strengthens")]),
    added(
      "what workloads send to hosts that are not listed leaves by the outbound traffic policy",
      "weakens",
    ),
    removed("workloads know every host of the mesh", "weakens"),
    any("workloads know other hosts", "weakens"),
  ],
  "spec.egress[]": [
    added("workloads know the hosts of one more listener", "weakens"),
    ...where(isClosed, [removed("workloads no longer know the hosts of one listener")]),
    removed(
      "what workloads send to the hosts of one listener leaves by the outbound traffic policy",
      "weakens",
    ),
    any("workloads reach hosts through a listener differently", "weakens"),
  ],
  "spec.egress[].port": [any("workloads reach hosts through another port", "weakens")],
  "spec.egress[].bind": [any("workloads reach hosts through another address", "weakens")],
  "spec.egress[].captureMode": [
    to("NONE", "what workloads send is no longer captured by the listener", "weakens"),
    any("what workloads send is captured in another way", "weakens"),
  ],
  "spec.egress[].hosts": [any("workloads know other hosts", "weakens")],
  "spec.egress[].hosts[]": [
    ...where(isExclusion, [any("workloads know other hosts, by what is left out", "weakens")]),
    to("*/*", "workloads know every host of the mesh", "weakens"),
    added("workloads know {value}, too", "weakens"),
    ...where(isClosed, [removed("workloads no longer know {git}", whenForgotten)]),
    removed("what workloads send to {git} leaves by the outbound traffic policy", "weakens"),
    any("workloads know other hosts", "weakens"),
  ],
  ...connectionPoolRows("spec.inboundConnectionPool"),
  "spec.outboundTrafficPolicy": [
    ...where(
      ({ desired }) => desired === undefined,
      [inside("mode", [to("ALLOW_ANY", toUnknown, "weakens")]), added(onlyKnown, "strengthens")],
    ),
    ...where(
      ({ live }) => live === undefined,
      [
        inside("mode", [removed("the mesh configuration decides what workloads may send to unknown hosts")]),
        removed("workloads may send to unknown hosts where the mesh configuration allows it", "weakens"),
      ],
    ),
    any("what workloads send to unknown hosts is treated differently", "weakens"),
  ],
  "spec.outboundTrafficPolicy.mode": modeRows,
  "spec.outboundTrafficPolicy.egressProxy": [
    any("what workloads send to unknown hosts leaves by another way", "weakens"),
  ],
  "spec.outboundTrafficPolicy.egressProxy.host": [
    changed("what workloads send to unknown hosts leaves through {value}, no longer {git}", "weakens"),
  ],
};

/** What it means that a Sidecar is only in Git, or only live. */
export const sidecarEffects: KindEffects = {
  group: "networking.istio.io",
  kind: "Sidecar",
  fields,
  missing: ({ object }) => {
    const isOpen = field(field(field(object, "spec"), "outboundTrafficPolicy"), "mode") === "ALLOW_ANY";
    return {
      text: isOpen
        ? "workloads know every host of the mesh, and take connections as their Services say"
        : "workloads know every host of the mesh, and no limit of Git holds for them",
      direction: "weakens",
    };
  },
  extra: () => ({
    text: "workloads know only the hosts of a Sidecar that Git does not have",
    direction: "weakens",
  }),
};
