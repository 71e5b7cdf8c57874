import { field, isList, type Json } from "../../model/json.ts";
import { plainKeySet } from "../key-set.ts";
import { holdsLogin } from "../secrets.ts";
import { proxySelector } from "../selectors.ts";
import * as s from "../shapes.ts";
import { listAt, scalarText, withField, without } from "../sites.ts";
import type { Field, FieldRow, KindTable, ObjectRow, Order, OrderChoice } from "../table.ts";
import { targetFields, targetTwin } from "../targets.ts";

const source = "istio pilot/pkg/security/authn/policy_applier.go";

function anyOf(name: string, reason: string, identity?: Order["identity"]): Order {
  return s.set(`request-authentication/${name}`, { reason, source: `${source}:162-190` }, identity);
}

/** The snake_case alias that the CRD admits; the camelCase name is read second and wins, even with a null. */
const uriAlias: ObjectRow = {
  id: "request-authentication/jwks-uri-alias",
  level: "E1",
  reason: "The field jwks_uri is another name of jwksUri.",
  source: "istio CRD requestauthentications, jwtRules[].jwks_uri; golang/protobuf jsonpb/decode.go:268-282",
  rewrite: (value) => {
    const alias = field(value, "jwks_uri");
    if (alias === undefined) return value;
    const rest = without(value, "jwks_uri");
    return Object.hasOwn(value, "jwksUri") ? rest : withField(rest, "jwksUri", alias);
  },
};

const keySet: FieldRow = s.rewrite(
  "request-authentication/jwks",
  "E2",
  (value) => (typeof value === "string" ? plainKeySet(value) : value),
  {
    reason: "Keys are read as JSON: blanks and the order of names mean nothing.",
    source: `${source}:247; RFC 7517 section 5`,
  },
);

const timeout: FieldRow = s.absent("request-authentication/timeout", "E2", "5s", {
  reason: "Fetching the keys may take five seconds unless told otherwise.",
  source: `${source}:193-196`,
});

const usualClaims: ReadonlySet<Json> = new Set<Json>(["scope", "permission"]);

const claims: FieldRow = s.rewrite(
  "request-authentication/usual-claims",
  "E2",
  (value) => {
    if (!isList(value) || !value.some((claim) => usualClaims.has(claim))) return value;
    const others = value.filter((claim) => !usualClaims.has(claim));
    return others.length === 0 ? undefined : others;
  },
  {
    reason: "The claims scope and permission are always read as lists, named or not.",
    source: `${source}:350-364`,
  },
);

const headersInOrder: Order = s.ordered("request-authentication/claim-headers-shared", {
  reason: "Claims that go to one header are added in their order.",
  source: "envoy api/envoy/extensions/filters/http/jwt_authn/v3/config.proto (claim_to_headers)",
});

const headersApart: Order = anyOf(
  "claim-headers",
  "Each claim goes to a header of its own; their order does not count.",
  [[["header"]]],
);

/** Headers have no case, so two names may be one. */
const headerOrder: OrderChoice = s.choice([headersApart, headersInOrder], (at) => {
  const names = listAt(at.value).map((item) => scalarText(field(item, "header")).toLowerCase());
  return new Set(names).size < names.length ? headersInOrder : headersApart;
});

const jwtRule: Field = s.messageBy([uriAlias], {
  issuer: s.text(),
  audiences: s.listOf(s.text(), anyOf("audiences", "Any of the audiences is accepted.")),
  jwksUri: s.text({ secret: holdsLogin }),
  // A key set may hold symmetric keys.
  jwks: s.secretText({ rows: [keySet] }),
  fromHeaders: s.listOf(
    s.message({ name: s.text(), prefix: s.text() }),
    anyOf("from-headers", "A token is looked for in every header.", [[["name"]], [["name"], ["prefix"]]]),
  ),
  fromParams: s.listOf(s.text(), anyOf("from-params", "A token is looked for in every parameter.")),
  fromCookies: s.listOf(s.text(), anyOf("from-cookies", "A token is looked for in every cookie.")),
  outputPayloadToHeader: s.text(),
  forwardOriginalToken: s.boolean(),
  outputClaimToHeaders: s.listOf(s.message({ header: s.text(), claim: s.text() }), headerOrder),
  timeout: s.duration({ rows: [timeout] }),
  spaceDelimitedClaims: s.listOf(
    s.text(),
    s.set("request-authentication/space-delimited-claims", {
      reason: "Every claim of the list is read as one; istiod sorts them.",
      source: `${source}:350-364`,
    }),
    { rows: [claims] },
  ),
});

/** RequestAuthentication (security.istio.io): whose tokens are believed. */
export const requestAuthentication: KindTable = {
  group: "security.istio.io",
  kind: "RequestAuthentication",
  fields: {
    spec: s.messageBy([targetTwin], {
      selector: proxySelector,
      ...targetFields,
      jwtRules: s.listOf(
        jwtRule,
        s.keyed(
          "request-authentication/rules",
          { reason: "The rules are sorted by issuer.", source: `${source}:84-88` },
          ["issuer"],
        ),
      ),
    }),
  },
};
