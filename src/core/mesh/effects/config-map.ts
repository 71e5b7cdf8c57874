import type { Effect } from "../../model/finding.ts";
import type { Resource } from "../../model/resource.ts";
import type { Difference, EffectRow, EffectTable, KindEffects } from "../effect.ts";
import { eitherSide } from "../effect-values.ts";
import { added, any, removed, where } from "../effect-words.ts";
import { isSharedSettingClear } from "../kinds/mesh-config.ts";
import { pathTo } from "../place.ts";
import { meshProviders } from "./mesh-config-providers.ts";
import { meshProxy } from "./mesh-config-proxy.ts";
import { meshSecurity } from "./mesh-config-security.ts";
import { meshTraffic } from "./mesh-config-traffic.ts";

/**
 * Sentences about the configuration of the mesh. It holds for all workloads, so whatever nothing nearer is known of
 * weakens. Facts: istio.io/api mesh/v1alpha1/config.proto; istio pilot/pkg/bootstrap/mesh.go:44-136 (a text that istiod
 * cannot read leaves the last one that it could).
 */

/** Settings that are put together from the shared and the main configuration, not replaced. */
const merged = new Set(["defaultConfig", "defaultProviders", "extensionProviders", "trustDomainAliases"]);

/** Whether one side leaves a setting to a shared configuration that is not known, or not the same on both. */
function isLeftToShared(at: Difference): boolean {
  const node = at.desired !== undefined && at.live !== undefined ? undefined : eitherSide(at);
  if (node === undefined) return false;
  const [, , setting, ...rest] = pathTo(node.site);
  const isOwn = rest.length === 0 || merged.has(String(setting));
  return setting !== undefined && isOwn && isSharedSettingClear(node.site) !== true;
}

const leftToShared: readonly EffectRow[] = where(isLeftToShared, [
  any("on one side the shared mesh configuration decides, and may say otherwise", "weakens"),
]);

const settings: EffectTable = { ...meshSecurity, ...meshTraffic, ...meshProviders, ...meshProxy };

/** Whether a text is there that istiod refuses. */
function isUnreadable(node: Difference["live"]): boolean {
  return node !== undefined && node.body.type !== "record";
}

const wholeMesh: readonly EffectRow[] = [
  ...where(
    ({ live }) => isUnreadable(live),
    [any("istiod cannot read this text, and keeps the last configuration that it could read", "weakens")],
  ),
  ...where(
    ({ desired }) => isUnreadable(desired),
    [any("istiod cannot read Git's text, so live's settings are none that Git gives", "weakens")],
  ),
  removed("the mesh has none of the settings of Git", "weakens"),
  added("the mesh has settings that Git does not have", "weakens"),
  any("the whole mesh has other settings", "weakens"),
];

const fields: EffectTable = {
  data: [any("the whole mesh has other settings", "weakens")],
  "data.mesh": wholeMesh,
  "data.meshNetworks": [
    added("traffic between networks goes by gateways that Git does not have", "weakens"),
    removed("Istio no longer knows the networks of the mesh, nor the gateways between them", "weakens"),
    any("workloads count to other networks, or are reached by other gateways", "weakens"),
  ],
  ...Object.fromEntries(
    Object.entries(settings).map(
      ([path, rows]) => [`data.mesh.${path}`, [...leftToShared, ...rows]] as const,
    ),
  ),
};

/** "the mesh", "the control plane of revision 1-27" */
function whose({ key }: Resource): string {
  const revision = /^istio-(?!shared-)(.+)$/.exec(key.name)?.[1];
  return revision === undefined ? "the mesh" : `the control plane of revision ${revision}`;
}

function whole(before: string): (resource: Resource) => Effect {
  return (resource) => ({ text: `${whose(resource)} ${before}`, direction: "weakens" });
}

/** What changes of the mesh configuration do. */
export const configMapEffects: KindEffects = {
  group: "",
  kind: "ConfigMap",
  fields,
  missing: whole("has none of the settings of Git here: others, or Istio's defaults, hold"),
  extra: whole("has settings that Git does not have"),
};
