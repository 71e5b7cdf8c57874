import { field, isList, type Json } from "../../model/json.ts";
import { parseDurationNs } from "../scalar.ts";
import * as s from "../shapes.ts";
import { listAt, withField, without } from "../sites.ts";
import type { Field, ObjectRow, Order } from "../table.ts";
import { stringMatch } from "./virtual-service-parts.ts";

const route = "istio pilot/pkg/networking/core/route/route.go";

/** The deprecated list of exact origins counts only where the new one is empty. */
const originTwin: ObjectRow = {
  id: "virtual-service/cors-origin-twin",
  level: "E2",
  reason: "The field allowOrigin is the old spelling of allowOrigins with exact, and is not read beside it.",
  source: `${route}:1242-1247`,
  rewrite: (value) => {
    const old = field(value, "allowOrigin");
    if (!isList(old) || old.length === 0) return value;
    const rest = without(value, "allowOrigin");
    if (listAt(value, "allowOrigins").length > 0) return rest;
    return withField(
      rest,
      "allowOrigins",
      old.map((exact) => ({ exact })),
    );
  },
};

const origins: Order = s.set("virtual-service/cors-origins", {
  reason: "Any of the origins is allowed; their order does not matter.",
  source: `${route}:1242-1247`,
});

/** Browsers read these as sets, but Envoy sends the text in the order of the list. */
function headerText(name: string): Order {
  return {
    ...s.set(`virtual-service/cors-${name}`, {
      reason: "Browsers read the list as a set; Envoy sends it in the order written.",
      source: `${route}:1257-1259`,
    }),
    level: "E3",
  };
}

function wholeSeconds(value: Json): Json {
  const nanoseconds = typeof value === "string" ? parseDurationNs(value) : undefined;
  if (nanoseconds === undefined || nanoseconds % 1_000_000_000n === 0n) return value;
  return `${(nanoseconds / 1_000_000_000n).toString()}s`;
}

/** What browsers may do from other origins. */
export const cors: Field = s.messageBy(
  [originTwin],
  {
    allowOrigin: s.listOf(s.text(), origins),
    allowOrigins: s.listOf(s.message(stringMatch), origins),
    allowMethods: s.listOf(s.text(), headerText("methods")),
    allowHeaders: s.listOf(s.text(), headerText("headers")),
    exposeHeaders: s.listOf(s.text(), headerText("exposed-headers")),
    maxAge: s.duration({
      rows: [
        s.rewrite("virtual-service/cors-max-age", "E2", wholeSeconds, {
          reason: "Only the whole seconds of maxAge are sent to browsers.",
          source: `${route}:1260-1262`,
        }),
      ],
    }),
    allowCredentials: s.present(
      s.boolean({
        rows: [
          s.absent("virtual-service/cors-credentials", "E3", false, {
            reason: "Envoy sends no credentials header unless it is told to.",
            source: `${route}:1256`,
          }),
        ],
      }),
    ),
    unmatchedPreflights: s.enumeration("UNSPECIFIED", {
      rows: [
        s.absent("virtual-service/cors-preflights", "E2", "FORWARD", {
          reason: "Preflights that match nothing are forwarded unless told otherwise.",
          source: `${route}:1222-1229`,
        }),
        s.trap("virtual-service/cors-preflights-ignored", [undefined, "IGNORE"], {
          reason: "IGNORE answers preflights that match nothing instead of forwarding them.",
          source: `${route}:1222-1229`,
        }),
      ],
    }),
  },
  {
    rows: [
      s.trap("virtual-service/cors-empty", [undefined, {}], {
        reason: "An empty policy turns the filter on for the route, with no origin allowed.",
        source: `${route}:565-567`,
      }),
    ],
  },
);
