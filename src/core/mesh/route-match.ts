import { itemsAt, itemsOf, valueOf } from "./effect-values.ts";
import { nodeAtNames } from "./place.ts";
import type { Node } from "./table.ts";

/**
 * Which requests two routes of a VirtualService are for: whether none fits both, and whether one takes all of another.
 * Both answers are proofs; where nothing can be shown the answer is no. Facts: istio pilot/pkg/networking/core/route/
 * route.go:415-466, 1059-1240; tls.go:40-160; Envoy matches a header given several times by its values joined.
 */

/** More comparisons of matches than this are not made. */
const mostComparisons = 400;

/** A match of a route; undefined is the match of a route that names none: everything. */
type Match = Node | undefined;

/** Whether no request or connection fits both routes. */
export function areDisjoint(a: Node, b: Node): boolean {
  const [ours, theirs] = [matchesOf(a), matchesOf(b)];
  if (ours.length * theirs.length > mostComparisons) return false;
  return ours.every((x) => theirs.every((y) => contradict(x, y)));
}

/** Whether every request that fits `a` also fits `b`. */
export function takesAllOf(b: Node, a: Node): boolean {
  const [ours, theirs] = [matchesOf(a), matchesOf(b)];
  if (ours.length * theirs.length > mostComparisons) return false;
  return ours.every((x) => theirs.some((y) => implies(x, y)));
}

function matchesOf(route: Node): readonly Match[] {
  const matches = itemsAt(route, "match");
  return matches.length === 0 ? [undefined] : matches;
}

function part(match: Match, ...names: readonly string[]): Node | undefined {
  return match && nodeAtNames(match, names);
}

/** The entries of a map, or the fields of a message. */
function entriesOf(node: Node | undefined): readonly (readonly [string, Node])[] {
  return node?.body.type === "record" ? [...node.body.fields] : [];
}

function contradict(a: Match, b: Match): boolean {
  return (
    ["uri", "scheme", "method", "authority"].some((name) => unlike(part(a, name), part(b, name))) ||
    ["headers", "queryParams"].some((name) => unlikeEntries(part(a, name), part(b, name))) ||
    excludes(part(a, "withoutHeaders"), part(b, "headers")) ||
    excludes(part(b, "withoutHeaders"), part(a, "headers")) ||
    differ(part(a, "port"), part(b, "port")) ||
    areApart(part(a, "gateways"), part(b, "gateways"), (x, y) => x.text === y.text) ||
    areApart(part(a, "sniHosts"), part(b, "sniHosts"), mayBeSameName) ||
    haveOtherSources(a, b)
  );
}

/** Whether no string fits both. Case is not looked at: a match may ignore it. */
function unlike(a: Node | undefined, b: Node | undefined): boolean {
  const [x, y] = [plainMatch(a), plainMatch(b)];
  if (x === undefined || y === undefined) return false;
  const xInY = x.text.startsWith(y.text);
  const yInX = y.text.startsWith(x.text);
  if (x.isExact && y.isExact) return x.text !== y.text;
  if (x.isExact) return !xInY;
  return y.isExact ? !yInX : !xInY && !yInX;
}

/** A match by the whole text or by its beginning; undefined for a pattern, or for nothing. */
function plainMatch(
  match: Node | undefined,
): { readonly isExact: boolean; readonly text: string } | undefined {
  const entries = entriesOf(match);
  const [[name, node] = ["", undefined]] = entries;
  if (entries.length !== 1 || node === undefined || (name !== "exact" && name !== "prefix")) return undefined;
  return { isExact: name === "exact", text: node.text.slice(1, -1).toLowerCase() };
}

/** A claim of a token may have several values at once, so it contradicts nothing. */
function isClaim(name: string): boolean {
  return name.startsWith("@");
}

function unlikeEntries(a: Node | undefined, b: Node | undefined): boolean {
  return entriesOf(a).some(([name, value]) => !isClaim(name) && unlike(value, entryOf(b, name)));
}

function entryOf(map: Node | undefined, name: string): Node | undefined {
  return map?.body.type === "record" ? map.body.fields.get(name) : undefined;
}

/** Whether one match asks for a header that the other one asks not to be there, or not to be so. */
function excludes(without: Node | undefined, headers: Node | undefined): boolean {
  return entriesOf(without).some(([name, value]) => {
    const asked = isClaim(name) ? undefined : entryOf(headers, name);
    return asked !== undefined && (value.text === "{}" || value.text === asked.text);
  });
}

function differ(a: Node | undefined, b: Node | undefined): boolean {
  return a !== undefined && b !== undefined && a.text !== b.text;
}

/** Whether two lists of names have none in common. A list that is not there stands for every name. */
function areApart(
  a: Node | undefined,
  b: Node | undefined,
  mayBeSame: (x: Node, y: Node) => boolean,
): boolean {
  const [ours, theirs] = [itemsOf(a), itemsOf(b)];
  if (ours.length === 0 || theirs.length === 0) return false;
  return ours.every((x) => theirs.every((y) => !mayBeSame(x, y)));
}

/** Whether a host may fit two names, of which either may begin with a wildcard. */
function mayBeSameName(a: Node, b: Node): boolean {
  const [x, y] = [valueOf(a), valueOf(b)];
  if (typeof x !== "string" || typeof y !== "string") return true;
  const [p, q] = [x.toLowerCase(), y.toLowerCase()];
  const fits = (name: string, wildcard: string): boolean =>
    wildcard.startsWith("*") && name.endsWith(wildcard.slice(1));
  return p === q || fits(p, q) || fits(q, p);
}

/** Labels and namespace of the source are looked at only where a match names no gateways. */
function haveOtherSources(a: Match, b: Match): boolean {
  if (part(a, "gateways") !== undefined || part(b, "gateways") !== undefined) return false;
  return (
    differ(part(a, "sourceNamespace"), part(b, "sourceNamespace")) ||
    entriesOf(part(a, "sourceLabels")).some(([name, value]) =>
      differ(value, entryOf(part(b, "sourceLabels"), name)),
    )
  );
}

/** Fields of a match that name it and ask for nothing, or that another field's test looks at. */
const asksNothing = new Set(["name", "statPrefix", "ignoreUriCase"]);

/** Whether whatever fits `a` fits `b`: each condition of `b` is one of `a`, or follows from one. */
function implies(a: Match, b: Match): boolean {
  const folds = valueOf(part(b, "ignoreUriCase")) === true;
  if (!folds && valueOf(part(a, "ignoreUriCase")) === true && part(b, "uri") !== undefined) return false;
  return entriesOf(b).every(([name, condition]) => {
    if (asksNothing.has(name) || asked(b, name) === undefined) return true;
    const given = asked(a, name);
    if (given === undefined) return false;
    if (given.text === condition.text) return true;
    if (name === "uri") return isInside(given, condition, folds);
    return (name === "headers" || name === "queryParams") && hasEntries(given, condition);
  });
}

/** What a match asks of a field: beside gateways nothing of the source. */
function asked(match: Match, name: string): Node | undefined {
  const isOfSource = name === "sourceLabels" || name === "sourceNamespace";
  return isOfSource && part(match, "gateways") !== undefined ? undefined : part(match, name);
}

/** Whether every path that fits `inner` fits the prefix `outer`. */
function isInside(inner: Node, outer: Node, folds: boolean): boolean {
  const [x, y] = [plainMatch(inner), plainMatch(outer)];
  if (x === undefined || y === undefined) return false;
  const isBelow = y.isExact ? x.isExact && x.text === y.text : x.text.startsWith(y.text);
  return isBelow && (folds || y.isExact || rawPrefix(inner).startsWith(rawPrefix(outer)));
}

function rawPrefix(match: Node): string {
  return entriesOf(match)[0]?.[1].text.slice(1, -1) ?? "";
}

/** Whether the conditions hold every one of the others, or a stricter one. */
function hasEntries(given: Node, wanted: Node): boolean {
  return entriesOf(wanted).every(([name, value]) => {
    const own = entryOf(given, name);
    return own !== undefined && (value.text === "{}" || own.text === value.text);
  });
}
