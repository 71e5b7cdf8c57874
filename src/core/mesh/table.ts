import type { EqualityLevel } from "../model/finding.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { Resource } from "../model/resource.ts";

/**
 * Meaning as data: what Istio and Gateway API make of a field. One table a kind stands in ./kinds; one interpreter
 * (./interpret.ts) reads them all. Every row has a reason that a person understands and the source of the fact.
 */

/** What a rule may ask about the world outside the object. */
export interface Facts {
  /** The cluster's DNS domain: "cluster.local" by default (istiod's --domain). */
  readonly domain: string;
  /** Istio's version, "1.30"; "" where it is not known. */
  readonly istio: string;
  /** The namespace whose policies hold for the whole mesh: "istio-system" by default. */
  readonly rootNamespace: string;
  /** An object of the mesh; "unknown" where it was not read and so nothing can be said. */
  readonly find: (group: string, kind: string, namespace: string, name: string) => Resource | "unknown";
  /** The objects of a kind that are known: what may act beside the one at hand. The same list for the same question. */
  readonly all: (group: string, kind: string) => readonly Resource[];
  /**
   * An object as either side has it: Git's versions and the live one, undefined where a side that was read has none.
   * What Git does not declare stays as it is live, so that live's is the only one then.
   */
  readonly versions: (
    group: string,
    kind: string,
    namespace: string,
    name: string,
  ) => readonly (Resource | undefined)[] | "unknown";
  /** The name of the ConfigMap whose mesh configuration lies under all others; "" where there is none. */
  readonly sharedMeshConfig: string;
  /** Whether these are all there are in the cluster, or in one namespace: only then nothing else acts. */
  readonly isWhole: (group: string, kind: string, namespace?: string) => boolean;
}

/** One place of an object under interpretation, with the way up, so that a rule can look at its surroundings. */
export interface Site {
  /** The value as written; undefined where the field is absent. */
  readonly value: Json | undefined;
  readonly name: string | number;
  readonly up: Site | undefined;
  readonly object: Resource;
  readonly facts: Facts;
}

/** Whether a rule holds here; `missing` says what would have to be known to decide. */
export type Answer = boolean | { readonly missing: string };

/** One rule about equality, with its ground. */
export interface Row {
  /** Stays the same between versions: "virtual-service/redirect-code". */
  readonly id: string;
  readonly level: EqualityLevel;
  /** One sentence for people. */
  readonly reason: string;
  /** Where the fact comes from: a file of Istio's source, a CRD, a specification. */
  readonly source: string;
  readonly when?: (at: Site) => Answer;
}

/** Rules about one field. */
export type FieldRow =
  /** The field left out means the same as this value. */
  | (Row & { readonly type: "absent"; readonly sameAs: Json | ((at: Site) => Json | undefined) })
  /**
   * The value means the same as another spelling of it. `to` gets a value that is present, and of the field's type
   * unless the row decodes: then it may be the text that the type stands in.
   */
  | (Row & {
      readonly type: "rewrite";
      readonly to: (value: Json, at: Site) => Json | undefined;
      readonly decodes?: true;
    })
  /** Two spellings that look the same and are not: documentation, and a test made from the row. */
  | (Row & { readonly type: "trap"; readonly pair: readonly [Json | undefined, Json | undefined] });

/** A rule about a whole message: a deprecated twin, fields that only count together. */
export interface ObjectRow extends Row {
  /** The message in its other spelling; the same reference where the rule does not apply. */
  readonly rewrite: (value: JsonObject, at: Site) => JsonObject;
}

/** Field names from the item down: ["destination", "subset"]. */
export type FieldNames = readonly string[];

/**
 * What the order of a list means.
 *
 * - `ordered`: order is information; - `set`: order is not, and repetition is not to Envoy (E3);
 * - `bag`: order is not, repetition is;
 * - `keyed`: the items are found by the first identity, as in a map.
 */
export interface Order extends Row {
  readonly type: "ordered" | "set" | "bag" | "keyed";
  /**
   * What names an item to people, best first: the first candidate that is present and different on every item of
   * either side is used. A candidate is one or more fields together.
   */
  readonly identity?: readonly (readonly FieldNames[])[];
  /** For a list that is taken as ordered only because this is not known. */
  readonly missing?: string;
  /** For an ordered list: the field that parts its items into groups, if the order counts inside each group only. */
  readonly within?: string;
  /** For an ordered list: which of its items may change places without changing anything. */
  readonly commuting?: Commuting | undefined;
}

/** Two items of an ordered list whose order to each other means nothing. */
export interface Commuting extends Row {
  readonly type: "commuting";
  /** Asked of items in their plain spelling; the same answer either way round. */
  readonly commute: (a: Node, b: Node) => boolean;
}

/** An order that depends on what the list holds, or on facts outside of it. */
export interface OrderChoice {
  readonly type: "choice";
  /** All that may come out, for the documentation. */
  readonly orders: readonly Order[];
  readonly choose: (at: Site) => Order;
}

/** How a scalar is read. */
export type ScalarType = "text" | "number" | "boolean" | "duration" | "enum" | "bytes";

export interface ScalarShape {
  readonly type: "scalar";
  readonly as: ScalarType;
  readonly zero?: string;
  /** The numbers of an enumeration's names, for text that no schema checked: there either stands for the other. */
  readonly numbers?: Readonly<Record<string, number>>;
  /** A number that need not be whole. */
  readonly isFraction?: true;
}

export type Shape =
  | ScalarShape
  | MessageShape
  | { readonly type: "map"; readonly values: Field; readonly keys?: KeyRow }
  | { readonly type: "list"; readonly items: Field; readonly order: Order | OrderChoice }
  /** Any JSON, compared as it stands: list order counts, key order does not. */
  | { readonly type: "free" };

/** The keys of a map have more than one spelling. */
export interface KeyRow extends Row {
  /** The plain spelling of a key. */
  readonly key: (name: string) => string;
}

export interface MessageShape {
  readonly type: "message";
  readonly fields: Readonly<Record<string, Field>>;
  readonly rows?: readonly ObjectRow[];
}

export interface Field {
  readonly shape: Shape;
  /**
   * `matters`: a zero value, an empty map or an empty list is information (wrappers, oneof members, durations; in
   * Gateway API whatever has a default), and so is null in free JSON. Messages always matter: `{}` is not absent. A
   * function says whether they are information at one place.
   */
  readonly presence?: "matters" | ((at: Site) => boolean);
  /** Whether the value may hold a secret and is shown as a fingerprint only. `free` shapes are secret unless said otherwise. */
  readonly secret?: boolean | ((at: Site) => boolean);
  readonly rows?: readonly FieldRow[];
}

/** What one kind means. */
export interface KindTable {
  readonly group: string;
  readonly kind: string;
  /** Top-level fields that hold meaning: `spec` for most. */
  readonly fields: Readonly<Record<string, Field>>;
  /**
   * What labels mean on this kind beside those the mesh reads everywhere. `read`: they decide what is selected, so
   * they are compared. `declared`: the same for those that Git declares; others are written by platforms of all kinds.
   * `copied`: they travel along without deciding anything, so every difference is worth a note.
   */
  readonly labels?: "read" | "declared" | "copied";
  /** `read`: all annotations decide something, not only those the mesh reads everywhere. */
  readonly annotations?: "read";
  /** True for kinds that are compared field by field as written. */
  readonly structural?: true;
  /** Where a kind has a table: the field of which the table knows nothing, so that it is compared as written. */
  readonly structuralField?: FieldNames;
}

/** The interpreted form of one value: the raw place it came from, its canonical text, and its parts. */
export interface Node {
  /** Where the value stands; mesh/place tells the path. */
  readonly site: Site;
  /** The value as written (before any rewriting). */
  readonly raw: Json;
  /** True where a rule built this value, so that `site` is only the nearest place it came from. */
  readonly synthetic: boolean;
  readonly secret: boolean;
  /** Equal texts mean equal meaning, at the equality setting of the interpretation. */
  readonly text: string;
  /** Rules that gave the value another spelling. */
  readonly rewrittenBy: readonly Row[];
  readonly body: LeafBody | RecordBody | ListBody;
}

export interface LeafBody {
  readonly type: "leaf";
}

export interface RecordBody {
  readonly type: "record";
  /** Sorted by name. Absent fields, and those that mean the same as absent, have no entry. */
  readonly fields: ReadonlyMap<string, Node>;
  /** Raw fields that mean the same as absent, with the rule that says so. */
  readonly dropped: ReadonlyMap<string, Row>;
  /** What those of them hold that are more than null: shown where the other side has another value. */
  readonly silent: ReadonlyMap<string, Node>;
  /** Rules that could not be decided, by field name ("" is the message itself). */
  readonly undecided: ReadonlyMap<string, readonly Undecided[]>;
  /** The message that it was read as; absent for maps and free JSON, which may have any field. */
  readonly shape?: MessageShape;
}

/** A rule that could not be decided, and what would have to be known. */
export interface Undecided {
  readonly row: Row;
  readonly missing: string;
}

export interface ListBody {
  readonly type: "list";
  readonly order: Order;
  /** As written, without the items that mean the same as none. */
  readonly items: readonly Node[];
  /** Items that mean the same as none, by position, with the rule that says so. */
  readonly dropped: ReadonlyMap<number, Row>;
  /** What those of them hold. */
  readonly silent: ReadonlyMap<number, Node>;
  /** Rules about an item itself that could not be decided. */
  readonly undecided: ReadonlyMap<Node, readonly Undecided[]>;
}
