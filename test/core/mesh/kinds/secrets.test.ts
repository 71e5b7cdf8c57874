import { describe, expect, it } from "vitest";
import { compare } from "../../../../src/core/compare/compare.ts";
import type { Json, JsonObject } from "../../../../src/core/model/json.ts";
import { wrap } from "../../../support/table-fields.ts";
import { withoutSecrets } from "../../../support/without-secrets.ts";

/** Fields that may be shown or not, by what stands in them. */
const cases: readonly { apiVersion: string; kind: string; path: string; secret: Json; shown: Json }[] = [
  {
    apiVersion: "telemetry.istio.io/v1",
    kind: "Telemetry",
    path: "accessLogging.[].filter.expression",
    secret: "request.headers['x-key'] == 'hunter2'",
    shown: "response.code >= 400",
  },
  {
    apiVersion: "telemetry.istio.io/v1",
    kind: "Telemetry",
    path: "metrics.[].overrides.[].tagOverrides.{}.value",
    secret: '"hunter2"',
    shown: "request.host",
  },
  {
    apiVersion: "security.istio.io/v1",
    kind: "RequestAuthentication",
    path: "jwtRules.[].jwksUri",
    secret: "https://me:hunter2@keys.example.com/jwks",
    shown: "https://keys.example.com/jwks",
  },
  {
    apiVersion: "extensions.istio.io/v1alpha1",
    kind: "WasmPlugin",
    path: "url",
    secret: "https://me:hunter2@code.example.com/filter.wasm",
    shown: "https://code.example.com/filter.wasm",
  },
];

describe.for(cases)("$path of $kind", ({ apiVersion, kind, path, secret, shown }) => {
  const object = (value: Json): JsonObject => ({
    apiVersion,
    kind,
    metadata: { name: "reviews", namespace: "shop" },
    spec: wrap(path.split("."), value),
  });
  /** The parts of live that are kept from being shown, beside none at all. */
  const hidden = (value: Json): readonly string[] =>
    compare([object("before")], [object(value)]).findings.flatMap(({ changes }) =>
      changes.flatMap(({ live }) => live?.secret ?? []),
    );

  it("is kept from being shown where it may hold a secret", () => {
    expect(hidden(secret)).not.toEqual([]);
  });

  it("is shown elsewhere", () => {
    expect(hidden(shown)).toEqual([]);
  });
});

describe("values of a condition on a header", () => {
  it("are kept from being shown, those of other conditions are not", () => {
    const policy = (key: string, value: string): JsonObject => ({
      apiVersion: "security.istio.io/v1",
      kind: "AuthorizationPolicy",
      metadata: { name: "reviews", namespace: "shop" },
      spec: { rules: [{ when: [{ key, values: [value] }] }] },
    });
    const shown = (key: string): boolean =>
      compare([policy(key, "one")], [policy(key, "other")]).findings.some(({ changes }) =>
        changes.some(
          ({ live }) => live !== undefined && JSON.stringify(withoutSecrets(live)).includes("other"),
        ),
      );
    expect([shown("request.headers[x-token]"), shown("source.namespace")]).toEqual([false, true]);
  });
});
