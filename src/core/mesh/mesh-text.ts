import { readMapping } from "../manifest/read-mapping.ts";
import { field as fieldOf, type Json, type JsonObject, isObject } from "../model/json.ts";
import { once } from "../model/once.ts";
import { isNewerThanKnown } from "./istio-version.ts";
import { isDecodable, withEnumNames, withJsonNames, withoutUnknown } from "./proto-text.ts";
import * as s from "./shapes.ts";
import { without } from "./sites.ts";
import type { Answer, Field, FieldRow, Site } from "./table.ts";

const protomarshal = "istio pkg/util/protomarshal/protomarshal.go";
const jsonpb = "golang/protobuf jsonpb/decode.go";

/** Names that are decoded, and then replaced by what stands under their other spelling. */
const unreadNames = ["default_config", "default_providers"] as const;

/** The mapping of a text that istiod reads as a message; undefined where it refuses the text. */
function readMessage(shape: Field, text: Json): JsonObject | undefined {
  const mapping = typeof text === "string" ? readMapping(text) : undefined;
  return mapping !== undefined && isDecodable(shape, withJsonNames(shape, mapping)) ? mapping : undefined;
}

/** The same with every spelling plain; undefined where istiod refuses the text. */
export function readPlainMessage(shape: Field, text: Json): JsonObject | undefined {
  const read = readMessage(shape, text);
  if (read === undefined) return undefined;
  const named = withJsonNames(shape, without(read, ...unreadNames));
  const plain = withoutUnknown(shape, withEnumNames(shape, named));
  return isObject(plain) ? plain : undefined;
}

/** Whether a key that no table knows is unknown to Istio, too: a newer one knows more. */
function isKnownVersion({ facts }: Site): Answer {
  return isNewerThanKnown(facts.istio) === true
    ? { missing: `whether Istio ${facts.istio} knows the key` }
    : true;
}

/** How istiod reads the text of a message of the mesh configuration. */
export function textRows(shape: Field): readonly FieldRow[] {
  // The rule is asked first, and then applied: one reading is enough for both.
  const readAt = once(({ value = null }: Site) => readMessage(shape, value));
  return [
    s.rewrite("mesh-config/decoded", "E1", (value, at) => readAt(at) ?? value, {
      reason: "The text is read as YAML: comments, the order of keys and quotes mean nothing.",
      source: `${protomarshal}:196-202`,
      when: (at) => typeof at.value !== "string" || readAt(at) !== undefined || lastKnownGood,
    }),
    s.rewrite(
      "mesh-config/unread-names",
      "E1",
      (value) =>
        isObject(value) && unreadNames.some((name) => fieldOf(value, name) !== undefined)
          ? without(value, ...unreadNames)
          : value,
      {
        reason: "The keys default_config and default_providers are not read, only those in camelCase.",
        source: "istio pkg/config/mesh/mesh.go:213-235",
      },
    ),
    s.rewrite("mesh-config/field-names", "E1", (value) => withJsonNames(shape, value), {
      reason:
        "A key may be written as in the .proto file: access_log_file is accessLogFile, which wins over it.",
      source: `${jsonpb}:268-282`,
    }),
    s.rewrite("mesh-config/enumeration-numbers", "E1", (value) => withEnumNames(shape, value), {
      reason: "A value of an enumeration may be written as its number.",
      source: `${jsonpb}:492-500`,
    }),
    s.rewrite("mesh-config/unknown-keys", "E1", (value) => withoutUnknown(shape, value), {
      reason: "Keys that Istio does not know are skipped.",
      source: `${protomarshal}:175-184`,
      when: isKnownVersion,
    }),
  ];
}

const lastKnownGood: Answer = {
  missing:
    "what istiod holds instead: it cannot read this text, and keeps the last configuration that it could read",
};
