import type { EffectTable } from "../effect.ts";
import { added, any, changed, falls, inside, removed, reordered, rises, to } from "../effect-words.ts";
import { connectionPoolRows } from "./connection-pool.ts";
import { outlierDetectionRows } from "./outlier-detection.ts";
import {
  aboutTarget,
  clientTlsRows,
  onePortTls,
  wholePolicyTls,
  wholePortsTls,
} from "./traffic-policy-tls.ts";

/** Sentences about a TrafficPolicy. Facts: istio.io/api networking/v1alpha3/destination_rule.proto. */

const simpleRows: EffectTable[string] = [
  to("ROUND_ROBIN", aboutTarget("endpoints take turns in requests to")),
  to("RANDOM", aboutTarget("a random endpoint gets each request to")),
  to("PASSTHROUGH", aboutTarget("connections to", " go to the address that the client asked for")),
  any(aboutTarget("the endpoint with the fewest requests is chosen for")),
];

const hashRows: EffectTable[string] = [
  added(aboutTarget("requests of one client stay with one endpoint of")),
  removed(aboutTarget("requests of one client no longer stay with one endpoint of")),
  any(aboutTarget("requests are tied to endpoints in another way for")),
];

function loadBalancerRows(path: string): EffectTable {
  return {
    [path]: [
      inside("consistentHash", hashRows),
      inside("simple", simpleRows),
      any(aboutTarget("requests are spread differently over the endpoints of")),
    ],
    [`${path}.simple`]: simpleRows,
    [`${path}.consistentHash`]: hashRows,
    [`${path}.localityLbSetting`]: [any(aboutTarget("zones and regions share requests differently for"))],
    [`${path}.localityLbSetting.failoverPriority`]: [
      reordered(aboutTarget("other endpoints come first when some fail for")),
      any(aboutTarget("other endpoints come first when some fail for")),
    ],
    [`${path}.localityLbSetting.enabled`]: [
      to(false, aboutTarget("zones and regions no longer count in the choice of endpoints of")),
      any(aboutTarget("endpoints near the client may be preferred for")),
    ],
    [`${path}.warmup`]: [
      added(aboutTarget("new endpoints get requests little by little for")),
      removed(aboutTarget("new endpoints get their full share at once for")),
      any(aboutTarget("new endpoints warm up differently for")),
    ],
  };
}

/** What a policy and the settings of a port have in common. */
function blockRows(path: string): EffectTable {
  return {
    ...loadBalancerRows(`${path}.loadBalancer`),
    ...connectionPoolRows(`${path}.connectionPool`),
    ...outlierDetectionRows(`${path}.outlierDetection`),
    ...clientTlsRows(`${path}.tls`),
  };
}

const ownSettings: EffectTable[string] = [
  added(aboutTarget("settings that Git does not have hold for")),
  removed(aboutTarget("settings of Git no longer hold for")),
  any(aboutTarget("other settings hold for")),
];

/** What changes of the policy at a path do. */
export function trafficPolicyRows(path: string): EffectTable {
  const ports = `${path}.portLevelSettings`;
  return {
    [path]: [wholePolicyTls, ...ownSettings],
    ...blockRows(path),
    [ports]: [wholePortsTls, any(aboutTarget("some ports have other settings for"))],
    [`${ports}[]`]: [onePortTls, ...ownSettings],
    ...blockRows(`${ports}[]`),
    [`${path}.tunnel`]: [
      added(aboutTarget("connections go through a tunnel for")),
      removed(aboutTarget("connections no longer go through a tunnel for")),
      any(aboutTarget("connections go through another tunnel for")),
    ],
    [`${path}.proxyProtocol`]: [
      added(aboutTarget("connections start with a PROXY header for")),
      removed(aboutTarget("connections no longer start with a PROXY header for")),
      any(aboutTarget("connections start with another PROXY header for")),
    ],
    [`${path}.retryBudget`]: [
      added(aboutTarget("retries get a budget for")),
      removed(aboutTarget("retries have no budget any more for")),
      any(aboutTarget("retries have another budget for")),
    ],
    [`${path}.retryBudget.percent`]: [
      rises("retries may be {value} % of the requests, no longer {git} %"),
      falls("retries may be {value} % of the requests, no longer {git} %"),
      changed("retries may be another share of the requests"),
    ],
  };
}
