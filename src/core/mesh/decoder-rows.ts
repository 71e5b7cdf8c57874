import type { Order, Row } from "./table.ts";

/** What Istio's decoder does not tell apart, whatever the kind (facts about proto3 and jsonpb). */
export const decoderRows = {
  null: {
    id: "decoder/null",
    level: "E1",
    reason: "null is the same as leaving the field out.",
    source: "golang/protobuf jsonpb/decode.go:286",
  },
  zero: {
    id: "decoder/zero",
    level: "E1",
    reason:
      'The zero of a plain field (0, false, "", the first name of an enumeration) is the same as leaving it out.',
    source: "golang/protobuf jsonpb/decode.go:264-290 (proto3)",
  },
  emptyList: {
    id: "decoder/empty-list",
    level: "E1",
    reason: "An empty list is the same as leaving it out.",
    source: "protobuf-go internal/impl/message_reflect_field.go (fieldInfoForList)",
  },
  emptyMap: {
    id: "decoder/empty-map",
    level: "E1",
    reason: "An empty map is the same as leaving it out.",
    source: "protobuf-go internal/impl/message_reflect_field.go (fieldInfoForMap)",
  },
} as const satisfies Readonly<Record<string, Row>>;

/** Lists whose meaning nobody stated: order counts, and a `name` names an item. */
export const asWritten: Order = {
  id: "decoder/as-written",
  level: "E1",
  type: "ordered",
  reason: "The meaning of the order is not known, so it counts.",
  source: "RFC 8259 section 5",
  identity: [[["name"]]],
};
