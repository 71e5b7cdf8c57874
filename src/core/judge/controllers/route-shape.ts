import { field, isList, isObject, type Json, textField } from "../../model/json.ts";
import type { RawPath } from "../../model/path.ts";

/** A destination of a route, whatever its kind. */
export interface Destination {
  /** As it is written; "name.namespace" where a namespace stands beside the name, "" where it is no Service. */
  readonly host: string;
  readonly subset: string;
  readonly weight: number;
  /** Whether it has nothing beside the Service and the weight, as what a controller adds for a time. */
  readonly isPlain: boolean;
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

/**
 * The Service behind a host, seen from a namespace: "reviews-canary" of "reviews-canary.shop.svc.cluster.local". Undefined
 * where it is one of another namespace, or none.
 */
export function serviceOf(host: string, namespace: string): string | undefined {
  const [name = "", own = namespace, kind = "svc"] = host.split(".");
  return name !== "" && own === namespace && kind === "svc" ? name : undefined;
}

function hasOnly(value: Json, names: readonly string[]): boolean {
  return isObject(value) && Object.keys(value).every((name) => names.includes(name));
}

/** The host that a backendRef of Gateway API means; an absent kind is a Service. */
function hostOf(item: Json | undefined): string {
  const [name, namespace] = [textField(item, "name"), textField(item, "namespace")];
  const isService = textField(item, "group") === "" && ["", "Service"].includes(textField(item, "kind"));
  if (!isService) return "";
  return namespace === "" ? name : `${name}.${namespace}`;
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
      host: textField(destination, "host"),
      subset: textField(destination, "subset"),
      weight: numberOr(field(item, "weight"), among === 1 ? 100 : 0),
      isPlain: hasOnly(item, ["destination", "weight"]),
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
        host: textField(mirror, "host"),
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
    host: hostOf(item),
    subset: "",
    weight: numberOr(field(item, "weight"), 1),
    isPlain: hasOnly(item, ["group", "kind", "namespace", "name", "port", "weight"]),
  }),
  mirrorsOf: (rule) =>
    itemsOf(rule, "filters").flatMap((filter, index): readonly Mirror[] => {
      if (textField(filter, "type") !== "RequestMirror") return [];
      const mirror = field(filter, "requestMirror");
      const percent = numberOr(field(mirror, "percent"), 100);
      const host = hostOf(field(mirror, "backendRef"));
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
