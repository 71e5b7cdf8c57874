import type { Effect } from "../../model/finding.ts";
import { textField } from "../../model/json.ts";
import type { Resource } from "../../model/resource.ts";
import type { Difference, EffectTable, KindEffects } from "../effect.ts";
import { nameAt, valueOf } from "../effect-values.ts";
import { added, any, changed, falls, removed, rises, to, where } from "../effect-words.ts";
import { listAt } from "../sites.ts";
import { scopeAndTargetRows } from "./scope-rows.ts";

/**
 * Sentences about RequestAuthentications: whose tokens are believed. A request without a token passes all the same; only
 * an AuthorizationPolicy demands one. Facts: istio.io/api security/v1beta1/request_authentication.proto.
 */

/** "issuer https://accounts.example.com", or "an issuer" where it may not be named. */
function issuerOf(at: Difference): string {
  const name = nameAt(at.live ?? at.desired, "issuer");
  return name === undefined ? "an issuer" : `issuer ${name}`;
}

/** Rows of a list of places to look for tokens in. */
function placeRows(list: string, what: string): EffectTable {
  return {
    [`spec.jwtRules[].${list}`]: [any("tokens are looked for in other places", "weakens")],
    [`spec.jwtRules[].${list}[]`]: [
      added(`tokens are also taken from one more ${what}`, "weakens"),
      removed(`bad tokens in one ${what} are no longer seen, nor refused`, "weakens"),
      any("tokens are looked for in other places", "weakens"),
    ],
  };
}

const claimHeaders = "headers that the service takes for claims of a token are filled differently";

const fields: EffectTable = {
  spec: [any("other tokens are believed", "weakens")],
  ...scopeAndTargetRows("the check of tokens", () => "weakens"),
  "spec.jwtRules": [
    added("tokens of the named issuers are believed, bad ones refused", "weakens"),
    removed("requests with a bad token are accepted", "weakens"),
    any("other tokens are believed", "weakens"),
  ],
  "spec.jwtRules[]": [
    added((at) => `tokens of ${issuerOf(at)} are believed, too`, "weakens"),
    removed((at) => `tokens of ${issuerOf(at)} are no longer checked`, "weakens"),
    any("other tokens are believed", "weakens"),
  ],
  "spec.jwtRules[].issuer": [
    changed("tokens of issuer {value} are believed in place of {git}", "weakens"),
    any("tokens of another issuer are believed", "weakens"),
  ],
  "spec.jwtRules[].audiences": [
    added("only tokens for certain audiences are accepted", "strengthens"),
    removed("tokens for any audience are accepted", "weakens"),
    any("tokens for other audiences are accepted", "weakens"),
  ],
  "spec.jwtRules[].audiences[]": [
    added("tokens for {value} are accepted, too", "weakens"),
    removed("tokens for {git} are no longer accepted", "strengthens"),
    any("tokens for other audiences are accepted", "weakens"),
  ],
  "spec.jwtRules[].jwksUri": [
    changed("the keys that tokens are checked with come from another place", "weakens"),
    added("the keys that tokens are checked with are fetched from an address", "weakens"),
    any("the keys that tokens are checked with are no longer fetched from that address", "weakens"),
  ],
  "spec.jwtRules[].jwks": [any("tokens are checked with other keys", "weakens")],
  ...placeRows("fromHeaders", "header"),
  ...placeRows("fromParams", "parameter"),
  ...placeRows("fromCookies", "cookie"),
  "spec.jwtRules[].outputPayloadToHeader": [
    added("the service gets what tokens say in header {value}", "weakens"),
    removed("header {git} is no longer filled from tokens: callers may set it themselves", "weakens"),
    any("the service gets what tokens say in another header", "weakens"),
  ],
  "spec.jwtRules[].outputClaimToHeaders": [any(claimHeaders, "weakens")],
  "spec.jwtRules[].outputClaimToHeaders[]": [
    added("the service gets a claim of tokens in one more header", "weakens"),
    removed("a header is no longer filled from tokens: callers may set it themselves", "weakens"),
    any(claimHeaders, "weakens"),
  ],
  "spec.jwtRules[].forwardOriginalToken": [
    to(true, "the service gets the caller's token, too", "weakens"),
    ...where(
      ({ live }) => live === undefined || valueOf(live) === false,
      [any("the service no longer gets the caller's token", "strengthens")],
    ),
    any("whether the service gets the caller's token is unclear", "weakens"),
  ],
  "spec.jwtRules[].timeout": [
    rises("fetching keys may take longer"),
    falls("fetching keys is given up sooner"),
    any("fetching keys is given up after another time"),
  ],
  "spec.jwtRules[].spaceDelimitedClaims": [any("other claims of tokens are read as lists", "weakens")],
};

function issuersOf({ object }: Resource): string {
  const [first, ...others] = listAt(object, "spec", "jwtRules").map((rule) => textField(rule, "issuer"));
  const isShort = first !== undefined && first !== "" && first.length <= 50;
  return isShort && others.length === 0 ? first : "its issuers";
}

function weakens(text: string): Effect {
  return { text, direction: "weakens" };
}

/** What changes of a RequestAuthentication do. */
export const requestAuthenticationEffects: KindEffects = {
  group: "security.istio.io",
  kind: "RequestAuthentication",
  fields,
  missing: () => weakens("requests with a bad token are accepted"),
  extra: (resource) => weakens(`tokens of ${issuersOf(resource)} are believed, bad ones refused`),
};
