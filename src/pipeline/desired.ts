import type { Config, DesiredConfig, TargetConfig } from "../config/config.ts";
import { substitute, variablesIn } from "../core/manifest/substitute.ts";
import type { Unchecked } from "../core/model/finding.ts";
import { formatKey, keyOf, type Resource } from "../core/model/resource.ts";
import type { BaseState } from "../core/model/scan-result.ts";
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
    }
  | {
      readonly type: "failed";
      /** Absent where the repository could not be read. */
      readonly checkout?: Checkout;
      readonly unchecked: Unchecked;
    };

/** What a commit holds for a target, before values are put in. Manifests have no bases. */
type DesiredRead = ManifestsRead & { readonly bases?: readonly BaseState[] };

type Parts = Pick<Extract<Desired, { readonly type: "rendered" }>, "resources" | "unchecked">;

/** What desired sides are read with. */
export interface DesiredContext {
  readonly checkouts: Checkouts;
  readonly renderer: RendererPort;
  readonly openBase: OpenBase;
}

/** Reads what a target wants: a commit, rendered or as its manifests stand, with the deployer's values put in. */
export async function readDesired(target: TargetConfig, context: DesiredContext): Promise<Desired> {
  const opened = await context.checkouts.open(target.repository);
  if (opened.type === "failed") {
    const { code, message: reason, hint } = opened.error;
    return { type: "failed", unchecked: { what: nameOf(target), code, reason, hint } };
  }
  const { checkout } = opened;
  const read: DesiredRead =
    target.desired.type === "overlay"
      ? await renderOverlay(target.desired, checkout, context)
      : await readManifests(checkout, target.desired.manifests);
  if (read.type === "failed") {
    return { type: "failed", checkout, unchecked: { what: nameOf(target), ...read.why } };
  }
  const { warnings, bases = [] } = read;
  return { type: "rendered", checkout, ...putIn(read, valuesOf(target)), warnings, bases };
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
  { renderer, openBase }: DesiredContext,
): Promise<DesiredRead> {
  const noted = noteBases(openBase);
  const request = { checkout, overlay, openBase: noted.openBase, ...(transform && { transform }) };
  const render = await renderer.render(request);
  if (render.type === "failed") {
    const { code, reason, hint } = render;
    return { type: "failed", why: { code, reason, hint } };
  }
  const { resources, bases } = render;
  const warnings = [...render.warnings, ...noted.warningsOf(bases)];
  return { type: "read", resources, unchecked: [], warnings, bases };
}

/** The values of `${NAME}`; undefined where the target names none, and nothing is put in. */
function valuesOf({ desired }: TargetConfig): Readonly<Record<string, string>> | undefined {
  return desired.type === "overlay" ? desired.transform?.substitute : desired.substitute;
}

function putIn(read: Parts, values: Readonly<Record<string, string>> | undefined): Parts {
  const resources: Resource[] = [];
  const unchecked = [...read.unchecked];
  for (const resource of read.resources) {
    const done = values === undefined ? withOpenVariables(resource) : substituted(resource, values);
    if ("reason" in done) unchecked.push(done);
    else resources.push(done);
  }
  return { resources, unchecked };
}

/** A deployer may put values in, also where the configuration does not say so. */
function withOpenVariables(resource: Resource): Resource {
  const unresolved = variablesIn(resource.object);
  return unresolved.length === 0 ? resource : { ...resource, unresolved };
}

function substituted(resource: Resource, values: Readonly<Record<string, string>>): Resource | Unchecked {
  const done = substitute(resource.object, values);
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
