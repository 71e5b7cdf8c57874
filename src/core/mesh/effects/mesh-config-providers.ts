import type { Difference, EffectRow, EffectTable } from "../effect.ts";
import { eitherSide, itemAround, itemsOf, nameAt, namesAt } from "../effect-values.ts";
import { added, any, from, listRows, removed, reordered, to, where } from "../effect-words.ts";
import type { Node } from "../table.ts";

/**
 * Sentences about extension providers, by the paths in the mesh configuration. Those that decide about requests count
 * for security: a policy that names none that is there denies. Facts: istio.io/api mesh/v1alpha1/config.proto
 * (ExtensionProvider); istio pilot/pkg/security/authz/builder/builder.go (getBadCustomDenyRules).
 */

const list = "extensionProviders";
const authorizers = ["envoyExtAuthzHttp", "envoyExtAuthzGrpc"] as const;
const sources = ["zipkin", "lightstep", "datadog", "stackdriver", "opencensus", "skywalking"] as const;
const logs = ["envoyFileAccessLog", "envoyHttpAls", "envoyTcpAls", "envoyOtelAls"] as const;

/** Whether a provider is asked about requests. */
function decides(provider: Node | undefined): boolean {
  return authorizers.some((name) => namesAt(provider).includes(name));
}

function isAuthorizer(at: Difference): boolean {
  const whole = itemAround(at, list);
  const sides =
    whole === undefined ? [...itemsOf(at.desired), ...itemsOf(at.live)] : [whole.desired, whole.live];
  return sides.some(decides);
}

/** The provider around a difference, or the only one of a list that came or went. */
function providerOf(at: Difference): Node | undefined {
  const item = itemAround(at, list);
  if (item !== undefined) return eitherSide(item);
  const [first, ...others] = itemsOf(eitherSide(at));
  return others.length === 0 ? first : undefined;
}

/** "authorizer opa", "a provider" */
function about(before: string, what: "authorizer" | "provider", after = ""): (at: Difference) => string {
  return (at) => {
    const name = nameAt(providerOf(at), "name");
    return name === undefined
      ? `${before} ${articles[what]} ${what}${after}`
      : `${before} ${what} ${name}${after}`;
  };
}

const articles = { authorizer: "an", provider: "a" } as const;

/** What a setting of both kinds of authorizers does. */
function authorizerRows(path: string): EffectTable {
  const weaker = (text: string): readonly EffectRow[] => [any(about(text, "authorizer"), "weakens")];
  return {
    [path]: [
      added(about("requests are decided in another way by", "authorizer"), "weakens"),
      ...weaker("other requests may be let through by"),
    ],
    [`${path}.service`]: weaker("another service decides about requests for"),
    [`${path}.port`]: weaker("another port is asked about requests for"),
    [`${path}.timeout`]: weaker("proxies wait another time for"),
    [`${path}.failOpen`]: [
      to(true, about("requests are let through where there is no answer from", "authorizer"), "weakens"),
      from(true, about("requests are refused where there is no answer from", "authorizer"), "strengthens"),
      any(about("requests stay refused where there is no answer from", "authorizer")),
    ],
    [`${path}.statusOnError`]: [
      any(about("callers get another status where there is no answer from", "authorizer")),
    ],
    [`${path}.includeRequestBodyInCheck`]: weaker("more or less of a request's body is shown to"),
    [`${path}.clearRouteCache`]: weaker("routes are chosen again, or no longer, after the check by"),
  };
}

const otherHeaders = any(about("other headers of requests are shown to", "authorizer"), "weakens");

function otherSink(what: string): EffectTable[string] {
  return [any(about(`${what} are sent in another way or to another place by`, "provider"))];
}

/** Rows by the paths in the mesh configuration. */
export const meshProviders: EffectTable = {
  ...listRows(list, [
    reordered("the same providers are listed in another order"),
    ...where(isAuthorizer, [
      added(about("policies may leave requests to", "authorizer", ", which Git does not have"), "weakens"),
      removed(
        about("requests that policies leave to", "authorizer", " are no longer decided by it"),
        "weakens",
      ),
      any(about("requests are decided in another way by", "authorizer"), "weakens"),
    ]),
    added(about("logs, metrics or spans may go to", "provider", ", which Git does not have")),
    removed(about("logs, metrics or spans no longer go to", "provider")),
    any(about("logs, metrics or spans go elsewhere for", "provider")),
  ]),
  ...authorizerRows(`${list}[].envoyExtAuthzHttp`),
  ...authorizerRows(`${list}[].envoyExtAuthzGrpc`),
  [`${list}[].envoyExtAuthzHttp.pathPrefix`]: [
    any(about("another path is asked about requests at", "authorizer"), "weakens"),
  ],
  [`${list}[].envoyExtAuthzHttp.includeHeadersInCheck`]: [otherHeaders],
  [`${list}[].envoyExtAuthzHttp.includeRequestHeadersInCheck`]: [otherHeaders],
  [`${list}[].envoyExtAuthzHttp.includeAdditionalHeadersInCheck`]: [
    any(about("other fixed headers are sent to", "authorizer"), "weakens"),
  ],
  [`${list}[].envoyExtAuthzHttp.headersToUpstreamOnAllow`]: [
    any(about("workloads get other headers from", "authorizer"), "weakens"),
  ],
  [`${list}[].envoyExtAuthzHttp.headersToDownstreamOnDeny`]: [
    any(about("refused callers get other headers from", "authorizer")),
  ],
  [`${list}[].envoyExtAuthzHttp.headersToDownstreamOnAllow`]: [
    any(about("callers get other headers from", "authorizer")),
  ],
  ...Object.fromEntries(
    [...sources, "opentelemetry"].map((name) => [`${list}[].${name}`, otherSink("spans")]),
  ),
  ...Object.fromEntries(logs.map((name) => [`${list}[].${name}`, otherSink("access logs")])),
  [`${list}[].sds`]: [any(about("keys and certificates come from elsewhere for", "provider"), "weakens")],
};
