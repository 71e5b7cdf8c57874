import { field, textField } from "../../model/json.ts";
import { areDisjoint } from "../route-match.ts";
import * as s from "../shapes.ts";
import { listAt, wholeNumber } from "../sites.ts";
import type { Field, FieldRow, Order, Site } from "../table.ts";
import { cors } from "./virtual-service-cors.ts";
import { fault } from "./virtual-service-fault.ts";
import { matches } from "./virtual-service-match.ts";
import { mirrorFields, mirrorPercentAlias, mirrorPercentTwin, mirrorTwin } from "./virtual-service-mirror.ts";
import {
  destination,
  destinationNames,
  emptyHeaders,
  headers,
  routeName,
  singleWeight,
} from "./virtual-service-parts.ts";
import { retries } from "./virtual-service-retries.ts";
import { hashesApart, standsAlone } from "./virtual-service-site.ts";

const route = "istio pilot/pkg/networking/core/route/route.go";

const destinations: Order = s.bag(
  "virtual-service/destinations",
  { reason: "The split of requests follows the weights, not the order.", source: `${route}:690-708` },
  destinationNames,
);

const hashedDestinations: Order = s.ordered(
  "virtual-service/destinations-hashed",
  {
    reason:
      "Where several destinations hash in their own ways, the hash of the first that has a value counts.",
    source: `${route}:568-579, 690-708`,
  },
  destinationNames,
);

function destinationOrder(at: Site): Order {
  const apart = hashesApart(at);
  if (typeof apart !== "boolean") return { ...hashedDestinations, ...apart };
  return apart ? hashedDestinations : destinations;
}

/** 50 to 50 is 1 to 1: the weights without what all of them have in common. */
const proportion: FieldRow = s.rewrite(
  "virtual-service/weight-proportion",
  "E3",
  (value, at) => {
    const weight = wholeNumber(value);
    const common = commonDivisor(at);
    return weight === undefined || common < 2 ? value : weight / common;
  },
  {
    reason: "Weights are proportions: 50 and 50 split as 1 and 1 do.",
    source: "istio.io/api networking/v1alpha3/virtual_service.proto:945",
  },
);

/** What all weights around can be divided by; 1 where one of them is no number. */
function commonDivisor(at: Site): number {
  const weights = listAt(at.up?.up?.value).map((item) => wholeNumber(field(item, "weight") ?? 0));
  return weights.reduce<number>((a, b) => (b === undefined ? 1 : divisor(a, b)), 0);
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

const idleDestination: FieldRow = s.trap(
  "virtual-service/destination-idle",
  [
    [
      { destination: { host: "a.b" }, weight: 100 },
      { destination: { host: "c.d" }, weight: 0 },
    ],
    [{ destination: { host: "a.b" }, weight: 100 }],
  ],
  {
    reason: "A destination of weight 0 gets no request, but its Service still is one that sidecars know.",
    source: `${route}:692-696; istio pilot/pkg/model/push_context.go:806-870; pilot/pkg/model/sidecar.go:395`,
  },
);

const weightedDestination: Field = s.messageBy([singleWeight], {
  destination,
  weight: s.number({ rows: [proportion] }),
  headers: headers({ rows: [emptyHeaders()] }),
});

const derivePort: Field = s.present(
  s.enumeration("FROM_PROTOCOL_DEFAULT", {
    rows: [
      s.absent("virtual-service/derive-port", "E2", "FROM_PROTOCOL_DEFAULT", {
        reason: "The port follows from the protocol unless it is told otherwise.",
        source: `${route}:800-812`,
      }),
    ],
  }),
);

/** The port that goes without saying. Where the scheme is that of the request, the port depends on it too. */
function schemePort(at: Site): number | undefined {
  const scheme = textField(at.up?.value, "scheme");
  return scheme === "https" ? 443 : scheme === "http" ? 80 : undefined;
}

const redirect: Field = s.message({
  uri: s.text(),
  authority: s.text(),
  port: s.present(
    s.number({
      rows: [
        s.absent("virtual-service/redirect-port", "E2", schemePort, {
          reason: "Port 80 of http and 443 of https are left out of a redirect.",
          source: `${route}:821-827`,
        }),
      ],
    }),
  ),
  derivePort,
  scheme: s.text(),
  redirectCode: s.number({
    rows: [
      s.absent("virtual-service/redirect-code", "E2", 301, {
        reason: "A redirect without a code is a 301.",
        source: `${route}:830-832`,
      }),
      s.trap("virtual-service/redirect-code-302", [undefined, 302], {
        reason: "302 is the default of HTTPRoute, not of VirtualService.",
        source: `${route}:830-832`,
      }),
    ],
  }),
});

const rewrite: Field = s.message(
  {
    uri: s.text(),
    authority: s.text(),
    uriRegexRewrite: s.message({ match: s.text(), rewrite: s.text() }),
  },
  {
    rows: [
      s.trap("virtual-service/rewrite-empty", [undefined, {}], {
        reason: "An empty rewrite still changes what Envoy does with the host it forwards.",
        source: `${route}:625-631`,
      }),
    ],
  },
);

const delegate: Field = s.message({
  name: s.text(),
  namespace: s.text({
    rows: [
      s.absent("virtual-service/delegate-namespace", "E2", (at) => at.object.key.namespace, {
        reason: "A delegate without a namespace stands in the object's own.",
        source: "istio pilot/pkg/model/virtualservice_controller.go:305-308",
      }),
    ],
  }),
});

const timeout: Field = s.duration({
  rows: [
    s.absent("virtual-service/timeout-none", "E2", "0s", {
      reason: "Requests have no time limit unless they are given one.",
      source: `${route}:1331-1352; istio pilot/pkg/model/virtualservice.go:236`,
      when: standsAlone,
    }),
  ],
});

const httpRoute: Field = s.messageBy([mirrorPercentAlias, mirrorPercentTwin, mirrorTwin], {
  name: s.text({ rows: [routeName] }),
  match: matches,
  route: s.listOf(weightedDestination, s.choice([destinations, hashedDestinations], destinationOrder), {
    rows: [idleDestination],
  }),
  redirect,
  directResponse: s.message({
    status: s.number(),
    body: s.message({ string: s.present(s.secretText()), bytes: s.present(s.bytes({ secret: true })) }),
  }),
  delegate,
  rewrite,
  timeout,
  retries,
  fault,
  ...mirrorFields,
  corsPolicy: cors,
  headers: headers({ rows: [emptyHeaders(standsAlone)] }),
});

const firstMatch: Order = s.ordered(
  "virtual-service/http",
  {
    reason: "The first route that matches is taken.",
    source: `${route}:415-437; istio.io/api networking/v1alpha3/virtual_service.proto:200`,
  },
  [[["name"]]],
);

/** The HTTP routes of a VirtualService. */
export const httpRoutes: Field = s.listOf(
  httpRoute,
  s.commuting(firstMatch, areDisjoint, {
    id: "virtual-service/http-disjoint",
    reason: "Two routes that no request fits both may stand in either order.",
    source: `${route}:415-437, 1059-1240`,
  }),
);
