import * as s from "../shapes.ts";
import { isSet, listAt, lowerCase } from "../sites.ts";
import type { Field, Order, OrderChoice } from "../table.ts";
import { textField } from "../../model/json.ts";
import { backendFields } from "./http-route-backends.ts";
import { byIstio, filledIn, isReadByIstio } from "./http-route-site.ts";

const source = "istio pilot/pkg/config/kube/gateway/conversion.go";
const crd = "gateway-api config/crd/standard/gateway.networking.k8s.io_httproutes.yaml";

/** The name of a header, in any case. */
export const headerName: Field = s.text({
  rows: [
    s.rewrite("http-route/header-name", "E3", lowerCase, {
      reason: "Names of headers are compared without their case.",
      source: "gateway-api apis/v1/httproute_types.go:615",
    }),
  ],
});

/** A list that its CRD declares a map by `name`. */
export function byName(id: string): OrderChoice {
  return s.keyed(
    `http-route/${id}`,
    { reason: "The entries are known by their names.", source: `${crd} (list map by name)` },
    ["name"],
  );
}

function setOf(id: string): Order {
  return s.set(`http-route/${id}`, {
    reason: "The list is a set.",
    source: `${crd} (x-kubernetes-list-type: set)`,
  });
}

/** Envoy sends the text in the order of the list. */
function headerText(id: string): Field {
  return s.listOf(s.text(), { ...setOf(id), level: "E3" });
}

const headerValue: Field = s.message({ name: headerName, value: s.secretText() });

const headerModifier: Field = s.message({
  set: s.listOf(headerValue, byName("headers-set")),
  add: s.listOf(headerValue, byName("headers-add")),
  remove: s.listOf(headerName, setOf("headers-remove")),
});

const requestMirror: Field = s.message({
  backendRef: s.message(backendFields),
  percent: s.present(
    s.number({
      rows: [
        byIstio(
          s.absent("http-route/mirror-percent", "E3", 100, {
            reason: "Without a share everything is mirrored.",
            source: `${source}:1336-1342; Envoy's runtime fraction is absent in one of them`,
            when: (at) => !isSet(at.up?.value, "fraction"),
          }),
        ),
        s.trap("http-route/mirror-percent-zero", [undefined, 0], {
          reason: "0 % mirrors nothing; without a share everything is mirrored.",
          source: `${source}:1336-1342; istio pilot/pkg/networking/core/route/route.go:931`,
        }),
      ],
    }),
  ),
  fraction: s.message({
    numerator: s.number(),
    denominator: s.present(s.number({ rows: [filledIn("mirror-denominator", 100)] })),
  }),
});

const path: Field = s.message({
  type: s.text(),
  replaceFullPath: s.present(s.text()),
  replacePrefixMatch: s.present(s.text()),
});

const requestRedirect: Field = s.message({
  scheme: s.text(),
  hostname: s.text(),
  path,
  port: s.number(),
  statusCode: s.present(
    s.number({
      rows: [
        filledIn("redirect-status", 302),
        s.trap("http-route/redirect-status-301", [undefined, 301], {
          reason: "301 is the default of VirtualService, not of HTTPRoute.",
          source: "gateway-api apis/v1/httproute_types.go:1295",
        }),
      ],
    }),
  ),
});

const cors: Field = s.message({
  allowOrigins: s.listOf(s.text(), setOf("cors-origins")),
  allowCredentials: s.present(s.boolean()),
  allowMethods: headerText("cors-methods"),
  allowHeaders: headerText("cors-headers"),
  exposeHeaders: headerText("cors-exposed-headers"),
  maxAge: s.present(s.number({ rows: [filledIn("cors-max-age", 5)] })),
});

const externalAuth: Field = s.message({
  protocol: s.text(),
  backendRef: s.message(backendFields),
  grpc: s.message({ allowedHeaders: s.listOf(headerName, setOf("auth-headers")) }),
  http: s.message({
    path: s.text(),
    allowedHeaders: s.listOf(headerName, setOf("auth-headers")),
    allowedResponseHeaders: s.listOf(headerName, setOf("auth-response-headers")),
  }),
  forwardBody: s.message({ maxSize: s.number() }),
});

const filter: Field = s.message({
  type: s.text(),
  requestHeaderModifier: headerModifier,
  responseHeaderModifier: headerModifier,
  requestMirror,
  requestRedirect,
  urlRewrite: s.message({ hostname: s.text(), path }),
  cors,
  externalAuth,
  extensionRef: s.message({ group: s.text(), kind: s.text(), name: s.text() }),
});

const anyOrder: Order = s.bag(
  "http-route/filters",
  {
    reason: "Each kind of filter sets fields of its own in the route; their order does not count.",
    source: `${source}:120-183`,
  },
  [[["type"]]],
);

const inOrder: Order = s.ordered(
  "http-route/filters-in-order",
  {
    reason: "Filters should be applied in the order given.",
    source: "gateway-api apis/v1/httproute_types.go (HTTPRouteRule.filters)",
  },
  [[["type"]]],
);

/** Istio folds filters into fields of the route, one field a kind; only mirrors may be several. */
const filterOrder: OrderChoice = s.choice([anyOrder, inOrder], (at) => {
  const types = listAt(at.value)
    .map((item) => textField(item, "type"))
    .filter((type) => type !== "RequestMirror");
  return new Set(types).size === types.length && isReadByIstio(at) === true ? anyOrder : inOrder;
});

/** What is done to requests and responses on the way. */
export const filters: Field = s.listOf(filter, filterOrder);
