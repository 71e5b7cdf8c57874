import type { EffectTable, KindEffects } from "../effect.ts";
import { itemsOf, valueAt } from "../effect-values.ts";
import { added, any, changed, falls, from, removed, reordered, rises, to, where } from "../effect-words.ts";
import { scopeAndTargetRows } from "./scope-rows.ts";

/**
 * Sentences about Telemetries: what is logged, measured and traced. It decides nothing about who may do what, so all of
 * it is neutral. Facts: istio.io/api telemetry/v1alpha1/telemetry.proto; istio pilot/pkg/model/telemetry.go:242-385.
 */

const otherLogs = any("other requests are logged, or to another place");
const otherMetrics = any("requests are measured differently");
const otherSpans = any("requests are traced differently");

/** Rows of a list of providers, by what goes to them. */
function providerRows(list: string, what: string): EffectTable {
  return {
    [list]: [
      added(`${what} go to the named providers`),
      removed(`${what} go to the providers that are set above`),
      any(`${what} go to another provider`),
    ],
    [`${list}[]`]: [
      added(`${what} go to one more provider`),
      removed(`${what} no longer go to one provider`),
      any(`${what} go to another provider`),
    ],
    [`${list}[].name`]: [changed(`${what} go to {value} in place of {git}`)],
  };
}

const fields: EffectTable = {
  spec: [any("requests are logged, measured or traced differently")],
  ...scopeAndTargetRows("the telemetry", () => "neutral"),
  "spec.accessLogging": [
    reordered("of access logs the later entry wins: another one may count"),
    ...where(
      ({ live }) => itemsOf(live).some((entry) => valueAt(entry, "disabled") === true),
      [added("access logs are now off")],
    ),
    added("access logs are on as written here"),
    removed("access logs are left to what is set above"),
    otherLogs,
  ],
  "spec.accessLogging[]": [
    ...where(
      ({ live }) => valueAt(live, "disabled") === true,
      [added("access logs are off for some requests")],
    ),
    added("requests are also logged by one more entry"),
    removed("requests are no longer logged by one entry"),
    otherLogs,
  ],
  "spec.accessLogging[].disabled": [
    to(true, "access logs are now off"),
    from(true, "access logs are now on"),
    otherLogs,
  ],
  "spec.accessLogging[].filter": [
    added("only some requests are logged"),
    removed("every request is logged"),
    any("other requests are logged"),
  ],
  "spec.accessLogging[].match": [any("requests are logged on another side: client, server or both")],
  ...providerRows("spec.accessLogging[].providers", "access logs"),
  "spec.metrics": [
    reordered("of metrics the later entry wins: another one may count"),
    added("metrics are as written here"),
    removed("metrics are left to what is set above"),
    otherMetrics,
  ],
  "spec.metrics[].overrides": [reordered("of overrides the later one wins: another may count"), otherMetrics],
  "spec.metrics[].overrides[]": [
    ...where(({ live }) => valueAt(live, "disabled") === true, [added("metrics are now off")]),
    ...where(({ desired }) => valueAt(desired, "disabled") === true, [removed("metrics are now on")]),
    otherMetrics,
  ],
  "spec.metrics[].overrides[].disabled": [
    to(true, "metrics are now off"),
    from(true, "metrics are now on"),
    otherMetrics,
  ],
  "spec.metrics[].overrides[].match": [any("other metrics are overridden")],
  "spec.metrics[].overrides[].tagOverrides": [any("metrics have other tags")],
  "spec.metrics[].overrides[].tagOverrides.*": [
    ...where(({ live }) => valueAt(live, "operation") === "REMOVE", [any("metrics lose a tag")]),
    ...where(({ desired }) => valueAt(desired, "operation") === "REMOVE", [any("metrics get a tag back")]),
    any("a tag of metrics has another value"),
  ],
  "spec.metrics[].reportingInterval": [
    rises("metrics are reported less often"),
    falls("metrics are reported more often"),
    any("metrics are reported at another interval"),
  ],
  ...providerRows("spec.metrics[].providers", "metrics"),
  "spec.metrics[]": [otherMetrics],
  "spec.tracing": [
    reordered("of tracing the later entry wins: another one may count"),
    ...where(
      ({ live }) => itemsOf(live).some((entry) => valueAt(entry, "disableSpanReporting") === true),
      [added("tracing is now off")],
    ),
    added("tracing is as written here"),
    removed("tracing is left to what is set above"),
    otherSpans,
  ],
  "spec.tracing[]": [otherSpans],
  "spec.tracing[].match": [any("requests are traced on another side: client, server or both")],
  "spec.tracing[].disableSpanReporting": [
    to(true, "tracing is now off"),
    from(true, "tracing is now on"),
    otherSpans,
  ],
  "spec.tracing[].randomSamplingPercentage": [
    to(0, "no requests are traced any more unless a caller asks for it"),
    changed("{git} % -> {value} % of requests are traced"),
    added("{value} % of requests are traced, whatever is set above"),
    removed("the share of requests that are traced is left to what is set above"),
    otherSpans,
  ],
  "spec.tracing[].customTags": [
    added("spans have the tags written here, not those that are set above"),
    removed("spans have the tags that are set above"),
    any("spans have other tags"),
  ],
  "spec.tracing[].customTags.*": [
    added("spans have one more tag"),
    removed("spans lose a tag"),
    any("a tag of spans has another value"),
  ],
  "spec.tracing[].useRequestIdForTraceSampling": [any("which requests are traced is decided differently")],
  "spec.tracing[].enableIstioTags": [
    to(false, "spans lose the tags of Istio"),
    any("spans have the tags of Istio, or what is set above"),
  ],
  "spec.tracing[].disableContextPropagation": [
    to(true, "traces end here: their headers are not passed on"),
    any("the headers of traces are passed on, or what is set above"),
  ],
  ...providerRows("spec.tracing[].providers", "spans"),
};

/** What changes of a Telemetry do. */
export const telemetryEffects: KindEffects = {
  group: "telemetry.istio.io",
  kind: "Telemetry",
  fields,
  missing: () => ({ text: "logs, metrics and traces are left to what is set above", direction: "neutral" }),
  extra: () => ({
    text: "logs, metrics or traces are made in a way that Git does not have",
    direction: "neutral",
  }),
};
