import { field, type Json, textField } from "../../model/json.ts";
import { formatKey, type Resource } from "../../model/resource.ts";
import type { RouteShape } from "./route-shape.ts";

/** What a controller calls a destination: "canary", "stable", or the Service of an experiment. */
export type Part = string;

export const canaryPart: Part = "canary";
export const stablePart: Part = "stable";

/** How requests should be split now. Parts that are not named get nothing. */
export interface Split {
  readonly weights: ReadonlyMap<Part, number>;
  /** The share of requests that is mirrored to the canary, in percent. */
  readonly mirrors?: number;
}

/** What a controller wants of the routes of one object. */
export interface RoutesWanted {
  /** What stands behind a destination; undefined where it is none of the controller's. */
  readonly partOf: (host: string, subset: string) => Part | undefined;
  /** Whether the controller sets the weights of this route. */
  readonly isDriven: (route: Json, routes: readonly Json[], shape: RouteShape) => boolean;
  /** The splits that its status allows: several where the status leaves one step open. */
  readonly splits: readonly Split[];
  /** Of a route that Git does not have: whether the controller has put it there, and so. */
  readonly judgeAdded: (added: AddedRoute, shape: RouteShape) => "foreign" | "in-step" | "out-of-step";
  /** What response headers of the destinations it adds: the value of Set-Cookie begins with one of these. */
  readonly cookies: readonly string[];
}

/** A route that only live has, and the live routes whose weights the controller sets. */
export interface AddedRoute {
  readonly route: Json;
  readonly driven: readonly Json[];
}

/** What an object of a controller says of one live object. */
export type Drive =
  | {
      readonly type: "says";
      /** "Canary shop/reviews" */
      readonly controller: string;
      /** "phase Progressing" */
      readonly stage: string;
      readonly inFlight: boolean;
      readonly routes?: RoutesWanted;
      /** The pod hashes that a subset may have now; one that Git does not have is taken away with them. */
      readonly subsets?: ReadonlyMap<string, ReadonlySet<string>>;
      /** The traffic policy that a generated DestinationRule has. */
      readonly policy?: { readonly value: Json | undefined };
    }
  | { readonly type: "silent"; readonly controller: string; readonly reason: string };

/** "Canary shop/reviews" */
export function controllerName({ key: { kind, namespace, name } }: Resource): string {
  return `${kind} ${namespace}/${name}`;
}

/** What is said of a controller's object whose status cannot be used. */
export function silent(object: Resource, reason: string): Drive {
  return {
    type: "silent",
    controller: controllerName(object),
    reason: `${controllerName(object)} ${reason}`,
  };
}

/** Whether somebody deletes it: what its status says does not hold any more. */
export function isBeingDeleted({ object }: Resource): boolean {
  return textField(field(object, "metadata"), "deletionTimestamp") !== "";
}

/** A value of a status that people may see: a word of its API, never free text. */
export function safeWord(text: string): string {
  return /^[A-Za-z]{1,30}$/.test(text) ? text : "unknown";
}

/** A whole number of a status or spec; undefined where there is none. */
export function count(value: Json | undefined): number | undefined {
  return typeof value === "number" && Number.isInteger(value) ? value : undefined;
}

/** The split as people read it: "50 % to canary, and 10 % mirrored to it". */
export function formatSplit({ weights, mirrors }: Split): string {
  const parts = [...weights].filter(([part]) => part !== stablePart);
  const told = parts.map(([part, weight]) => `${String(weight)} % to ${part}`).join(", ");
  return mirrors === undefined ? told : `${told}, and ${String(mirrors)} % mirrored to it`;
}

/** For messages: what a live object is called. */
export function liveName({ key }: Resource): string {
  return formatKey(key);
}
