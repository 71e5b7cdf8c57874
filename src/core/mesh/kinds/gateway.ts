import { field, isList, type Json, textField } from "../../model/json.ts";
import { keyId, type Resource } from "../../model/resource.ts";
import * as s from "../shapes.ts";
import { itemOf, listAt, wholeNumber } from "../sites.ts";
import type { Answer, Field, FieldRow, KindTable, Order, Site } from "../table.ts";
import { areInConflict } from "./server-conflicts.ts";
import { serverTls } from "./server-tls.ts";

const source = "istio pilot/pkg/networking/core/gateway.go";
const merge = "istio pilot/pkg/model/gateway.go";

const anyNamespace: FieldRow = s.rewrite(
  "gateway/host-namespace",
  "E2",
  (value, at) => {
    if (typeof value !== "string") return value;
    if (value.startsWith("*/")) return value.slice(2);
    return value.startsWith("./") ? `${at.object.key.namespace}/${value.slice(2)}` : value;
  },
  {
    reason:
      'A host without a namespace is for VirtualServices of all of them, and "./" for those of the Gateway\'s own.',
    source: `${source}:674-698; istio pkg/config/host/names.go:110-133`,
  },
);

const everyHost: FieldRow = s.rewrite(
  "gateway/every-host",
  "E2",
  (value) => (isList(value) && value.includes("*/*") && value.length > 1 ? ["*/*"] : value),
  {
    reason: "Beside */* the other hosts of a server add nothing: istiod drops them.",
    source: `${source}:674-698`,
  },
);

const hosts: Field = s.listOf(
  s.text({ rows: [anyNamespace] }),
  s.set("gateway/hosts", {
    reason: "Every host counts; their order does not.",
    source: `${source}:564-579, 674-698`,
  }),
  { rows: [everyHost] },
);

/** Whether no other server, of this or of another Gateway, is on the same port: servers are merged by the protocol as written. */
function isAloneOnPort(at: Site): Answer {
  if (typeof at.value !== "string" || at.value === at.value.toUpperCase()) return false;
  const number = wholeNumber(field(at.up?.value, "number"));
  // The zero is the same as none: there is no such port.
  if (number === undefined || number === 0) return false;
  const own = portsOf(at.object).filter((port) => port === number);
  const gateways = gatewaysByPort(at).get(number) ?? new Set();
  if (own.length !== 1 || ![...gateways].every((id) => id === keyId(at.object.key))) return false;
  // Gateways of any namespace may choose the same workload.
  const isWhole = at.facts.isWhole("networking.istio.io", "Gateway");
  return isWhole ? true : { missing: "all Gateways of the cluster" };
}

function portsOf(gateway: Resource): readonly (number | undefined)[] {
  return listAt(gateway.object, "spec", "servers").map((server) =>
    wholeNumber(field(field(server, "port"), "number")),
  );
}

type GatewaysByPort = ReadonlyMap<number, ReadonlySet<string>>;

/** The Gateways on each port, by the list of them: every server asks. */
const byPort = new WeakMap<readonly Resource[], GatewaysByPort>();

function gatewaysByPort(at: Site): GatewaysByPort {
  const gateways = at.facts.all("networking.istio.io", "Gateway");
  const known = byPort.get(gateways);
  if (known !== undefined) return known;
  const found = new Map<number, Set<string>>();
  for (const gateway of gateways) {
    for (const port of portsOf(gateway)) {
      if (port === undefined) continue;
      found.set(port, (found.get(port) ?? new Set()).add(keyId(gateway.key)));
    }
  }
  byPort.set(gateways, found);
  return found;
}

const protocolCase: FieldRow = s.rewrite(
  "gateway/protocol-case",
  "E2",
  (value) => (typeof value === "string" ? value.toUpperCase() : value),
  {
    reason: "The case of the protocol counts only where servers share a port and are merged by it.",
    source: `istio pkg/config/protocol/instance.go:67-99; ${merge}:310`,
    when: isAloneOnPort,
  },
);

const sharedPortCase: FieldRow = s.trap(
  "gateway/protocol-case-shared",
  [serversOnPort("http", "HTTP"), serversOnPort("HTTP", "HTTP")],
  {
    reason: "Servers on one port are merged only where they write its protocol in the same way.",
    source: `${merge}:310`,
  },
);

function serversOnPort(...protocols: readonly string[]): Json {
  return protocols.map((protocol, i) => ({
    port: { number: 80, name: `http-${String(i)}`, protocol },
    hosts: [`${String(i)}.example.com`],
  }));
}

const port: Field = s.message({
  number: s.number(),
  protocol: s.text({ rows: [protocolCase] }),
  name: s.text({
    rows: [
      s.trap("gateway/port-name", ["https", "https-web"], {
        reason: "The name of a port is part of the name of its routes, which EnvoyFilters may look for.",
        source: `${source}:627-643`,
      }),
    ],
  }),
  targetPort: s.number(),
});

function isPlainHttp(at: Site): boolean {
  return textField(field(itemOf(at, "servers"), "port"), "protocol").toUpperCase() === "HTTP";
}

const secretKind: FieldRow = s.rewrite(
  "gateway/credential-kind",
  "E2",
  (value) => (typeof value === "string" ? value.replace(/^kubernetes:\/\//, "") : value),
  {
    reason: "A credential is a Kubernetes Secret unless it says otherwise.",
    source: "istio pilot/pkg/model/credentials/resource.go:79-94",
  },
);

const tls: Field = serverTls("gateway", {
  credential: [secretKind],
  rows: [
    s.absent(
      "gateway/http-tls",
      "E2",
      {},
      {
        reason: "On an HTTP port tls only says whether to redirect to HTTPS.",
        source: `${source}:501, 536`,
        when: isPlainHttp,
      },
    ),
    s.trap("gateway/tls-empty", [undefined, {}], {
      reason: "An empty block passes TLS through to the workload.",
      source: "istio.io/api networking/v1alpha3/gateway.proto:397; istio pkg/config/gateway/gateway.go:24-80",
    }),
  ],
});

const serverGround = {
  reason: "A server is known by the name of its port.",
  source: `istio pkg/config/validation/validation.go:411-424; ${merge}:202-455, 583-597`,
};

const serversByPort = s.keyed("gateway/servers", serverGround, ["port", "name"]);

const serversInOrder: Order = s.ordered(
  "gateway/servers-conflict",
  {
    reason:
      "Of servers that want the same port for other protocols, or for hosts that overlap, the first one wins.",
    source: serverGround.source,
  },
  [[["port", "name"]]],
);

function serverOrder(at: Site): Order {
  return areInConflict(listAt(at.value)) ? serversInOrder : serversByPort.choose(at);
}

/** Gateway (networking.istio.io): what a gateway workload listens on. */
export const gateway: KindTable = {
  group: "networking.istio.io",
  kind: "Gateway",
  fields: {
    spec: s.message({
      selector: s.mapOf(s.text()),
      servers: s.listOf(
        s.message({
          port,
          bind: s.text({
            rows: [
              s.trap("gateway/bind-everywhere", [undefined, "0.0.0.0"], {
                reason: "A server with a bind address is merged only with servers of the same address.",
                source: `${merge}:203-208, 310`,
              }),
            ],
          }),
          hosts,
          tls,
          defaultEndpoint: s.text(),
          name: s.text(),
        }),
        s.choice([...serversByPort.orders, serversInOrder], serverOrder),
        { rows: [sharedPortCase] },
      ),
    }),
  },
};
