import { isRootNamespace } from "../mesh-config.ts";
import * as s from "../shapes.ts";
import { isSet, specOf } from "../sites.ts";
import type { Answer, Field, FieldRow, KindTable, Site } from "../table.ts";
import { httpLimits, tcpLimits } from "./connection-pool.ts";
import { serverTls } from "./server-tls.ts";

const source = "istio pilot/pkg/model/sidecar.go";
const validation = "istio pkg/config/validation/validation.go";

const port: Field = s.message({
  number: s.number(),
  protocol: s.text(),
  name: s.text(),
  targetPort: s.number(),
});

const captureMode: Field = s.enumeration("DEFAULT");

/** A mesh-wide Sidecar stands for one in each namespace, and its dot for each of them. */
function isOwnNamespace(at: Site): Answer {
  if (typeof at.value !== "string" || !at.value.startsWith("./")) return false;
  if (isSet(specOf(at), "workloadSelector")) return true;
  const isRoot = isRootNamespace(at);
  return typeof isRoot === "boolean" ? !isRoot : isRoot;
}

const ownNamespaceHost: FieldRow = s.rewrite(
  "sidecar/own-namespace",
  "CTX",
  (value, at) =>
    typeof value === "string" ? value.replace(/^\.\//, () => `${at.object.key.namespace}/`) : value,
  {
    reason: 'In a host "./" is the Sidecar\'s own namespace, unless it is the one for the whole mesh.',
    source: `${source}:514-516; istio pilot/pkg/model/push_context.go:1236-1244`,
    when: isOwnNamespace,
  },
);

const egress: Field = s.listOf(
  s.message({
    port,
    bind: s.text(),
    captureMode,
    hosts: s.listOf(
      s.text({ rows: [ownNamespaceHost] }),
      s.set("sidecar/hosts", {
        reason: "Every host is imported; their order does not count.",
        source: `${source}:497-544`,
      }),
    ),
  }),
  // What the listeners' hosts import beyond themselves is not ours to work out, so the order stays as written.
  s.ordered(
    "sidecar/egress",
    {
      reason:
        "Of listeners that import one host from two namespaces the first one wins, and the one without a port comes last.",
      source: `${validation}:864-901; ${source}:376-425, 1019-1064`,
    },
    [[["port", "number"]], [["bind"]], [["port", "number"], ["bind"]]],
  ),
  {
    rows: [
      s.absent("sidecar/egress-everything", "E2", [{ hosts: ["*/*"] }], {
        reason: "Without egress listeners everything is imported.",
        source: `${source}:334-338`,
      }),
    ],
  },
);

/** Limits of connections to the workload. */
function connectionPool(rows: readonly FieldRow[]): Field {
  return s.message({ tcp: s.message(tcpLimits), http: s.message(httpLimits) }, { rows });
}

const ingress: Field = s.listOf(
  s.message({
    port,
    bind: s.text(),
    captureMode,
    defaultEndpoint: s.text(),
    tls: serverTls("sidecar", {
      rows: [
        s.trap("sidecar/tls-empty", [undefined, {}], {
          reason: "An empty block is PASSTHROUGH; without it the workload's PeerAuthentication decides.",
          source:
            "istio.io/api networking/v1alpha3/gateway.proto:397, sidecar.proto (IstioIngressListener.tls)",
        }),
      ],
    }),
    connectionPool: connectionPool([]),
  }),
  s.keyed(
    "sidecar/ingress",
    { reason: "A listener is known by the number of its port.", source: `${validation}:777-856` },
    ["port", "number"],
  ),
);

const outboundTrafficPolicy: Field = s.message(
  {
    mode: s.enumeration("REGISTRY_ONLY"),
    // Its host is taken as it stands: a short name is no Service's.
    egressProxy: s.message({ host: s.text(), subset: s.text(), port: s.message({ number: s.number() }) }),
  },
  {
    rows: [
      s.trap("sidecar/outbound-empty", [undefined, {}], {
        reason:
          "An empty block is REGISTRY_ONLY; without it the mesh configuration decides, as a rule ALLOW_ANY.",
        source: `${source}:358-365; istio.io/api networking/v1alpha3/sidecar.proto:605`,
      }),
    ],
  },
);

/** Sidecar (networking.istio.io): what proxies beside workloads listen on and what they may reach. */
export const sidecar: KindTable = {
  group: "networking.istio.io",
  kind: "Sidecar",
  fields: {
    spec: s.message({
      workloadSelector: s.message(
        { labels: s.mapOf(s.text()) },
        {
          rows: [
            s.trap("sidecar/selector-empty", [undefined, {}], {
              reason:
                "A Sidecar with a selector, even an empty one, goes before those without and is not the mesh's default.",
              source: "istio pilot/pkg/model/push_context.go:1926-1955",
            }),
          ],
        },
      ),
      ingress,
      egress,
      inboundConnectionPool: connectionPool([
        s.trap("sidecar/inbound-pool-empty", [undefined, {}], {
          reason: "An empty block of limits is refused; none is fine.",
          source: `${source}:652; ${validation}:1112-1118`,
        }),
      ]),
      outboundTrafficPolicy,
    }),
  },
};
