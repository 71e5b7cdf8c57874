import type { EqualityLevel } from "../model/finding.ts";
import type { Json } from "../model/json.ts";
import type { RawPath } from "../model/path.ts";
import type { Resource } from "../model/resource.ts";
import type { Answer, Facts, Field, FieldNames, Node, Row, Shape, Site, Undecided } from "./table.ts";

/** What holds for one whole interpretation. */
export interface Context {
  /** The levels that count as equal at the setting. */
  readonly levels: ReadonlySet<EqualityLevel>;
  readonly object: Resource;
  readonly facts: Facts;
  /** Interprets a field below: handed down so that the containers need not import the interpreter. */
  readonly interpretField: (context: Context, place: Place, undecided: Undecided[]) => Outcome;
}

/** Where a value stands, and how to treat it. */
export interface Place {
  readonly field: Field;
  readonly site: Site;
  readonly synthetic: boolean;
  /** Whether something above it is secret already. */
  readonly secret: boolean;
}

/** The meaning of a field: a node, or the rule by which it is the same as absent. */
export type Outcome =
  | { readonly type: "present"; readonly node: Node }
  | { readonly type: "absent"; readonly row: Row; readonly node?: Node };

/** Whether a rule holds at a place, at the setting of this interpretation. */
export function answer(context: Context, row: Row, site: Site): Answer {
  if (!context.levels.has(row.level)) return false;
  return row.when === undefined ? true : row.when(site);
}

/** The same, with what could not be decided written down: then the rule does not hold. */
export function holds(context: Context, row: Row, site: Site, undecided: Undecided[]): boolean {
  const found = answer(context, row, site);
  if (typeof found === "boolean") return found;
  undecided.push({ row, missing: found.missing });
  return false;
}

/** Whether the value may hold a secret: by its own field, or because something above it may. */
export function isSecret(place: Place): boolean {
  if (place.secret) return true;
  const { secret, shape } = place.field;
  if (typeof secret === "function") return secret(place.site);
  return secret ?? shape.type === "free";
}

/** The way from the root of the object to a site. */
export function pathTo(site: Site): RawPath {
  const path: (string | number)[] = [];
  for (let at = site; at.up !== undefined; at = at.up) path.push(at.name);
  return path.reverse();
}

/** The place of a value below this one. */
export function below(
  place: Place,
  parent: Site,
  name: string | number,
  child: { field: Field; value: Json | undefined },
): Place {
  const { object, facts } = parent;
  return {
    field: child.field,
    site: { value: child.value, name, up: parent, object, facts },
    synthetic: place.synthetic,
    secret: place.secret,
  };
}

/** What every node says of its place. */
export function nodeAt(
  place: Place,
  text: string,
  body: Node["body"],
  rewrittenBy: readonly Row[] = [],
): Node {
  return {
    site: place.site,
    raw: place.site.value ?? null,
    synthetic: place.synthetic,
    secret: isSecret(place),
    text,
    rewrittenBy,
    body,
  };
}

/** A node without parts. */
export function leaf(place: Place, text: string, rewrittenBy: readonly Row[] = []): Node {
  return nodeAt(place, text, { type: "leaf" }, rewrittenBy);
}

/** A part of a node, by the names of the fields down to it. */
export function nodeAtNames(node: Node, names: FieldNames): Node | undefined {
  let found: Node | undefined = node;
  for (const name of names) {
    found = found?.body.type === "record" ? found.body.fields.get(name) : undefined;
  }
  return found;
}

/** The text of fields in the order of their names. */
export function recordText(fields: ReadonlyMap<string, Node>): string {
  let text = "";
  for (const [name, node] of fields) text += `${text === "" ? "" : ","}${quoted(name)}:${node.text}`;
  return `{${text}}`;
}

/** A name that needs no escape inside quotes, as nearly all field names are. */
const harmlessName = /^[\w./-]*$/;

function quoted(name: string): string {
  return harmlessName.test(name) ? `"${name}"` : JSON.stringify(name);
}

/** The shape of one type. */
export type ShapeOf<T extends Shape["type"]> = Extract<Shape, { readonly type: T }>;
