import { type Json, textField } from "../../model/json.ts";
import * as s from "../shapes.ts";
import { listAt } from "../sites.ts";
import type { Field, FieldRow, KindTable, Order, OrderChoice } from "../table.ts";
import { backendRefs, ownNamespace } from "./http-route-backends.ts";
import { byName, filters, headerName } from "./http-route-filters.ts";
import { byIstio, filledIn, hasTies, isReadByIstio, orderByIstio, withoutSlash } from "./http-route-site.ts";

const source = "istio pilot/pkg/config/kube/gateway/conversion.go";
const types = "gateway-api apis/v1/httproute_types.go";

const parentRefs: Field = s.listOf(
  s.message({
    group: s.present(s.text({ rows: [filledIn("parent-group", "gateway.networking.k8s.io")] })),
    kind: s.present(s.text({ rows: [filledIn("parent-kind", "Gateway")] })),
    namespace: s.text({ rows: [ownNamespace("parent-namespace", `${source}:552-563`)] }),
    name: s.text(),
    sectionName: s.text(),
    port: s.number(),
  }),
  orderByIstio(
    s.set(
      "http-route/parents",
      {
        reason: "The route belongs to every parent; their order does not count.",
        source: "istio pilot/pkg/config/kube/gateway/route_collections.go:166-172",
      },
      [[["name"]], [["name"], ["sectionName"]], [["name"], ["port"]]],
    ),
  ),
);

const trailingSlash: FieldRow = byIstio(
  s.rewrite(
    "http-route/prefix-slash",
    "E2",
    (value) => (typeof value === "string" ? withoutSlash(value) : value),
    {
      reason: "A slash at the end of a path prefix is ignored.",
      source: `${source}:1633-1640; ${types}:508`,
      when: (at) => (textField(at.up?.value, "type") || "PathPrefix") === "PathPrefix",
    },
  ),
);

const path: Field = s.message(
  {
    type: s.present(s.text({ rows: [filledIn("path-type", "PathPrefix")] })),
    value: s.present(s.text({ rows: [trailingSlash, filledIn("path-value", "/")] })),
  },
  { rows: [filledIn("path", {})] },
);

function valueMatch(name: Field, id: string): Field {
  return s.listOf(
    s.message({
      type: s.present(s.text({ rows: [filledIn(`${id}-type`, "Exact")] })),
      name,
      value: s.secretText(),
    }),
    byName(id),
  );
}

const match: Field = s.message({
  path,
  headers: valueMatch(headerName, "header-match"),
  queryParams: valueMatch(s.text(), "query-match"),
  method: s.text(),
});

/** A list whose absence the API server fills in; the empty list is left as it is. */
const matches: Field = s.present(
  s.listOf(
    match,
    orderByIstio(
      s.set(
        "http-route/matches",
        {
          reason: "Any of the matches is enough; the most specific one is tried first, in whatever order.",
          source: `${source}:460-490`,
        },
        [[["path", "value"]]],
      ),
    ),
    { rows: [filledIn("matches", [{}])] },
  ),
);

const retry: Field = s.message(
  {
    codes: s.listOf(
      s.number(),
      s.ordered("http-route/retry-codes", {
        reason: "Istio joins the codes into one text in this order.",
        source: `${source}:186-205`,
      }),
    ),
    attempts: s.present(
      s.number({
        rows: [
          byIstio(
            s.absent("http-route/retry-attempts", "E2", 2, {
              reason: "Two attempts are made unless told otherwise.",
              source: `${source}:186-205`,
            }),
          ),
          s.trap("http-route/retry-attempts-zero", [undefined, 0], {
            reason: "0 turns retries off.",
            source: `${source}:186-205`,
          }),
        ],
      }),
    ),
    backoff: s.duration(),
  },
  {
    rows: [
      s.trap("http-route/retry-empty", [undefined, {}], {
        reason: "An empty block retries on fewer conditions than the mesh's default.",
        source: `${source}:186-205`,
      }),
    ],
  },
);

const timeouts: Field = s.message(
  {
    request: s.duration({
      rows: [
        byIstio(
          s.absent("http-route/timeout-none", "E2", "0s", {
            reason: "Requests have no time limit unless they are given one.",
            source: `${source}:211-217`,
          }),
        ),
      ],
    }),
    backendRequest: s.duration(),
  },
  {
    rows: [
      byIstio(
        s.absent(
          "http-route/timeouts-empty",
          "E2",
          {},
          { reason: "A block without a time limit sets none.", source: `${source}:211-228` },
        ),
      ),
    ],
  },
);

const sessionPersistence: Field = s.message({
  sessionName: s.text(),
  absoluteTimeout: s.duration(),
  idleTimeout: s.duration(),
  type: s.present(s.text({ rows: [filledIn("session-type", "Cookie")] })),
  cookieConfig: s.message({
    lifetimeType: s.present(s.text({ rows: [filledIn("session-lifetime", "Session")] })),
  }),
});

const rule: Field = s.message({
  name: s.text(),
  matches,
  filters,
  backendRefs: backendRefs(filters),
  timeouts,
  retry,
  sessionPersistence,
});

const ruleNames: Order["identity"] = [[["name"]]];

const rulesAnyOrder: Order = s.bag(
  "http-route/rules",
  {
    reason:
      "Rules are tried by how specific their matches are, and no two of these are equally so for one request.",
    source: `${source}:460-490 (sortHTTPRoutes)`,
  },
  ruleNames,
);

const rulesInOrder: Order = s.ordered(
  "http-route/rules-in-order",
  {
    reason: "Of matches that are equally specific the first one is taken.",
    source: `${source}:460-490 (sortHTTPRoutes)`,
  },
  ruleNames,
);

const ruleOrder: OrderChoice = s.choice([rulesAnyOrder, rulesInOrder], (at) =>
  isReadByIstio(at) === true && !hasTies(listAt(at.value)) ? rulesAnyOrder : rulesInOrder,
);

const oneRule: Json = [{}];

/** HTTPRoute (gateway.networking.k8s.io): routing of requests that come by a Gateway or to a Service. */
export const httpRoute: KindTable = {
  group: "gateway.networking.k8s.io",
  kind: "HTTPRoute",
  fields: {
    spec: s.message({
      parentRefs,
      useDefaultGateways: s.text(),
      hostnames: s.listOf(
        s.text(),
        orderByIstio(
          s.set("http-route/hostnames", {
            reason: "The route is for every name; their order does not count.",
            source: "istio pilot/pkg/config/kube/gateway/route_collections.go:166-172",
          }),
        ),
      ),
      rules: s.present(s.listOf(rule, ruleOrder, { rows: [filledIn("rules", oneRule)] })),
    }),
  },
};
