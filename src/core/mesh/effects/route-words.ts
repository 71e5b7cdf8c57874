import type { Difference } from "../effect.ts";
import { eitherSide, hostName, itemAround, itemsOf, nameAt, times, valueAt } from "../effect-values.ts";
import { nodeAtNames } from "../place.ts";
import type { Node } from "../table.ts";

/** How sentences about routes speak of requests and of where they go. */

/** What requests of the route around a difference go to: the one host of its destinations, else nothing. */
function servedBy(at: Difference): string | undefined {
  const route = ["http", "tls", "tcp"]
    .map((list) => itemAround(at, list))
    .find((found) => found !== undefined);
  const node = eitherSide(route);
  const destinations = node && nodeAtNames(node, ["route"]);
  const hosts = new Set(
    itemsOf(destinations).map((item) => hostName(nodeAtNames(item, ["destination", "host"]))),
  );
  const [host] = hosts;
  return hosts.size === 1 ? host : undefined;
}

/** "requests to reviews", or "requests" where they go to several hosts. */
export function requests(at: Difference): string {
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
  const host = node && nodeAtNames(node, ["destination", "host"]);
  return nameAt(node, "destination", "subset") ?? hostName(host);
}

/** The share of a destination among all of its route, in percent; the only one gets everything. */
function share(list: Node | undefined, item: Node | undefined): number | undefined {
  const items = itemsOf(list);
  if (item === undefined) return 0;
  if (items.length === 1) return 100;
  const weights = items.map((one) => valueAt(one, "weight") ?? 0);
  const total = weights.reduce<number>((sum, weight) => sum + (typeof weight === "number" ? weight : NaN), 0);
  const own = valueAt(item, "weight") ?? 0;
  return typeof own === "number" && total > 0 ? (100 * own) / total : undefined;
}

function percent(value: number): string {
  return `${String(Math.round(value * 10) / 10)} %`;
}

/** "10 % -> 50 % to v2" */
export function newShare(at: Difference): string | undefined {
  const item = itemAround(at, "route");
  if (item === undefined) return undefined;
  const { desired, live, up } = item;
  const name = destinationName(eitherSide(item));
  const [before, after] = [share(up?.desired, desired), share(up?.live, live)];
  if (name === undefined || before === undefined || after === undefined) return undefined;
  return before === after
    ? `${percent(after)} to ${name} as before`
    : `${percent(before)} -> ${percent(after)} to ${name}`;
}

/** A route as people call it: its name, else what it leads to. */
export function routeName(at: Difference): string {
  const node = eitherSide(at);
  const named = nameAt(node, "name");
  if (named !== undefined) return `route ${named}`;
  const host = servedBy(at);
  return host === undefined ? "a route" : `a route to ${host}`;
}
