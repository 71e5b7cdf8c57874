import { areDisjoint } from "../route-match.ts";
import * as s from "../shapes.ts";
import { listAt } from "../sites.ts";
import type { Field, Order, Site } from "../table.ts";
import { destination, destinationNames, matchGateways, singleWeight } from "./virtual-service-parts.ts";

const tlsSource = "istio pilot/pkg/networking/core/tls.go";

const destinations: Field = s.listOf(
  s.messageBy([singleWeight], { destination, weight: s.number() }),
  s.bag(
    "virtual-service/l4-destinations",
    {
      reason: "The split of connections follows the weights, not the order.",
      source: "istio pilot/pkg/networking/core/networkfilter.go:279-288, 375-385",
    },
    destinationNames,
  ),
);

function anyOf(name: string, reason: string): Order {
  return s.set(`virtual-service/${name}`, { reason, source: `${tlsSource}:98-101` });
}

const l4Match: Readonly<Record<string, Field>> = {
  destinationSubnets: s.listOf(s.text(), anyOf("subnets", "Any of the subnets matches.")),
  port: s.number(),
  sourceLabels: s.mapOf(s.text()),
  // Labels and namespace of the source are asked for beside the gateways, so naming all of them narrows nothing.
  gateways: matchGateways(`${tlsSource}:40-80 (matchTLS, matchTCP)`, () => false),
  sourceNamespace: s.text(),
};

const anyTlsMatch: Order = anyOf("tls-match", "A route is taken if any of its matches fits.");

const leakingMatch: Order = s.ordered("virtual-service/tls-match-subnets", {
  reason: "The destination subnets of a match hold for the matches behind it too, so order counts.",
  source: `${tlsSource}:143-160`,
});

function tlsMatchOrder(at: Site): Order {
  const named = listAt(at.value).some((match) => listAt(match, "destinationSubnets").length > 0);
  return named ? leakingMatch : anyTlsMatch;
}

function disjoint(name: string): s.Ground & { readonly id: string } {
  return {
    id: `virtual-service/${name}`,
    reason: "Two routes that no connection fits both may stand in either order.",
    source: `${tlsSource}:40-80, 98-166, 254-300`,
  };
}

/** TLS routes: connections by the name that the client asks for. */
export const tlsRoutes: Field = s.listOf(
  s.message({
    match: s.listOf(
      s.message({
        ...l4Match,
        sniHosts: s.listOf(s.text(), anyOf("sni-hosts", "Any of the names matches.")),
      }),
      s.choice([anyTlsMatch, leakingMatch], tlsMatchOrder),
    ),
    route: destinations,
  }),
  s.commuting(
    s.ordered("virtual-service/tls", {
      reason: "The first TLS route that matches is taken.",
      source: `${tlsSource}:116-166`,
    }),
    areDisjoint,
    disjoint("tls-disjoint"),
  ),
);

/** TCP routes: connections by address and port. */
export const tcpRoutes: Field = s.listOf(
  s.message({
    match: s.listOf(
      s.message({ ...l4Match, sourceSubnet: s.text() }),
      s.set("virtual-service/tcp-match", {
        reason: "Any of the matches is enough.",
        source: `${tlsSource}:278-298`,
      }),
    ),
    route: destinations,
  }),
  s.commuting(
    s.ordered("virtual-service/tcp", {
      reason: "The first TCP route that matches is taken.",
      source: `${tlsSource}:254-300`,
    }),
    areDisjoint,
    disjoint("tcp-disjoint"),
  ),
);
