import { field, type Json, type JsonObject, sameJson, textField } from "../../model/json.ts";
import { type RawPath, toPointer } from "../../model/path.ts";
import { canaryPart, formatSplit, type Part, type RoutesWanted, type Split, stablePart } from "./drive.ts";
import type { Edit } from "./edit.ts";
import { type Destination, destinationsOf, itemsOf, type Mirror, type RouteShape } from "./route-shape.ts";
import { joinUndos, nothingToUndo, type Undo, type Wrong } from "./undo.ts";
import { undoCookies } from "./undo-cookies.ts";

/** A route of one side and where it stands. */
interface Placed {
  readonly route: Json;
  readonly path: RawPath;
}

/** A route that both sides have. */
interface RoutePair {
  readonly live: Placed;
  readonly desired: Placed;
}

/**
 * Takes from the routes of a live object what its controller has set and wants so: weights, mirrors, routes and
 * destinations that it adds for a time. Everything else stays.
 */
export function undoRoutes(
  desired: JsonObject,
  live: JsonObject,
  wanted: RoutesWanted,
  shape: RouteShape,
): Undo {
  return joinUndos(
    shape.lists.map((list) => {
      const sides = { desired: placed(desired, list), live: placed(live, list) };
      const added = undoAdded(sides, wanted, shape);
      const gone = new Set(added.edits.map(({ path }) => toPointer(path)));
      const rest = sides.live.filter(({ path }) => !gone.has(toPointer(path)));
      const pairs = pairUp(sides.desired, rest, wanted, shape);
      return joinUndos([added, ...pairs.map((pair) => undoRoute(pair, wanted, shape))]);
    }),
  );
}

function placed(object: JsonObject, list: string): readonly Placed[] {
  return itemsOf(field(object, "spec"), list).map((route, index) => ({ route, path: ["spec", list, index] }));
}

interface Sides {
  readonly desired: readonly Placed[];
  readonly live: readonly Placed[];
}

/** Routes that only live has, where the controller adds such. */
function undoAdded({ desired, live }: Sides, wanted: RoutesWanted, shape: RouteShape): Undo {
  const names = new Set(desired.map(({ route }) => textField(route, "name")).filter((name) => name !== ""));
  const isNew = ({ route }: Placed): boolean =>
    !names.has(textField(route, "name")) && !desired.some((other) => sameJson(other.route, route));
  const routes = live.map(({ route }) => route);
  const driven = routes.filter((route) => wanted.isDriven(route, routes, shape));
  const undos = live.filter(isNew).map(({ route, path }): Undo => {
    const verdict = wanted.judgeAdded({ route, driven }, shape);
    if (verdict === "foreign") return nothingToUndo;
    const what = textField(route, "name") === "" ? "a route" : `route ${textField(route, "name")}`;
    if (verdict === "in-step") return { edits: [{ path }], wrong: [], says: [`${what} for now`] };
    const wrong = {
      live: [toPointer(path)],
      desired: [],
      expected: `no such ${what}`,
      found: `${what} as it stands`,
    };
    return { ...nothingToUndo, wrong: [wrong] };
  });
  return joinUndos(undos);
}

/** Which routes are the same: by name where both have one, the others by their order among those that are driven. */
function pairUp(
  desired: readonly Placed[],
  live: readonly Placed[],
  wanted: RoutesWanted,
  shape: RouteShape,
): readonly RoutePair[] {
  const driven = (side: readonly Placed[]): readonly Placed[] => {
    const routes = side.map(({ route }) => route);
    return side.filter(({ route }) => wanted.isDriven(route, routes, shape));
  };
  const [mine, theirs] = [driven(desired), driven(live)];
  const nameOf = ({ route }: Placed): string => textField(route, "name");
  const namesake = (one: Placed, others: readonly Placed[]): Placed | undefined =>
    nameOf(one) === "" ? undefined : others.find((other) => nameOf(other) === nameOf(one));
  const rest = mine.filter((one) => namesake(one, theirs) === undefined);
  let next = 0;
  return theirs.flatMap((one): readonly RoutePair[] => {
    // A name that Git does not have is that of another route.
    const partner = nameOf(one) === "" ? rest[next++] : namesake(one, mine);
    return partner === undefined ? [] : [{ live: one, desired: partner }];
  });
}

function undoRoute(pair: RoutePair, wanted: RoutesWanted, shape: RouteShape): Undo {
  const fitting = wanted.splits.filter((split) => hasWeights(pair.live.route, split, wanted, shape));
  const [split] = fitting;
  if (split === undefined) return { ...nothingToUndo, wrong: [wrongWeights(pair, wanted, shape)] };
  const weights = undoWeights(pair, wanted, shape);
  const cookies = undoCookies(pair.live, pair.desired, wanted, shape);
  const mirrors = undoMirrors(pair, fitting, wanted, shape);
  const isMirrored = mirrors.edits.length > 0;
  const told = isMirrored ? (fitting.find((one) => one.mirrors !== undefined) ?? split) : split;
  const plain = { weights: told.weights };
  return joinUndos([
    { ...nothingToUndo, says: [formatSplit(isMirrored ? told : plain)] },
    weights,
    cookies,
    mirrors,
  ]);
}

/** The parts that stand in a route, with their positions. */
function partsOf(
  route: Json,
  { partOf }: RoutesWanted,
  shape: RouteShape,
): readonly (Pick<Destination, "weight" | "isPlain"> & { readonly part: Part; readonly index: number })[] {
  return destinationsOf(route, shape).flatMap(({ host, subset, weight, isPlain }, index) => {
    const part = partOf(host, subset);
    return part === undefined ? [] : [{ part, weight, isPlain, index }];
  });
}

function hasWeights(route: Json, { weights }: Split, wanted: RoutesWanted, shape: RouteShape): boolean {
  const parts = partsOf(route, wanted, shape);
  const isThere = (part: Part): boolean => parts.some((one) => one.part === part);
  return (
    parts.every(({ part, weight }) => weight === (weights.get(part) ?? 0)) &&
    [...weights].every(([part, weight]) => weight === 0 || isThere(part))
  );
}

/** Sets the weights that Git has; destinations that Git does not have are taken away, but for those it has to have. */
function undoWeights({ live, desired }: RoutePair, wanted: RoutesWanted, shape: RouteShape): Undo {
  const own = itemsOf(desired.route, shape.destinations);
  const known = partsOf(desired.route, wanted, shape);
  const edits = partsOf(live.route, wanted, shape).flatMap(({ part, index, isPlain }): readonly Edit[] => {
    const path = [...live.path, shape.destinations, index];
    const partner = known.find((one) => one.part === part);
    if (partner === undefined) {
      return part === canaryPart || part === stablePart || !isPlain ? [] : [{ path }];
    }
    const weight = field(own[partner.index], "weight");
    return [{ path: [...path, "weight"], ...(weight !== undefined && { to: weight }) }];
  });
  return { ...nothingToUndo, edits };
}

function wrongWeights({ live, desired }: RoutePair, wanted: RoutesWanted, shape: RouteShape): Wrong {
  const pointersOf = ({ route, path }: Placed): readonly string[] =>
    partsOf(route, wanted, shape).map(({ index }) =>
      toPointer([...path, shape.destinations, index, "weight"]),
    );
  const found = new Map(partsOf(live.route, wanted, shape).map(({ part, weight }) => [part, weight]));
  return {
    live: pointersOf(live),
    desired: pointersOf(desired),
    expected: wanted.splits.map(({ weights }) => formatSplit({ weights })).join(" or "),
    found: formatSplit({ weights: found }),
  };
}

/** Mirrors that Git does not have. */
function undoMirrors(
  { live, desired }: RoutePair,
  fitting: readonly Split[],
  wanted: RoutesWanted,
  shape: RouteShape,
): Undo {
  if (shape.mirrorsOf(desired.route).length > 0) return nothingToUndo;
  const mirrors = shape.mirrorsOf(live.route);
  const isWanted = ({ host, subset, percent }: Mirror): boolean =>
    wanted.partOf(host, subset) === canaryPart && fitting.some((split) => split.mirrors === percent);
  const undos = mirrors.map((mirror): Undo => {
    const paths = mirror.paths.map((path) => [...live.path, ...path]);
    if (isWanted(mirror)) return { ...nothingToUndo, edits: paths.map((path) => ({ path })) };
    const allowed = fitting.flatMap((split) => split.mirrors ?? []);
    const expected = allowed.length === 0 ? "no mirror" : `${allowed.join(" or ")} % mirrored to canary`;
    const found = `${String(mirror.percent)} % mirrored to ${mirror.host}`;
    return { ...nothingToUndo, wrong: [{ live: paths.map(toPointer), desired: [], expected, found }] };
  });
  return joinUndos(undos);
}
