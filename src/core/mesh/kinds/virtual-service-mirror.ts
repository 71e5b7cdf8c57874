import { field, isList, isObject, objectOf } from "../../model/json.ts";
import * as s from "../shapes.ts";
import { isSet, wholeNumber, withField, without } from "../sites.ts";
import type { Field, FieldRow, ObjectRow, Site } from "../table.ts";
import { destination } from "./virtual-service-parts.ts";
import { standsAlone } from "./virtual-service-site.ts";

const route = "istio pilot/pkg/networking/core/route/route.go";

/** The snake_case alias that the CRD admits; the camelCase name is read second and wins, even with a null. */
export const mirrorPercentAlias: ObjectRow = {
  id: "virtual-service/mirror-percent-alias",
  level: "E1",
  reason: "The field mirror_percent is another name of mirrorPercent.",
  source: "istio CRD virtualservices, http[].mirror_percent; golang/protobuf jsonpb/decode.go:268-282",
  rewrite: (value) => {
    const alias = field(value, "mirror_percent");
    if (alias === undefined) return value;
    const rest = without(value, "mirror_percent");
    return Object.hasOwn(value, "mirrorPercent") ? rest : withField(rest, "mirrorPercent", alias);
  },
};

/** istiod sends the one as hundredths, the other as millionths: the same share in other words. */
export const mirrorPercentTwin: ObjectRow = {
  id: "virtual-service/mirror-percent-twin",
  level: "E3",
  reason: "The field mirrorPercent is the old spelling of mirrorPercentage.",
  source: `${route}:903-928`,
  when: standsAlone,
  rewrite: (value) => {
    const percent = wholeNumber(field(value, "mirrorPercent"));
    if (percent === undefined || isSet(value, "mirrorPercentage")) return value;
    return withField(without(value, "mirrorPercent"), "mirrorPercentage", { value: percent });
  },
};

/** The single mirror comes before those of the list. */
export const mirrorTwin: ObjectRow = {
  id: "virtual-service/mirror-twin",
  level: "E2",
  reason: "The field mirror is the old spelling of an item of mirrors.",
  source: `${route}:664-677`,
  when: standsAlone,
  rewrite: (value) => {
    const mirror = field(value, "mirror");
    if (!isObject(mirror) || isSet(value, "mirrorPercent")) return value;
    const percentage = field(value, "mirrorPercentage");
    const twin = objectOf([
      ["destination", mirror],
      ...(percentage === undefined ? [] : [["percentage", percentage] as const]),
    ]);
    const others = field(value, "mirrors");
    const rest = without(value, "mirror", "mirrorPercentage");
    return withField(rest, "mirrors", [twin, ...(isList(others) ? others : [])]);
  },
};

/** Whether leaving a percentage out says 100 %: the old spelling beside it would count then. */
function isOnlyPercentage({ up }: Site): boolean {
  return !isObject(up?.value) || !isSet(up.value, "mirrorPercent");
}

const share: readonly FieldRow[] = [
  s.absent(
    "virtual-service/mirror-percentage",
    "E3",
    { value: 100 },
    {
      reason: "Without a percentage everything is mirrored.",
      source: `${route}:903-946; Envoy's runtime fraction is absent in one of them`,
      when: isOnlyPercentage,
    },
  ),
  s.trap("virtual-service/mirror-percentage-empty", [undefined, {}], {
    reason: "Without a percentage everything is mirrored; an empty percentage is 0 % and mirrors nothing.",
    source: `${route}:903-928`,
  }),
];

const mirrorPercentage: Field = s.message({ value: s.number() }, { rows: share });

const mirrorPercent: Field = s.present(
  s.number({
    rows: [
      s.trap("virtual-service/mirror-percent-zero", [undefined, 0], {
        reason: "0 % mirrors nothing; without a percentage everything is mirrored.",
        source: `${route}:903-928`,
      }),
    ],
  }),
);

/** Where copies of requests go. Fields of an HTTP route. */
export const mirrorFields: Readonly<Record<string, Field>> = {
  mirror: destination,
  mirrorPercent,
  mirrorPercentage,
  mirrors: s.listOf(
    s.message({ destination, percentage: mirrorPercentage }),
    s.bag(
      "virtual-service/mirrors",
      { reason: "Mirrors are independent of each other.", source: `${route}:671-677` },
      [
        [["destination", "subset"]],
        [["destination", "host"]],
        [
          ["destination", "host"],
          ["destination", "subset"],
        ],
      ],
    ),
  ),
};
