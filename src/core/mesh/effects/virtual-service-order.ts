import type { CommonItem, Difference } from "../effect.ts";
import { nameAt } from "../effect-values.ts";
import { areDisjoint, takesAllOf } from "../route-match.ts";

/** More routes than these are not named. */
const mostNamed = 2;

/** Of more routes than these nobody is told which changed places: every pair of them would have to be looked at. */
const mostCompared = 100;

const anyOther = "first match wins: another route may be taken";

/**
 * What another order of routes means: the first match wins, so a route behind one that takes all of its requests can
 * no longer match.
 */
export function tellNewOrder({ reordered }: Difference): string | undefined {
  if (reordered === undefined) return undefined;
  if (reordered.live.length > mostCompared) return anyOther;
  const swaps = swapsOf(reordered.desired, reordered.live);
  const dead = unique(
    swaps.filter(([first, then]) => takesAllOf(first.live, then.live)).map(([, then]) => then),
  );
  if (dead.length > 0) return `first match wins: ${listed(dead)} can no longer match`;
  const alive = unique(
    swaps.filter(([first, then]) => takesAllOf(then.desired, first.desired)).map(([first]) => first),
  );
  if (alive.length > 0) return `first match wins: ${listed(alive)} could not match before and does now`;
  const [swap] = swaps;
  if (swap === undefined) return anyOther;
  const more = swaps.length > 1 ? `, and ${String(swaps.length - 1)} more changed places` : "";
  return `first match wins: what fits both goes to ${nameOfRoute(swap[0])}, no longer to ${nameOfRoute(swap[1])}${more}`;
}

/** Routes that changed places and that a request may both fit: the one that is asked first now, and the other. */
function swapsOf(
  before: readonly CommonItem[],
  after: readonly CommonItem[],
): readonly (readonly [CommonItem, CommonItem])[] {
  const place = new Map(before.map((item, index) => [item, index]));
  return after.flatMap((first, i) =>
    after
      .slice(i + 1)
      .filter((then) => (place.get(then) ?? 0) < (place.get(first) ?? 0))
      .filter((then) => !areDisjoint(first.live, then.live) || !areDisjoint(first.desired, then.desired))
      .map((then) => [first, then] as const),
  );
}

function unique(items: readonly CommonItem[]): readonly CommonItem[] {
  return [...new Set(items)];
}

function listed(items: readonly CommonItem[]): string {
  const named = items.slice(0, mostNamed).map(nameOfRoute).join(" and ");
  return items.length > mostNamed ? `${named} and ${String(items.length - mostNamed)} more` : named;
}

/** A route by its name, else by the place that it has in Git. */
function nameOfRoute({ label, live }: CommonItem): string {
  const name = nameAt(live, "name");
  return name === undefined ? `the route at [${label}]` : `\`${name}\``;
}
