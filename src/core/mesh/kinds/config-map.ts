import { readMapping } from "../../manifest/read-mapping.ts";
import type { Json } from "../../model/json.ts";
import { asItStands } from "../secrets.ts";
import * as s from "../shapes.ts";
import type { Field, KindTable } from "../table.ts";
import { meshConfig } from "./mesh-config.ts";

/** The networks of the mesh: YAML text, compared as the data it holds. Text that is no YAML may hold anything. */
const meshNetworks: Field = {
  ...asItStands,
  presence: "matters",
  secret: (at) => {
    const isText = at.up?.name === "data" && typeof at.value === "string";
    if (isText) return decode(at.value) === at.value;
    return typeof asItStands.secret === "function" && asItStands.secret(at);
  },
  rows: [
    s.rewrite("mesh-networks/decoded", "E1", decode, {
      reason: "The text is read as YAML: comments, the order of keys and quotes mean nothing.",
      source: "istio pkg/util/protomarshal/protomarshal.go:196-202",
    }),
  ],
};

function decode(value: Json): Json {
  return typeof value === "string" && value.trim() !== "" ? (readMapping(value) ?? value) : value;
}

/** ConfigMap, as far as it holds the configuration of the mesh. */
export const configMap: KindTable = {
  group: "",
  kind: "ConfigMap",
  fields: { data: s.message({ mesh: meshConfig, meshNetworks }) },
  structuralField: ["data", "meshNetworks"],
};
