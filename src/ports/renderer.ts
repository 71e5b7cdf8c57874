import type { Resource } from "../core/model/resource.ts";
import type { Checkout } from "./source.ts";
import type { Transform } from "../core/model/transform.ts";

/** Why an overlay could not be rendered: data, because the rest of the scan goes on. */
export interface RenderFailure {
  readonly type: "failed";
  /** RENDER_FAILED, RENDER_REFUSED, RENDER_TIMEOUT, RENDER_MEMORY, RENDER_DIED, OVERLAY_NOT_FOUND, RENDER_OUTPUT_INVALID, or the code of a refused base. */
  readonly code: string;
  readonly reason: string;
  readonly hint: string;
}

/** A remote base as a kustomization names it, in parts, as Kustomize reads it. */
export interface RemoteBase {
  /** As written, without user info, and of its query only the ref. */
  readonly written: string;
  /**
   * What to clone: "https://github.com/acme/base", "git@host:org/repo". Any scheme that Kustomize knows (https, http,
   * ssh, file); never a user or password before an HTTP host.
   */
  readonly repository: string;
  /** A branch, a tag or a commit id, well-formed; "" where none is named, and for HEAD. */
  readonly ref: string;
  /** The folder inside the repository, "" for its root. */
  readonly folder: string;
}

/** The commit of a remote base, or why it is not used: fit to follow the file and field that name it. */
export type OpenedBase =
  | { readonly type: "opened"; readonly checkout: Checkout }
  | { readonly type: "refused"; readonly code: string; readonly reason: string; readonly hint: string };

/** What is to be rendered. */
export interface RenderRequest {
  readonly checkout: Checkout;
  /** The folder of the overlay; "" is the root. */
  readonly overlay: string;
  /** What the deployer adds to the overlay before it renders it. */
  readonly transform?: Transform;
  /**
   * What tells it from what every scan renders: an older commit, an edit in memory. Its answer is kept apart, so that it
   * takes the place of none that the next scan needs. Decides nothing about what is rendered.
   */
  readonly variant?: string;
  /**
   * Fetches a remote base at its pinned ref; absent: every remote base is refused. Called at most once for each
   * repository and ref of one render, also where the answer comes from the cache. Never rejects. The checkout must stay
   * open until the render ends; whoever opened it closes it.
   */
  readonly openBase?: (base: RemoteBase) => Promise<OpenedBase>;
}

/** A rendered overlay. */
export interface Rendered {
  readonly type: "rendered";
  /** In Kustomize's order; annotations about origin are turned into provenance and stripped; Secrets carry no data. */
  readonly resources: readonly Resource[];
  readonly warnings: readonly string[];
  /**
   * Every file of the rendered commit that was read, by path: an edit elsewhere in its repository cannot change this
   * render. Files of remote bases are not among them.
   */
  readonly files: readonly string[];
  /** The remote bases that were used: a render depends on their commits too. */
  readonly bases: readonly { readonly repository: string; readonly ref: string; readonly commit: string }[];
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
  /** Renders one overlay. Never throws for what is wrong with the overlay or its bases. */
  render: (request: RenderRequest) => Promise<Render>;
  /** Ends the worker threads. */
  close: () => Promise<void>;
}
