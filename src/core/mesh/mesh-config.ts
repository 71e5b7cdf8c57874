import { field, isObject, type Json, type JsonObject, textField } from "../model/json.ts";
import type { Resource } from "../model/resource.ts";
import { parseManifest } from "../manifest/parse-manifest.ts";
import type { Answer, FieldRow, Site } from "./table.ts";

/** What rules ask of the mesh configuration (ConfigMap `istio` in the root namespace, key `mesh`). */

/** Decoded texts, by the ConfigMap they stand in: every object with exportTo asks. */
const decoded = new WeakMap<Resource, JsonObject>();

function decode(configMap: Resource): JsonObject {
  const known = decoded.get(configMap);
  if (known !== undefined) return known;
  const [document] = parseManifest(textField(field(configMap.object, "data"), "mesh")).documents;
  const config = document?.object ?? {};
  decoded.set(configMap, config);
  return config;
}

/** One top-level setting: its value, undefined where it is not set, or "unknown" where the ConfigMap was not read. */
function meshSetting(at: Site, name: string): Json | undefined {
  const { facts } = at;
  const found = facts.find("", "ConfigMap", facts.rootNamespace, "istio");
  return found === "unknown" ? "unknown" : field(decode(found), name);
}

const missingConfig = { missing: "the mesh configuration (ConfigMap istio in the root namespace)" };

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
