import { field, isObject, type Json, type JsonObject, sameJson, textField } from "../model/json.ts";
import { once } from "../model/once.ts";
import type { Resource } from "../model/resource.ts";
import { readMapping } from "../manifest/read-mapping.ts";
import { protoName } from "./proto-text.ts";
import type { Answer, FieldRow, Site } from "./table.ts";

/**
 * What rules ask of the mesh configuration: key `mesh` of ConfigMap `istio`, of `istio-<revision>`, and of a shared
 * ConfigMap that is merged first. What of it holds for an object is not worked out: a setting counts as left at its
 * default only where none of them gives it.
 */

/** Decoded texts, by the ConfigMap they stand in: every object with exportTo asks. */
const decode = once(
  // istiod keeps what it had where it cannot read the text, and nobody knows what that was.
  ({ object }: Resource) => readMapping(textField(field(object, "data"), "mesh")) ?? "unknown",
);

/** The ConfigMaps with mesh configuration among all: a cluster has thousands of others. */
const withMesh = once((configMaps: readonly Resource[]) =>
  configMaps.filter(({ object }) => field(field(object, "data"), "mesh") !== undefined),
);

/** The mesh configurations that were read; undefined where the one an object is under was not. */
function meshConfigs(at: Site): readonly (JsonObject | "unknown")[] | undefined {
  const revision = textField(field(field(at.object.object, "metadata"), "labels"), "istio.io/rev");
  const wanted = revision === "" || revision === "default" ? "istio" : `istio-${revision}`;
  const configMaps = withMesh(at.facts.all("", "ConfigMap"));
  return configMaps.some(({ key }) => key.name === wanted) ? configMaps.map(decode) : undefined;
}

/** One top-level setting: its value, undefined where nobody set it, "unknown" where that cannot be told. */
export function meshSetting(at: Site, name: string): Json | undefined {
  const configs = meshConfigs(at);
  if (configs === undefined) return "unknown";
  const values: Json[] = [];
  for (const config of configs) {
    if (config === "unknown") return "unknown";
    // The decoder takes both spellings of a field's name.
    const value = field(config, name) ?? field(config, protoName(name));
    if (value !== undefined && !values.some((other) => sameJson(other, value))) values.push(value);
  }
  return values.length > 1 ? "unknown" : values[0];
}

/** The namespace of mesh-wide policies: as the mesh configuration says, else as we were told. */
export function rootNamespace(at: Site): string {
  const value = meshSetting(at, "rootNamespace");
  return typeof value === "string" && value !== "" && value !== "unknown" ? value : at.facts.rootNamespace;
}

/** What a rule says that cannot be decided without the mesh configuration. */
export const missingConfig = { missing: "the mesh configuration (ConfigMap istio)" };

/** Whether the object stands where policies hold for the whole mesh; undecided where nobody could tell. */
export function isRootNamespace(at: Site): Answer {
  if (meshSetting(at, "rootNamespace") === "unknown") return missingConfig;
  return at.object.key.namespace === rootNamespace(at);
}

/** Whether nobody gave a top-level setting of the mesh another value than the built-in one: absent or empty. */
export function meshDefault(at: Site, name: string): Answer {
  const value = meshSetting(at, name);
  return value === "unknown" ? missingConfig : value === undefined;
}

/** Whether objects are exported to every namespace unless they say otherwise. */
function exportsEverywhere(at: Site, setting: string): Answer {
  const value = meshSetting(at, setting);
  if (value === "unknown") return missingConfig;
  return (
    value === undefined || (Array.isArray(value) && value.length === 1 && value[0] === "*") || isEmpty(value)
  );
}

function isEmpty(value: Json): boolean {
  return isObject(value) ? Object.keys(value).length === 0 : Array.isArray(value) && value.length === 0;
}

/** The row for `exportTo` left out, by the MeshConfig setting that gives the default. */
export function exportToDefault(setting: string): FieldRow {
  return {
    id: `export-to/${setting}`,
    level: "CTX",
    type: "absent",
    sameAs: ["*"],
    reason: `Without exportTo MeshConfig.${setting} decides, and it is ["*"] unless somebody set it.`,
    source: "istio pilot/pkg/model/virtualservice_controller.go:226-284; pkg/config/mesh/mesh.go:65-131",
    when: (at) => exportsEverywhere(at, setting),
  };
}
