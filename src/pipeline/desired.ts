import type { Config, DesiredConfig, TargetConfig } from "../config/config.ts";
import { substitute } from "../core/manifest/substitute.ts";
import type { Unchecked } from "../core/model/finding.ts";
import { formatKey, keyOf, type Resource } from "../core/model/resource.ts";
import type { BaseState } from "../core/model/scan-result.ts";
import { DriftError } from "../lib/errors.ts";
import type { RendererPort } from "../ports/renderer.ts";
import type { Checkout } from "../ports/source.ts";
import type { Checkouts } from "./checkouts.ts";
import { type ManifestsRead, readManifests } from "./manifests.ts";
import { noteBases, type OpenBase } from "./remote-bases.ts";

/** The desired side of one target, or why there is none. */
export type Desired =
  | {
      readonly type: "rendered";
      readonly checkout: Checkout;
      readonly resources: readonly Resource[];
      /** Parts that could not be read: nobody knows what they hold. */
      readonly unchecked: readonly Unchecked[];
      readonly warnings: readonly string[];
      /** Other repositories that it was rendered with. */
      readonly bases: readonly BaseState[];
      /** Every file of the commit that it was made from. */
      readonly files: readonly string[];
    }
  | {
      readonly type: "failed";
      /** Absent where the repository could not be read. */
      readonly checkout?: Checkout;
      readonly unchecked: Unchecked;
    };

/** What a commit holds for a target, before values are put in. Manifests have no bases. */
type DesiredRead = ManifestsRead & {
  readonly bases?: readonly BaseState[];
  readonly files?: readonly string[];
};

type Parts = Pick<Extract<Desired, { readonly type: "rendered" }>, "resources" | "unchecked">;

/** What desired sides are read with. */
export interface DesiredContext {
  readonly checkouts: Checkouts;
  readonly renderer: RendererPort;
  readonly openBase: OpenBase;
  /** As a request for a render has it: set where it is not what the target wants now. */
  readonly variant?: string;
}

/**
 * Reads what a target wants: a commit, rendered or as its manifests stand, with the deployer's values put in. Throws only
 * RENDERER_DAMAGED, which is true of every target.
 */
export async function readDesired(target: TargetConfig, context: DesiredContext): Promise<Desired> {
  const opened = await context.checkouts.open(target.repository);
  if (opened.type === "failed") {
    const { code, reason, hint } = opened.error;
    return { type: "failed", unchecked: { what: nameOf(target), code, reason, hint } };
  }
  const { checkout } = opened;
  const read = await readTree(target.desired, checkout, context);
  if (read.type === "failed") {
    return { type: "failed", checkout, unchecked: { what: nameOf(target), ...read.why } };
  }
  const { warnings, bases = [], files = filesBelow(target.desired, checkout) } = read;
  return { type: "rendered", checkout, ...putIn(read, valuesOf(target)), warnings, bases, files };
}

/** The files of manifests: all below their folder. */
function filesBelow(desired: DesiredConfig, { tree }: Checkout): readonly string[] {
  if (desired.type === "overlay") return [];
  const { manifests } = desired;
  return [...tree.keys()].filter(
    (file) => manifests === "" || file === manifests || file.startsWith(`${manifests}/`),
  );
}

async function readTree(
  desired: DesiredConfig,
  checkout: Checkout,
  context: DesiredContext,
): Promise<DesiredRead> {
  try {
    return desired.type === "overlay"
      ? await renderOverlay(desired, checkout, context)
      : await readManifests(checkout, desired.manifests);
  } catch (error) {
    if (!(error instanceof DriftError) || error.code === "RENDERER_DAMAGED") throw error;
    return { type: "failed", why: { code: error.code, reason: error.reason, hint: error.hint } };
  }
}

/** The overlays that a scan is going to render. */
export function overlaysOf(targets: Config["targets"]): readonly string[] {
  return targets.flatMap(({ desired }) => (desired.type === "overlay" ? [desired.overlay] : []));
}

function nameOf({ desired }: TargetConfig): string {
  const path = desired.type === "overlay" ? desired.overlay : desired.manifests;
  return `${desired.type} ${path === "" ? "." : path}`;
}

async function renderOverlay(
  { overlay, transform }: Extract<DesiredConfig, { readonly type: "overlay" }>,
  checkout: Checkout,
  { renderer, openBase, variant }: DesiredContext,
): Promise<DesiredRead> {
  const noted = noteBases(openBase);
  const request = { checkout, overlay, openBase: noted.openBase, ...(transform && { transform }) };
  const render = await renderer.render({ ...request, ...(variant !== undefined && { variant }) });
  if (render.type === "failed") {
    const { code, reason, hint } = render;
    return { type: "failed", why: { code, reason, hint } };
  }
  const { resources, bases, files } = render;
  const warnings = [...render.warnings, ...noted.warningsOf(bases)];
  return { type: "read", resources, unchecked: [], warnings, bases, files };
}

/** The values of `${NAME}`. Without any nothing is put in; a deployer may, also where the configuration does not say so. */
function valuesOf({ desired }: TargetConfig): Readonly<Record<string, string>> {
  return (desired.type === "overlay" ? desired.transform?.substitute : desired.substitute) ?? {};
}

function putIn(read: Parts, values: Readonly<Record<string, string>>): Parts {
  const resources: Resource[] = [];
  const unchecked = [...read.unchecked];
  for (const resource of read.resources) {
    const done = substituted(resource, values);
    if ("reason" in done) unchecked.push(done);
    else resources.push(done);
  }
  return { resources, unchecked };
}

function substituted(resource: Resource, values: Readonly<Record<string, string>>): Resource | Unchecked {
  const done = substitute(resource.object, values);
  if (done.type === "substituted" && done.object === resource.object) {
    return done.unresolved.length === 0 ? resource : { ...resource, unresolved: done.unresolved };
  }
  const key = done.type === "broken" ? undefined : keyOf(done.object);
  if (done.type === "broken" || key === undefined) {
    return {
      what: formatKey(resource.key),
      key: resource.key,
      code: "SUBSTITUTION_FAILED",
      reason: `with its variables put in it is no object: ${done.type === "broken" ? done.reason : "it has no name"}`,
      hint: "Check the values under transform.substitute of the target.",
    };
  }
  const { object, unresolved } = done;
  return { ...resource, key, object, ...(unresolved.length > 0 && { unresolved }) };
}
