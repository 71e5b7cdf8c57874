import { field, isList, type Json, textField } from "../../model/json.ts";
import type { RawPath } from "../../model/path.ts";

/** A destination of a route, whatever its kind. */
export interface Destination {
  readonly host: string;
  readonly subset: string;
  readonly weight: number;
}

/** A mirror of a route: what it takes to remove it, and where it goes. */
export interface Mirror {
  readonly paths: readonly RawPath[];
  readonly host: string;
  readonly subset: string;
  readonly percent: number;
}

/** How a kind writes routes. */
export interface RouteShape {
  /** The lists of routes in `spec`. */
  readonly lists: readonly string[];
  /** The list of destinations in a route. */
  readonly destinations: string;
  readonly read: (item: Json, among: number) => Destination;
  readonly mirrorsOf: (route: Json) => readonly Mirror[];
}

/** The first label: "reviews-canary" of "reviews-canary.shop.svc.cluster.local". */
function firstLabel(host: string): string {
  return host.split(".")[0] ?? "";
}

function numberOr(value: Json | undefined, absent: number): number {
  return typeof value === "number" ? value : absent;
}

/**
 * Weights of a VirtualService: the only destination gets everything, of several one without a weight gets nothing.
 * Source: istio.io/api networking/v1alpha3/virtual_service.proto (HTTPRouteDestination.weight)
 */
const virtualService: RouteShape = {
  lists: ["http", "tls", "tcp"],
  destinations: "route",
  read: (item, among) => {
    const destination = field(item, "destination");
    return {
      host: firstLabel(textField(destination, "host")),
      subset: textField(destination, "subset"),
      weight: numberOr(field(item, "weight"), among === 1 ? 100 : 0),
    };
  },
  mirrorsOf: (route) => {
    const mirror = field(route, "mirror");
    if (mirror === undefined || mirror === null) return [];
    const percent = numberOr(
      field(field(route, "mirrorPercentage"), "value"),
      numberOr(field(route, "mirrorPercent"), 100),
    );
    return [
      {
        paths: [["mirror"], ["mirrorPercentage"], ["mirrorPercent"]],
        host: firstLabel(textField(mirror, "host")),
        subset: textField(mirror, "subset"),
        percent,
      },
    ];
  },
};

/**
 * Weights of Gateway API: one that is absent is 1.
 * Source: sigs.k8s.io/gateway-api apis/v1/shared_types.go (BackendRef.Weight)
 */
const gatewayRoute: RouteShape = {
  lists: ["rules"],
  destinations: "backendRefs",
  read: (item) => ({
    host: textField(item, "name"),
    subset: "",
    weight: numberOr(field(item, "weight"), 1),
  }),
  mirrorsOf: (rule) =>
    itemsOf(rule, "filters").flatMap((filter, index): readonly Mirror[] => {
      if (textField(filter, "type") !== "RequestMirror") return [];
      const mirror = field(filter, "requestMirror");
      const percent = numberOr(field(mirror, "percent"), 100);
      const host = textField(field(mirror, "backendRef"), "name");
      return [{ paths: [["filters", index]], host, subset: "", percent }];
    }),
};

const shapes: ReadonlyMap<string, RouteShape> = new Map([
  ["networking.istio.io/VirtualService", virtualService],
  ...["HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute"].map(
    (kind) => [`gateway.networking.k8s.io/${kind}`, gatewayRoute] as const,
  ),
]);

/** How a kind writes routes; undefined where it has none. */
export function routeShapeOf({ group, kind }: { group: string; kind: string }): RouteShape | undefined {
  return shapes.get(`${group}/${kind}`);
}

/** The items of a list field; none where it is no list. */
export function itemsOf(value: Json | undefined, name: string): readonly Json[] {
  const items = field(value, name);
  return isList(items) ? items : [];
}

/** The destinations of a route. */
export function destinationsOf(route: Json, { destinations, read }: RouteShape): readonly Destination[] {
  const items = itemsOf(route, destinations);
  return items.map((item) => read(item, items.length));
}
