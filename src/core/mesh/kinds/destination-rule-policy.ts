import { field, type Json } from "../../model/json.ts";
import * as s from "../shapes.ts";
import type { Field, FieldRow, Site } from "../table.ts";
import { httpLimits, tcpLimits } from "./connection-pool.ts";
import { loadBalancer } from "./destination-rule-balancing.ts";
import { hasNoMeshPolicy, isTopPolicy } from "./destination-rule-site.ts";

const source = "istio pilot/pkg/networking/core/cluster_traffic_policy.go";

/** A value that Envoy assumes where it is told none. */
function envoyDefault(name: string, value: Json, reason: string): FieldRow {
  return s.absent(`destination-rule/${name}`, "E3", value, { reason, source: `${source}:503-542` });
}

function splitsOrigins(at: Site): boolean {
  return field(at.up?.value, "splitExternalLocalOriginErrors") === true;
}

const localOriginFailures: readonly FieldRow[] = [
  s.rewrite("destination-rule/local-origin-unsplit", "E2", () => undefined, {
    reason: "Local failures are counted apart only where splitExternalLocalOriginErrors is on.",
    source: `${source}:534-539`,
    when: (at) => !splitsOrigins(at),
  }),
  s.absent("destination-rule/local-origin-zero", "E2", 0, {
    reason: "0 is taken for not set.",
    source: `${source}:534-539`,
  }),
  envoyDefault("local-origin-default", 5, "Envoy ejects after 5 local failures unless told otherwise."),
];

const outlierDetection: Field = s.message(
  {
    consecutiveErrors: s.number({
      rows: [
        s.rewrite("destination-rule/consecutive-errors", "E2", () => undefined, {
          reason: "The field consecutiveErrors is deprecated and no longer read.",
          source: `${source}:493-542`,
        }),
      ],
    }),
    splitExternalLocalOriginErrors: s.boolean(),
    consecutiveLocalOriginFailures: s.present(s.number({ rows: localOriginFailures })),
    consecutiveGatewayErrors: s.present(
      s.number({
        rows: [envoyDefault("gateway-errors", 0, "Envoy does not eject for gateway errors unless told to.")],
      }),
    ),
    consecutive5xxErrors: s.present(
      s.number({
        rows: [
          envoyDefault("5xx-errors", 5, "Envoy ejects after 5 errors in a row unless told otherwise."),
          s.trap("destination-rule/5xx-errors-zero", [undefined, 0], {
            reason: "0 turns ejection for server errors off; without it 5 in a row eject.",
            source: `${source}:503-512; istio.io/api networking/v1alpha3/destination_rule.proto:834-848`,
          }),
        ],
      }),
    ),
    interval: s.duration({
      rows: [envoyDefault("ejection-interval", "10s", "Envoy looks every 10 seconds unless told otherwise.")],
    }),
    baseEjectionTime: s.duration({
      rows: [
        envoyDefault("ejection-time", "30s", "Envoy ejects for 30 seconds at first unless told otherwise."),
      ],
    }),
    maxEjectionPercent: s.number({
      rows: [envoyDefault("ejection-percent", 10, "Envoy ejects at most 10 % unless told otherwise.")],
    }),
    minHealthPercent: s.number(),
  },
  {
    rows: [
      s.trap("destination-rule/outlier-empty", [undefined, {}], {
        reason: "An empty block turns ejection on, with Envoy's defaults.",
        source: `${source}:493-560`,
      }),
    ],
  },
);

/** An empty block inside connectionPool sets nothing. */
function emptyPool(name: string, where: string): FieldRow {
  return s.absent(
    `destination-rule/connection-pool-${name}`,
    "CTX",
    {},
    {
      reason:
        "An empty block of connection limits limits nothing; only a default policy of the mesh would differ.",
      source: `${source}:${where}`,
      when: hasNoMeshPolicy,
    },
  );
}

const connectionPool: Field = s.message(
  {
    tcp: s.message(tcpLimits, { rows: [emptyPool("tcp", "87-183")] }),
    http: s.message(httpLimits, { rows: [emptyPool("http", "87-183")] }),
  },
  {
    rows: [
      s.absent(
        "destination-rule/connection-pool-empty",
        "CTX",
        {},
        {
          reason:
            "An empty block of connection limits limits nothing; only a default policy of the mesh would differ.",
          source: `${source}:50-52, 87-113`,
          when: (at) => (isTopPolicy(at) ? hasNoMeshPolicy(at) : false),
        },
      ),
    ],
  },
);

const tls: Field = s.message(
  {
    mode: s.enumeration("DISABLE"),
    clientCertificate: s.text(),
    privateKey: s.text(),
    caCertificates: s.text(),
    caCrl: s.text(),
    credentialName: s.text(),
    subjectAltNames: s.listOf(
      s.text(),
      s.set("destination-rule/subject-alt-names", {
        reason: "Any of the names is accepted.",
        source: "istio pilot/pkg/networking/core/cluster_tls.go:233",
      }),
    ),
    sni: s.text(),
    insecureSkipVerify: s.present(
      s.boolean({
        rows: [
          s.absent("destination-rule/skip-verify", "E2", false, {
            reason: "The server's certificate is verified unless told otherwise.",
            source: "istio pilot/pkg/networking/core/cluster_tls.go:230",
          }),
        ],
      }),
    ),
  },
  {
    rows: [
      s.trap("destination-rule/tls-empty", [undefined, {}], {
        reason:
          "Without tls Istio uses mutual TLS where it can; an empty block is DISABLE and sends plain text.",
        source:
          "istio pilot/pkg/networking/core/cluster_tls.go:113-135; istio.io/api networking/v1alpha3/destination_rule.proto:946",
      }),
    ],
  },
);

const retryBudget: Field = s.message({
  percent: s.present(s.number()),
  budgetInterval: s.duration(),
  minRetryConcurrency: s.number({
    rows: [
      s.absent("destination-rule/retry-concurrency", "E2", 3, {
        reason: "At least 3 retries may run at once unless told otherwise.",
        source: `${source}:243-250`,
      }),
    ],
  }),
});

const proxyProtocol: Field = s.message(
  { version: s.enumeration("V1") },
  {
    rows: [
      s.trap("destination-rule/proxy-protocol-empty", [undefined, {}], {
        reason: "An empty block is version 1; without it no PROXY header is sent.",
        source: "istio.io/api networking/v1alpha3/destination_rule.proto (ProxyProtocol.VERSION)",
      }),
    ],
  },
);

const blocks: Readonly<Record<string, Field>> = { loadBalancer, connectionPool, outlierDetection, tls };

const portLevelSettings: Field = s.listOf(
  s.message({ port: s.message({ number: s.number() }), ...blocks }),
  s.keyed(
    "destination-rule/port-settings",
    {
      reason: "Settings are known by their port.",
      source: "istio pilot/pkg/networking/util/util.go:865-890",
    },
    ["port", "number"],
  ),
  {
    rows: [
      s.trap("destination-rule/port-settings-empty", [undefined, [{ port: { number: 80 } }]], {
        reason: "A port with settings of its own inherits none: what they leave out is the default again.",
        source:
          "istio pilot/pkg/networking/util/util.go:886-890; pilot/pkg/networking/core/destination_rule.go:174-190",
      }),
    ],
  },
);

/** How the proxies of clients treat the host or a subset of it. */
export const trafficPolicy: Field = s.message(
  {
    ...blocks,
    portLevelSettings,
    tunnel: s.message({ protocol: s.text(), targetHost: s.text(), targetPort: s.number() }),
    proxyProtocol,
    retryBudget,
  },
  {
    rows: [
      s.trap("destination-rule/traffic-policy-empty", [undefined, {}], {
        reason: "An empty policy keeps the policy of a second DestinationRule for the host from being taken.",
        source: "istio pilot/pkg/networking/core/destination_rule.go:126-128",
      }),
    ],
  },
);
