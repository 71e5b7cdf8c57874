import { field } from "../../model/json.ts";
import * as s from "../shapes.ts";
import { isSet, wholeNumber, withField, without } from "../sites.ts";
import type { Field, FieldRow, ObjectRow } from "../table.ts";
import { standsAlone } from "./virtual-service-site.ts";

const source =
  "istio pilot/pkg/networking/core/route/route.go:1389-1412; istio.io/api networking/v1alpha3/virtual_service.proto:1508-1579";

const noShare: FieldRow = s.absent(
  "virtual-service/fault-percentage",
  "E3",
  {},
  {
    reason: "A fault without a percentage hits no request, and neither does one of 0 %.",
    source,
    // Without it the old spelling beside it would be read.
    when: (at) => !isSet(at.up?.value, "percent"),
  },
);

function share(): Field {
  return s.message({ value: s.number() }, { rows: [noShare] });
}

/** The deprecated whole number of percent, which istiod sends as hundredths and the other as millionths. */
const percentTwin: ObjectRow = {
  id: "virtual-service/fault-percent-twin",
  level: "E3",
  reason: "The field percent is the old spelling of percentage, and is not read beside it.",
  source,
  rewrite: (value) => {
    const percent = wholeNumber(field(value, "percent"));
    if (percent === undefined || percent === 0 || isSet(value, "percentage")) return value;
    return withField(without(value, "percent"), "percentage", { value: percent });
  },
};

/** Errors and delays put in on purpose. */
export const fault: Field = s.message(
  {
    delay: s.messageBy([percentTwin], {
      percent: s.number(),
      percentage: share(),
      fixedDelay: s.duration(),
      exponentialDelay: s.duration(),
    }),
    abort: s.message({
      percentage: share(),
      httpStatus: s.present(s.number()),
      grpcStatus: s.present(s.text()),
      http2Error: s.present(s.text()),
    }),
  },
  {
    rows: [
      s.absent(
        "virtual-service/fault-empty",
        "E3",
        {},
        {
          reason: "A fault with neither delay nor abort does nothing.",
          source: "istio pilot/pkg/networking/core/route/route.go:559-564, 1430",
          when: standsAlone,
        },
      ),
    ],
  },
);
