import type { Attribution } from "./attribution.ts";
import type { Json } from "./json.ts";
import type { Origin } from "./origin.ts";
import type { GroupKind, Provenance, ResourceKey } from "./resource.ts";
import type { Risk } from "./risk.ts";
import type { BreakGlass, Exemption, Standing } from "./standing.ts";

/** E1 same to Istio's decoder · E2 same Envoy configuration · E3 same by Envoy's defaults · CTX same given facts outside the object · NE different. */
export type EqualityLevel = "E1" | "E2" | "E3" | "CTX" | "NE";

/** How far equality goes: `strict` is E1 only, `istio` adds E2 and decided CTX, `envoy` adds E3. */
export type EqualitySetting = "strict" | "istio" | "envoy";

/**
 * What a change does to the security of the mesh, seen from Git to live: `weakens` where something is accepted, shown
 * or sent in the clear that was not, or where that cannot be ruled out; `strengthens` where less is; else `neutral`.
 */
export type Direction = "weakens" | "strengthens" | "neutral";

/** What a difference means to the people who run the mesh. */
export interface Effect {
  /** One short sentence without a full stop, from Git to live: "requests to reviews may wait 6x longer". */
  readonly text: string;
  readonly direction: Direction;
}

/** One side of a change: where the value stands in the raw object (RFC 6901) and the value. */
export interface Located {
  readonly pointer: string;
  /** Where the pointer leads to a text that holds the value (mesh configuration): its line in there, from 1. */
  readonly line?: number;
  readonly value: Json;
  /**
   * Places inside `value` (RFC 6901, "" is all of it) that may hold a secret, by the shape of the field: headers,
   * Lua, typed_config and the like. A ScanResult holds a keyed fingerprint there (core/text), never the value.
   */
  readonly secret?: readonly string[];
}

/**
 * One difference at one field path. `desired` is absent where only live has the field, `live` where only Git has it.
 *
 * - `changed`: both sides have the field, with different meanings;
 * - `added`: only live has it; `removed`: only Git has it;
 * - `reordered`: both have the same items of an ordered list in another order; the values are the items' identities.
 */
export interface Change {
  readonly type: "changed" | "added" | "removed" | "reordered";
  /** Items of lists by identity: `spec.http[name=primary].route[subset=v2].weight`. */
  readonly path: string;
  readonly desired?: Located;
  readonly live?: Located;
  /** Absent where no table says what the field does. */
  readonly effect?: Effect;
  /** What would have to be known to call the two equal, where a rule depends on facts outside the object. */
  readonly undecided?: readonly { readonly rule: string; readonly missing: string }[];
  /** Who wrote the live value, as far as the object tells. Absent where the live side tells of no writers. */
  readonly attribution?: Attribution;
  /** Where Git sets the field, or what is around it. Absent where the sides are plain files. */
  readonly origin?: Origin;
  /** How bad it may be. */
  readonly risk?: Risk;
  /** Absent where nobody keeps a clock (plain files). */
  readonly standing?: Standing;
  /** The exemption that covers it, or did until it ended. */
  readonly exemption?: Exemption;
}

/** Something treated as equal although it is written differently, with the rule that says so. */
export interface EqualBy {
  readonly key: ResourceKey;
  readonly path: string;
  readonly rule: string;
  readonly level: EqualityLevel;
  /** Why, in one sentence for people. */
  readonly reason: string;
  /** How each side writes it; absent where it leaves it out. */
  readonly desired?: Located;
  readonly live?: Located;
}

/** A field of Git that the API server drops, so that it is never live. */
export interface Ineffective {
  readonly path: string;
  readonly desired: Located;
  /** Why, and what was most likely meant, in one sentence for people. */
  readonly reason: string;
}

/**
 * One resource that needs a person.
 *
 * - `changed`: on both sides, different; `missing`: in Git, not live; `extra`: live, in no target's Git. The
 *   CustomResourceDefinition of a kind that the cluster does not know is missing instead of all objects of that kind;
 * - `conflict`: two targets of one cluster want different things of it;
 * - `dangling`: live refers to something that the drift took away; the key is the object that refers;
 * - `ineffective`: the same on both sides but for fields that the API server drops. That is no drift.
 */
export interface Finding {
  readonly type: "changed" | "missing" | "extra" | "conflict" | "dangling" | "ineffective";
  readonly key: ResourceKey;
  /** Empty for `missing`, `extra` and `ineffective`. For `conflict` the live side is what the other target wants. */
  readonly changes: readonly Change[];
  /** For `missing` and `extra`: what it means that live lacks the object, or has it. */
  readonly effect?: Effect;
  /** Fields of Git that the API server drops; those of a `changed` resource, too. */
  readonly ineffective?: readonly Ineffective[];
  /** Absent for `extra`, and where the desired side is a plain file. */
  readonly provenance?: Provenance;
  /** True where the kind, or a field that a change stands in, has no table of meaning yet and was compared as written. */
  readonly structural?: boolean;
  /** For `conflict`: the other target. */
  readonly otherTarget?: string;
  /** For a missing CustomResourceDefinition: the objects of Git that cannot be live without it. */
  readonly blocks?: readonly ResourceKey[];
  /** For `missing` and `extra`: who wrote or deleted the object. */
  readonly attribution?: Attribution;
  /** For `missing`: where Git has the object. */
  readonly origin?: Origin;
  /** The worst of its changes. */
  readonly risk?: Risk;
  /** The most urgent of its changes. */
  readonly standing?: Standing;
  /** For `missing` and `extra`: the exemption that covers it, or did until it ended. */
  readonly exemption?: Exemption;
  readonly breakGlass?: BreakGlass;
  /** For a `missing` and an `extra` object that are one object under another name: the other one. */
  readonly renamed?: ResourceKey;
  /** Set where live is what Git wanted before: somebody rolled back by hand, and the commits that it undoes, newest first. */
  readonly rolledBack?: { readonly to: string; readonly undoes: readonly string[] };
  /** For `dangling`: what is referred to and not there any more. */
  readonly dangling?: Dangling;
}

/** A reference that the drift broke. */
export interface Dangling {
  /** The field that refers: "spec.http[name=primary].route[0].destination.subset". */
  readonly path: string;
  /** One sentence for people: "subset v2 of host reviews is defined by no DestinationRule". */
  readonly reason: string;
  /** The code that `istioctl analyze` has for it: "IST0101". */
  readonly code?: string;
  /** The object whose drift broke it. */
  readonly brokenBy: ResourceKey;
}

/** A difference that is not drift, and why: equal by Envoy's defaults, metadata without mesh meaning, a name. */
export interface Note {
  readonly key: ResourceKey;
  readonly change: Change;
  readonly reason: string;
}

/** Something that could not be compared, and why. Never "in sync". */
export interface Unchecked {
  /** What was not compared: an object, a kind, a file, or a whole side. */
  readonly what: string;
  readonly key?: ResourceKey;
  /** Where all of it is of one kind. */
  readonly kind?: GroupKind;
  /** A code that stays the same between versions, for machines: "SNAPSHOT_CUT_OFF". */
  readonly code: string;
  readonly reason: string;
  /** What to do next. */
  readonly hint: string;
  /** Since when it is not compared. Absent where nobody keeps a clock. */
  readonly standing?: Standing;
}

/** A kind, or what one namespace has of it, of which no complete list could be read, and why. */
export interface UnreadKind extends Pick<Unchecked, "code" | "reason" | "hint"> {
  readonly kind: GroupKind;
  /** Absent: every namespace of which no complete list was read. */
  readonly namespace?: string;
}
