import type { EffectTable } from "../effect.ts";
import { times } from "../effect-values.ts";
import { added, any, falls, from, removed, rises, to } from "../effect-words.ts";
import { aboutTarget } from "./traffic-policy-tls.ts";

/**
 * Sentences about ejection. Facts: istio.io/api networking/v1alpha3/destination_rule.proto (OutlierDetection); istio
 * pilot/pkg/networking/core/cluster_traffic_policy.go:493-560.
 */

const aFailing = "a failing endpoint is ejected";

function errors(what: string): EffectTable[string] {
  return [
    to(0, `${what} no longer eject an endpoint`),
    from(0, `an endpoint is ejected after {value} ${what} in a row`),
    rises(`an endpoint is ejected after {value} ${what} in a row, no longer {git}`),
    falls(`an endpoint is ejected after {value} ${what} in a row, no longer {git}`),
    added(`an endpoint is ejected after {value} ${what} in a row`),
    removed(`an endpoint is ejected after the default number of ${what} in a row, no longer {git}`),
  ];
}

function percent(before: string): EffectTable[string] {
  return [
    added(`${before} {value} %, no longer the default`),
    removed(`${before} the default share, no longer {git} %`),
    any(`${before} {value} %, no longer {git} %`),
  ];
}

/** What changes of the block at a path do. */
export function outlierDetectionRows(path: string): EffectTable {
  return {
    [path]: [
      added(aboutTarget("failing endpoints of", " are ejected")),
      removed(aboutTarget("failing endpoints of", " are no longer ejected by settings of their own")),
      any(aboutTarget("failing endpoints of", " are ejected by other criteria")),
    ],
    [`${path}.consecutive5xxErrors`]: errors("server errors"),
    [`${path}.consecutiveGatewayErrors`]: errors("gateway errors"),
    [`${path}.consecutiveLocalOriginFailures`]: errors("failures to connect"),
    [`${path}.splitExternalLocalOriginErrors`]: [
      to(true, "failures to connect are counted apart from answers with errors"),
      from(true, "failures to connect count as answers with errors"),
    ],
    [`${path}.interval`]: [
      rises((at) => `failing endpoints are looked for ${times(at) ?? "much"} less often`),
      falls((at) => `failing endpoints are looked for ${times(at) ?? "much"} more often`),
      any("failing endpoints are looked for at another interval"),
    ],
    [`${path}.baseEjectionTime`]: [
      rises((at) => `${aFailing} for ${times(at) ?? "much"} longer`),
      falls((at) => `${aFailing} for a time ${times(at) ?? "much"} shorter`),
      any(`${aFailing} for another time`),
    ],
    [`${path}.maxEjectionPercent`]: percent("endpoints may be ejected up to"),
    [`${path}.minHealthPercent`]: percent("ejection stops where fewer endpoints are healthy than"),
  };
}
