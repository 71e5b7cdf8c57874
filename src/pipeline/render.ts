import type { Config, TargetConfig } from "../config/config.ts";
import { didYouMean } from "../core/model/closest.ts";
import type { Unchecked } from "../core/model/finding.ts";
import { formatFew, formatKey, keyId, type Resource, type ResourceKey } from "../core/model/resource.ts";
import { DriftError } from "../lib/errors.ts";
import { createCheckouts } from "./checkouts.ts";
import { readDesired } from "./desired.ts";
import { openBases } from "./remote-bases.ts";
import type { ScanPorts } from "./scan-ports.ts";

/** What Git wants of a target. */
export interface Rendered {
  readonly resources: readonly Resource[];
  /** Parts of it that could not be read. */
  readonly unchecked: readonly Unchecked[];
  /** What the renderer warned about. */
  readonly warnings: readonly string[];
}

/**
 * The desired side of a target as a scan compares it, or one object of it. Throws DriftError where the whole of it cannot
 * be rendered; for one object USAGE where Git does not have it, and RENDER_FAILED where only the deployer knows what it
 * says.
 */
export async function runRender(
  config: Config,
  { source, renderer }: Pick<ScanPorts, "source" | "renderer">,
  target: TargetConfig,
  key?: ResourceKey,
): Promise<Rendered> {
  const checkouts = createCheckouts(source);
  try {
    const openBase = openBases(config.render.remoteBases, checkouts);
    const desired = await readDesired(target, { checkouts, renderer, openBase });
    if (desired.type === "failed") throw failureOf(desired.unchecked);
    const { resources, unchecked, warnings } = desired;
    if (key !== undefined) return { resources: [pick(key, desired, target)], unchecked: [], warnings };
    const open = resources.flatMap((resource) => openValues(resource) ?? []);
    return { resources, unchecked: [...unchecked, ...open], warnings };
  } finally {
    await checkouts.close();
  }
}

function failureOf({ what, reason, hint }: Unchecked): DriftError {
  return new DriftError("RENDER_FAILED", `${what}: ${reason}`, { hint });
}

/** The one object, whole. */
function pick(
  key: ResourceKey,
  { resources, unchecked }: Pick<Rendered, "resources" | "unchecked">,
  { name }: TargetConfig,
): Resource {
  const isIt = (other: ResourceKey | undefined) => other !== undefined && keyId(other) === keyId(key);
  const found = resources.find((resource) => isIt(resource.key));
  const why = unchecked.find((one) => isIt(one.key)) ?? (found && openValues(found));
  if (why !== undefined) throw failureOf(why);
  if (found !== undefined) return found;
  const known = resources.map((resource) => formatKey(resource.key));
  const shown = formatKey(key);
  const parts =
    unchecked.length === 0 ? "" : `; not all of it could be read: ${String(unchecked[0]?.reason)}`;
  throw new DriftError("USAGE", `Git has no ${shown} in target ${name}${didYouMean(shown, known)}${parts}`, {
    hint: known.length === 0 ? "It has no object at all." : `It has ${formatFew(known, 5)}.`,
  });
}

/** An object with `${NAME}` in it is not what the deployer applies. */
function openValues({ key, unresolved = [] }: Resource): Unchecked | undefined {
  if (unresolved.length === 0) return undefined;
  return {
    what: formatKey(key),
    key,
    code: "SUBSTITUTION_FAILED",
    reason: `nobody gave ${formatFew(unresolved.map((name) => `\${${name}}`))} a value`,
    hint: "Name the values under transform.substitute of the target.",
  };
}
