import * as s from "../shapes.ts";
import { itemOf, scalarText } from "../sites.ts";
import { field } from "../../model/json.ts";
import { targetRefs } from "../targets.ts";
import type { Field, FieldRow, KindTable, Order, Site } from "../table.ts";
import { plainEnvoyValue } from "./envoy-values.ts";

const source = "istio pilot/pkg/model/envoyfilter.go";
const attachment = "istio pilot/pkg/model/policyattachment.go";

/** Kinds of Envoy objects that have no place among others to be inserted at. */
const withoutPlaces = new Set([
  ...["LISTENER", "FILTER_CHAIN", "ROUTE_CONFIGURATION", "VIRTUAL_HOST"],
  ...["CLUSTER", "EXTENSION_CONFIG", "BOOTSTRAP"],
]);

function applyTo(at: Site): string {
  return scalarText(field(itemOf(at, "configPatches"), "applyTo"));
}

const insertIsAdd: FieldRow = s.rewrite(
  "envoy-filter/insert-is-add",
  "E2",
  (value) => (/^INSERT_(?:BEFORE|AFTER|FIRST)$/.test(scalarText(value)) ? "ADD" : value),
  {
    reason: "Only filters and HTTP routes are inserted at a place; anything else is added.",
    source: `${source}:206-217`,
    when: (at) => withoutPlaces.has(applyTo(at)),
  },
);

const valueSpelling: FieldRow = s.rewrite(
  "envoy-filter/value-spelling",
  "E2",
  (value, at) => plainEnvoyValue(value, applyTo(at)),
  {
    reason:
      "Fields of Envoy's messages have two names (connect_timeout, connectTimeout), and a duration is the time it lasts.",
    source: "istio pkg/config/xds/xds.go:35-90; golang/protobuf jsonpb/decode.go:159-175, 268-282",
  },
);

const portNumber = s.number();
const named = s.message({ name: s.text() });

const listener: Field = s.message({
  portNumber,
  portName: s.text(),
  filterChain: s.message({
    name: s.text(),
    sni: s.text(),
    transportProtocol: s.text(),
    applicationProtocols: s.text(),
    filter: s.message({ name: s.text(), subFilter: named }),
    destinationPort: s.number(),
  }),
  listenerFilter: s.text(),
  name: s.text(),
});

const routeConfiguration: Field = s.message({
  portNumber,
  portName: s.text(),
  gateway: s.text(),
  vhost: s.message({
    name: s.text(),
    domainName: s.text(),
    route: s.message({ name: s.text(), action: s.enumeration("ANY") }),
  }),
  name: s.text(),
});

const match: Field = s.message(
  {
    context: s.enumeration("ANY"),
    // What proxies tell of themselves holds their environment.
    proxy: s.message({ proxyVersion: s.text(), metadata: s.mapOf(s.secretText()) }),
    listener,
    routeConfiguration,
    cluster: s.message({ portNumber, service: s.text(), subset: s.text(), name: s.text() }),
    waypoint: s.message({
      portNumber,
      route: named,
      filter: s.message({ name: s.text(), subFilter: named }),
    }),
  },
  {
    rows: [
      s.absent(
        "envoy-filter/match-everything",
        "E2",
        {},
        { reason: "Without a match a patch is for everything.", source: `${source}:183-185` },
      ),
    ],
  },
);

const patch: Field = s.message({
  operation: s.enumeration("INVALID", { rows: [insertIsAdd] }),
  // Envoy's own configuration, which may hold anything: keys, code, passwords of clusters.
  value: { shape: { type: "free" }, rows: [valueSpelling] },
  filterClass: s.enumeration("UNSPECIFIED"),
});

const patchOrder: Order = {
  id: "envoy-filter/patches",
  level: "E2",
  type: "ordered",
  within: "applyTo",
  reason: "Patches are applied in order among those for the same kind of Envoy object (applyTo).",
  source: `${source}:157-219; istio.io/api networking/v1alpha3/envoy_filter.proto:972-990`,
  identity: [[["applyTo"]], [["applyTo"], ["match", "context"]]],
};

/** A field that Istio has given up: its decoder ignores it and the API server drops it. */
function givenUp(name: string): Field {
  const row = s.rewrite(`envoy-filter/given-up-${name}`, "E1", () => undefined, {
    reason: "Istio has given this field up and reads it no more.",
    source:
      "istio.io/api networking/v1alpha3/envoy_filter.proto (reserved); golang/protobuf jsonpb/decode.go (AllowUnknownFields)",
  });
  return { shape: { type: "free" }, rows: [row] };
}

/** EnvoyFilter (networking.istio.io): changes to the configuration that istiod makes for Envoy. */
export const envoyFilter: KindTable = {
  group: "networking.istio.io",
  kind: "EnvoyFilter",
  fields: {
    spec: s.message({
      workloadSelector: s.message(
        { labels: s.mapOf(s.text()) },
        {
          rows: [
            s.absent(
              "envoy-filter/selects-all",
              "E2",
              {},
              {
                reason: "An empty selector is for all workloads, as none is.",
                source: `${source}:135-137, 69-76; ${attachment}:109-112`,
              },
            ),
          ],
        },
      ),
      targetRefs,
      configPatches: s.listOf(s.message({ applyTo: s.enumeration("INVALID"), match, patch }), patchOrder),
      priority: s.number(),
      workloadLabels: givenUp("labels"),
      filters: givenUp("filters"),
    }),
  },
};
