import type { Difference } from "./effect.ts";
import { formatFew } from "../model/resource.ts";
import { nodeAtNames } from "./place.ts";
import { enclosing } from "./sites.ts";
import type { FieldNames, Node } from "./table.ts";

/** What sentences about effects may say of values. Nothing here gives away a value that may be secret. */

/** A longer name is no help in a sentence. */
const longestName = 60;

/** The plain value of a scalar, durations in nanoseconds; undefined for all else, and for what may be secret. */
export function valueOf(node: Node | undefined): string | number | boolean | undefined {
  if (node === undefined || node.secret || node.body.type !== "leaf") return undefined;
  const { text } = node;
  if (text === "true" || text === "false") return text === "true";
  if (text.startsWith('"')) return JSON.parse(text) as string;
  const number = Number(text.endsWith("ns") ? text.slice(0, -2) : text);
  return Number.isFinite(number) ? number : undefined;
}

/** The plain value of a part. */
export function valueAt(node: Node | undefined, ...names: FieldNames): string | number | boolean | undefined {
  return node === undefined ? undefined : valueOf(nodeAtNames(node, names));
}

/** A scalar as it is named in a sentence; undefined where it is none, is empty, too long, or may be secret. */
export function nameOf(node: Node | undefined): string | undefined {
  const value = valueOf(node);
  const name = value === undefined ? "" : String(value);
  return name === "" || name.length > longestName ? undefined : name;
}

/** The name that a part gives. */
export function nameAt(node: Node | undefined, ...names: FieldNames): string | undefined {
  return node === undefined ? undefined : nameOf(nodeAtNames(node, names));
}

/** The items of a list; none where it is no list. */
export function itemsOf(node: Node | undefined): readonly Node[] {
  return node?.body.type === "list" ? node.body.items : [];
}

/** The items of a list that is a part. */
export function itemsAt(node: Node | undefined, ...names: FieldNames): readonly Node[] {
  return node === undefined ? [] : itemsOf(nodeAtNames(node, names));
}

/** The names in a mapping that is a part; none where it is no mapping. */
export function namesAt(node: Node | undefined, ...names: FieldNames): readonly string[] {
  const body = node && nodeAtNames(node, names)?.body;
  return body?.type === "record" ? [...body.fields.keys()] : [];
}

/** The nearest place around a difference, or its own, that has this name. */
export function around(at: Difference, name: string): Difference | undefined {
  return enclosing(at, (place) => place.name === name);
}

/** The whole `spec` that a difference stands in. */
export function specAround(at: Difference): Difference | undefined {
  return enclosing(at, ({ name, up }) => name === "spec" && up !== undefined && up.up === undefined);
}

/** The item of the list `name` that a difference stands in. */
export function itemAround(at: Difference, name: string): Difference | undefined {
  return enclosing(at, (place) => place.name === "[]" && place.up?.name === name);
}

/** The whole object around a difference. */
export function wholeAround(at: Difference): Difference {
  return enclosing(at, ({ up }) => up === undefined) ?? at;
}

/** Live's side of a place, else Git's: where both say the same, either names it. */
export function eitherSide(at: Difference | undefined): Node | undefined {
  return at?.live ?? at?.desired;
}

/** How many times the larger of two numbers is the other, as people say it: "6x", "1.5x"; undefined where that says nothing. */
export function times(at: Difference): string | undefined {
  const [a, b] = [valueOf(at.desired), valueOf(at.live)];
  if (typeof a !== "number" || typeof b !== "number" || a <= 0 || b <= 0) return undefined;
  const ratio = Math.max(a, b) / Math.min(a, b);
  if (ratio < 1.05 || ratio >= 10_000) return undefined;
  return `${String(ratio < 10 ? Math.round(ratio * 10) / 10 : Math.round(ratio))}x`;
}

/**
 * A host as people call it: `reviews` for a Service beside the object, `reviews.shop` for one of another namespace,
 * any other host as it stands.
 */
export function hostName(node: Node | undefined): string | undefined {
  const name = nameOf(node);
  if (node === undefined || name === undefined) return undefined;
  const suffix = `.svc.${node.site.facts.domain}`;
  if (!name.endsWith(suffix)) return name;
  const service = name.slice(0, -suffix.length);
  const own = `.${node.site.object.key.namespace}`;
  return service.endsWith(own) ? service.slice(0, -own.length) : service;
}

/** Hosts as a sentence names them: "a.b", "a.b and 2 more"; "its hosts" where the first is none, or too long to read. */
export function hostsInWords(names: readonly (string | undefined)[], longest: number): string {
  const [first = ""] = names;
  return first === "" || first.length > longest ? "its hosts" : formatFew(names.map(String), 1);
}
