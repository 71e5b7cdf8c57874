import type { DesiredConfig } from "../config/config.ts";
import type { Ask } from "../core/judge/origin/ask.ts";
import type { Origin } from "../core/model/origin.ts";
import type { Resource } from "../core/model/resource.ts";
import type { RendererPort } from "../ports/renderer.ts";
import type { Checkout } from "../ports/source.ts";
import type { OpenBase } from "./remote-bases.ts";

/** A place whose origin is wanted. */
export interface WantedPlace {
  /** RFC 6901, in the rendered object. Where it leads beyond what Git has, the nearest place around it is meant. */
  readonly pointer: string;
  /** The line inside of a text (mesh configuration), from 1. */
  readonly line?: number;
  /** Set where the place stands for something inside of it that Git does not have. */
  readonly precision?: Ask["precision"];
}

/** Places of one object of the desired side. */
export interface WantedObject {
  readonly resource: Resource;
  readonly places: readonly WantedPlace[];
}

/** The desired side that the objects are of. */
export interface TracedSide {
  readonly checkout: Checkout;
  readonly desired: DesiredConfig;
}

/** What is traced with. */
export interface TraceContext {
  readonly renderer: RendererPort;
  readonly openBase: OpenBase;
}

/** An origin for each place, in the order asked. */
export type TracedObjects = readonly (readonly Origin[])[];
