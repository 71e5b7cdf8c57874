import type { Difference, EffectRow, EffectTable } from "../effect.ts";
import {
  eitherSide,
  hostName,
  itemAround,
  itemsAt,
  itemsOf,
  nameAt,
  times,
  valueAt,
} from "../effect-values.ts";
import { added, any, falls, removed, rises, to } from "../effect-words.ts";
import { nodeAtNames } from "../place.ts";
import type { Node } from "../table.ts";

/** How sentences about routes speak of requests and of where they go. */

/** The lists of routes, and what leads on from one: those of VirtualService, then that of Gateway API. */
const routeLists = ["http", "tls", "tcp", "rules"];
const destinationLists = ["route", "backendRefs"];

/** What requests of the route around a difference go to: the one host of its destinations, else nothing. */
function servedBy(at: Difference): string | undefined {
  const route = routeLists.map((list) => itemAround(at, list)).find((found) => found !== undefined);
  const node = eitherSide(route);
  const destinations = destinationLists.flatMap((list) => itemsAt(node, list));
  const hosts = new Set(destinations.map(hostOf));
  const [host] = hosts;
  return hosts.size === 1 ? host : undefined;
}

/** The host of a destination, or the name of a backend. */
function hostOf(destination: Node): string | undefined {
  const namespace = nameAt(destination, "namespace");
  const backend = nameAt(destination, "name");
  if (backend === undefined) return hostName(nodeAtNames(destination, ["destination", "host"]));
  return namespace === undefined ? backend : `${backend}.${namespace}`;
}

/** "requests to reviews", or "requests" where they go to several hosts. */
function requests(at: Difference): string {
  const host = servedBy(at);
  return host === undefined ? "requests" : `requests to ${host}`;
}

/** A sentence about the requests of the route around. */
export function aboutRequests(rest: string): (at: Difference) => string {
  return (at) => `${requests(at)} ${rest}`;
}

/** "requests to reviews may wait 6x longer": how much more or less of it there is. */
export function byTimes(before: string, after: string): (at: Difference) => string {
  return (at) => {
    const factor = times(at);
    return factor === undefined
      ? `${requests(at)} ${before} ${after}`
      : `${requests(at)} ${before} ${factor} ${after}`;
  };
}

/** A destination as people call it: its subset, else its host. */
function destinationName(node: Node | undefined): string | undefined {
  return node && (nameAt(node, "destination", "subset") ?? hostOf(node));
}

/** The share of a destination among all of its route, in percent; the only one gets everything. */
function share(list: Difference, side: "desired" | "live", item: Node | undefined): number | undefined {
  const items = itemsOf(list[side]);
  if (item === undefined) return 0;
  if (items.length === 1) return 100;
  // Where nothing is written, a backend of Gateway API weighs 1.
  const unwritten = list.name === "backendRefs" ? 1 : 0;
  const weights = items.map((one) => valueAt(one, "weight") ?? unwritten);
  const total = weights.reduce<number>((sum, weight) => sum + (typeof weight === "number" ? weight : NaN), 0);
  const own = valueAt(item, "weight") ?? unwritten;
  return typeof own === "number" && total > 0 ? (100 * own) / total : undefined;
}

function percent(value: number): string {
  return `${String(Math.round(value * 10) / 10)} %`;
}

/** "10 % -> 50 % to v2" */
export function newShare(at: Difference): string | undefined {
  const item = destinationLists.map((list) => itemAround(at, list)).find((found) => found !== undefined);
  if (item?.up === undefined) return undefined;
  const { desired, live, up } = item;
  const name = destinationName(eitherSide(item));
  const [before, after] = [share(up, "desired", desired), share(up, "live", live)];
  if (name === undefined || before === undefined || after === undefined) return undefined;
  return before === after
    ? `${percent(after)} to ${name} as before`
    : `${percent(before)} -> ${percent(after)} to ${name}`;
}

/** A route as people call it: its name, else what it leads to. */
function routeName(at: Difference): string {
  const node = eitherSide(at);
  const named = nameAt(node, "name");
  if (named !== undefined) return `route ${named}`;
  const host = servedBy(at);
  return host === undefined ? "a route" : `a route to ${host}`;
}

/** Rows about the time limit of a route. */
export const timeLimitRows: readonly EffectRow[] = [
  to(0, aboutRequests("may wait for ever")),
  added(aboutRequests("get a time limit")),
  removed(aboutRequests("have no time limit any more")),
  rises(byTimes("may wait", "longer")),
  falls(byTimes("are given up", "sooner")),
];

/** Rows about the time limit of each try. */
export const tryLimitRows: readonly EffectRow[] = [
  added("each try gets a time limit of its own"),
  removed("a single try has no time limit of its own"),
  rises(byTimes("may wait", "longer in each try")),
  falls(byTimes("are given up", "sooner in each try")),
];

/** Rows about the matches of a route at a path. */
export function matchRows(path: string): EffectTable {
  return {
    [path]: [
      added("the route takes only some requests"),
      removed("the route takes every request"),
      any("the route takes other requests"),
    ],
    [`${path}[]`]: [
      added("the route takes more requests"),
      removed("the route takes fewer requests"),
      any("the route takes other requests"),
    ],
    [`${path}[].headers`]: [
      added("the route takes only requests with certain headers"),
      removed("the route takes requests whatever their headers"),
      any("the route takes requests with other headers"),
    ],
  };
}

/** Rows about one destination of a route. */
export const destinationRows: readonly EffectRow[] = [
  added((at) => newShare(at) ?? "requests go to one more destination"),
  removed((at) => newShare(at) ?? "requests no longer go to a destination"),
  any("requests of one destination go elsewhere"),
];

/** Rows about one route; `what` goes by it: requests, connections. */
export function routeRows(what: string): readonly EffectRow[] {
  return [
    added((at) => `${what} may take ${routeName(at)}, which Git does not have`),
    removed((at) => `${routeName(at)} is gone: its ${what} go where the next match leads, or nowhere`),
    any((at) => `${routeName(at)} treats ${what} differently`),
  ];
}
