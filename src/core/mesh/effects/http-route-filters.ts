import type { Direction, Effect } from "../../model/finding.ts";
import type { Difference, EffectRow, EffectTable } from "../effect.ts";
import { eitherSide, itemsOf, nameAt } from "../effect-values.ts";
import { added, any, changed, falls, from, removed, rises, to } from "../effect-words.ts";
import type { Node } from "../table.ts";

/** Sentences about the filters of HTTPRoutes. Facts: gateway-api apis/v1/httproute_types.go (HTTPRouteFilter). */

/** What it does that a filter of a type comes or goes. */
interface ComesOrGoes {
  readonly comes: Effect;
  readonly goes: Effect;
}

function both(comes: Effect | string, goes: Effect | string): ComesOrGoes {
  return { comes: asEffect(comes), goes: asEffect(goes) };
}

function asEffect(effect: Effect | string): Effect {
  return typeof effect === "string" ? { text: effect, direction: "neutral" } : effect;
}

function weakens(text: string): Effect {
  return { text, direction: "weakens" };
}

function strengthens(text: string): Effect {
  return { text, direction: "strengthens" };
}

const byType: Readonly<Record<string, ComesOrGoes>> = {
  RequestHeaderModifier: both("headers of requests are changed", "headers of requests are no longer changed"),
  ResponseHeaderModifier: both(
    "headers of responses are changed",
    "headers of responses are no longer changed",
  ),
  RequestMirror: both(
    weakens("copies of requests are sent to one more place"),
    strengthens("copies of requests are no longer sent to one place"),
  ),
  RequestRedirect: both("requests are answered with a redirect", "requests are no longer redirected"),
  URLRewrite: both(
    "requests arrive with another path or host",
    "requests arrive with the path and host they were sent with",
  ),
  CORS: both(
    weakens("browsers may call from other sites, as far as the policy allows"),
    "cross-origin rules are left to the service",
  ),
  ExternalAuth: both(
    strengthens("requests are checked by an external service"),
    weakens("requests are no longer checked by an external service"),
  ),
};

const unknown: ComesOrGoes = both(
  weakens("requests pass one more filter"),
  weakens("requests no longer pass a filter"),
);

function effectOf(filter: Node | undefined, turn: keyof ComesOrGoes): Effect {
  return (byType[nameAt(filter, "type") ?? ""] ?? unknown)[turn];
}

/** What it does that the list as a whole comes or goes. */
function ofAll(turn: keyof ComesOrGoes): EffectRow {
  const effects = (at: Difference): readonly Effect[] =>
    itemsOf(eitherSide(at)).map((filter) => effectOf(filter, turn));
  const many = turn === "comes" ? "requests pass filters that Git does not have" : "filters are gone";
  const side = turn === "comes" ? "desired" : "live";
  return {
    when: (at) => at[side] === undefined,
    text: (at) => {
      const [first, ...others] = effects(at);
      return first !== undefined && others.length === 0 ? first.text : many;
    },
    direction: (at) => worst(effects(at)),
  };
}

function worst(effects: readonly Effect[]): Direction {
  const found = new Set(effects.map(({ direction }) => direction));
  if (found.has("weakens")) return "weakens";
  return found.size === 1 && found.has("strengthens") ? "strengthens" : "neutral";
}

function ofOne(turn: keyof ComesOrGoes): EffectRow {
  const effect = (at: Difference): Effect => effectOf(eitherSide(at), turn);
  const side = turn === "comes" ? "desired" : "live";
  return {
    when: (at) => at[side] === undefined,
    text: (at) => effect(at).text,
    direction: (at) => effect(at).direction,
  };
}

const otherCors = "browsers may call from other sites, or with other methods and headers";

/** Rows about a list of filters. */
export function filterRows(list: string): EffectTable {
  const filter = `${list}[]`;
  return {
    [list]: [ofAll("comes"), ofAll("goes"), any("requests pass other filters", "weakens")],
    [filter]: [ofOne("comes"), ofOne("goes"), any("a filter treats requests differently", "weakens")],
    [`${filter}.requestHeaderModifier`]: [any("headers of requests are changed differently")],
    [`${filter}.requestHeaderModifier.remove[]`]: [
      added("the request header {value} is taken away"),
      removed("the request header {git} reaches the service", "weakens"),
    ],
    [`${filter}.responseHeaderModifier`]: [any("headers of responses are changed differently")],
    [`${filter}.requestMirror`]: [
      any("copies of requests are sent to another place or in another share", "weakens"),
    ],
    [`${filter}.requestMirror.percent`]: [
      to(0, "no requests are copied any more", "strengthens"),
      rises("{git} % -> {value} % of requests are copied", "weakens"),
      falls("{git} % -> {value} % of requests are copied", "strengthens"),
    ],
    [`${filter}.requestRedirect`]: [any("requests are redirected to another place or with another code")],
    [`${filter}.requestRedirect.statusCode`]: [
      changed("requests are redirected with {value} in place of {git}"),
    ],
    [`${filter}.requestRedirect.scheme`]: [
      to("http", "requests are redirected to plain HTTP", "weakens"),
      from("https", "requests are no longer redirected to HTTPS", "weakens"),
      to("https", "requests are redirected to HTTPS", "strengthens"),
    ],
    [`${filter}.urlRewrite`]: [any("requests arrive with another path or host")],
    [`${filter}.cors`]: [any(otherCors, "weakens")],
    [`${filter}.cors.allowOrigins[]`]: [
      added("browsers may call from one more origin", "weakens"),
      removed("browsers may no longer call from one origin", "strengthens"),
    ],
    [`${filter}.cors.allowCredentials`]: [
      to(true, "browsers send cookies and credentials from other sites, too", "weakens"),
      from(true, "browsers no longer send credentials from other sites", "strengthens"),
    ],
    [`${filter}.cors.maxAge`]: [any("browsers remember the answer to a preflight for another time")],
    [`${filter}.externalAuth`]: [any("requests are checked by another external service", "weakens")],
    [`${filter}.extensionRef`]: [any("requests pass another filter", "weakens")],
  };
}
