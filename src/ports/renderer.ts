import type { Resource } from "../core/model/resource.ts";
import type { Checkout } from "./source.ts";

/** Why an overlay could not be rendered: data, because the rest of the scan goes on. */
export interface RenderFailure {
  readonly type: "failed";
  /** RENDER_FAILED, RENDER_REFUSED, RENDER_TIMEOUT, RENDER_MEMORY, RENDER_DIED, OVERLAY_NOT_FOUND, RENDER_OUTPUT_INVALID. */
  readonly code: string;
  readonly reason: string;
  readonly hint: string;
}

/** A rendered overlay. */
export interface Rendered {
  readonly type: "rendered";
  /** In Kustomize's order; annotations about origin are turned into provenance and stripped; Secrets carry no data. */
  readonly resources: readonly Resource[];
  readonly warnings: readonly string[];
  /** Every file that was read, by path: an edit elsewhere cannot change this render. */
  readonly files: readonly string[];
  /** Whether the answer came from the cache, and the renderer was not needed. */
  readonly cached: boolean;
}

export type Render = Rendered | RenderFailure;

/** Kustomize as the pipelines need it. */
export interface RendererPort {
  /** "5.8.2" */
  readonly version: string;
  /**
   * Says which overlays are going to be rendered, as early as that is known. Starts what takes long to start if one of
   * them was never rendered. Never throws: what is wrong is told when an overlay is rendered.
   */
  prepare: (overlays: readonly string[]) => void;
  /** Renders the overlay in folder `overlay` ("" is the root) of the checkout. Never throws for what is wrong with the overlay. */
  render: (checkout: Checkout, overlay: string) => Promise<Render>;
  /** Ends the worker threads. */
  close: () => Promise<void>;
}
