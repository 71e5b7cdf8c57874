import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/core/model/json.ts";
import { looksSecret } from "../../../src/core/text/looks-secret.ts";

const random = "kJ8s7Qz2Lw9XvB4nT1yR";

describe("looksSecret", () => {
  it.for([
    ["spec.password", "x"],
    ["spec.dbPassword", "x"],
    ["spec.client_secret", "x"],
    ["spec.api-key", "x"],
    ["spec.apiKey", "x"],
    ["spec.HTTPAuthorization", "x"],
    ["spec.sharedKeys.0", "x"],
    ["spec.tokens.0", "x"],
    ["spec.token.value", "x"],
    ["spec.credentials.anything", "x"],
    ["spec.cookie", "x"],
    ["spec.jwtRules.0.jwks", "{}"],
    ["spec.configPatches.0.patch.value.typed_config.domain", "x"],
    ["spec.configPatches.0.patch.value.typedConfig.name", "x"],
    ["spec.configPatches.0.patch.value.typed_per_filter_config.a.b", "x"],
    ["spec.patch.inlineCode", "function f() end"],
    ["spec.patch.inline_string", "x"],
    ["spec.pluginConfig.key", "x"],
    ["spec.vmConfig.env.0.value", "x"],
    ["spec.env.FOO", "x"],
    ["spec.environmentVariables.FOO", "x"],
    ["spec.headers.request.set.x-foo", "x"],
    ["spec.response_headers_to_add.0.header.value", "x"],
    ["spec.requestHeaders.x-foo", "x"],
    ["spec.initial_metadata.0.value", "x"],
    ["spec.directResponse.body", "x"],
    ["spec.listeners.0.tls.options.key", "x"],
    ["spec.options.key", "x"],
    ["spec.infrastructure.annotations.key", "x"],
  ] as const)("hides %s by its name", ([path, value]) => {
    expect(looksSecret(path.split("."), value)).toBe(true);
  });

  it.for([
    ["a private key", "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n"],
    ["a JSON Web Token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"],
    ["a password in a URL", "redis://user:hunter2@cache:6379"],
    ["a bearer token", "Bearer abcdef123456"],
    ["basic authentication", "basic dXNlcjpwYXNz"],
    ["a key of a cloud", "AKIAIOSFODNN7EXAMPLE"],
    ["a token of a forge", "ghp_16C7e42F292c6912E7710c838347Ae178B4a"],
    ["a token in a query", "/login?access_token=abcdef"],
    ["a signed query", "https://b.s3.example.com/p.wasm?X-Amz-Date=1&X-Amz-Signature=0af3"],
    ["a shared access signature", "https://a.example.com/p.wasm?sv=1&sig=abc%2Fdef"],
    ["a login of a command", "curl -u admin:hunter2 http://localhost/ready"],
    ["a password in code", 'local password = "hunter2"'],
    ["base64 of high entropy", random],
    ["base64 in a sentence", `use ${random} here`],
    ["hex of 32 digits", "9e107d9d372bb6826bd81d3542a419d6"],
    ["base32", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"],
    ["letters and digits in turns", "a8f3k2m9x7q1z5w4e6r0"],
  ] as const)("hides %s by its looks", ([, value]) => {
    expect(looksSecret(["spec", "anything"], value)).toBe(true);
  });

  it.for([
    ["a host", "reviews.shop.svc.cluster.local"],
    ["a wildcard", "*.example.com"],
    ["a duration", "30s"],
    ["a URL", "https://example.com/.well-known/jwks.json?x=y"],
    ["an image", "docker.io/istio/proxyv2:1.30.0-distroless"],
    ["an image by digest", `ghcr.io/a/b@sha256:${"9f86d081".repeat(8)}`],
    ["a digest", `sha256:${"9f86d081".repeat(8)}`],
    ["a UUID", "0f0f3c2a-1234-4321-8888-123456789abc"],
    ["a pod", "reviews-v1-6d8bc58dd7-x7k2p"],
    ["a message type", "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"],
    ["a filter", "envoy.filters.network.http_connection_manager"],
    ["a cipher suite", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"],
    ["words in camel case with digits", "LocalRateLimitFilterV3ForHttp2Upstreams"],
    ["an identity", "spiffe://cluster.local/ns/shop/sa/reviews"],
    ["a cluster of Envoy", "outbound|9080|v1|reviews.shop.svc.cluster.local"],
    ["an address", "2001:db8:85a3:0:0:8a2e:370:7334"],
    ["a date", "2026-11-20T21:02:11Z"],
    ["nothing", ""],
  ] as const)("shows %s", ([, value]) => {
    expect(looksSecret(["spec", "anything"], value)).toBe(false);
  });

  it.for([
    ["spec.secretName", "wildcard-cert"],
    ["spec.credentialName", "wildcard-cert"],
    ["spec.tokenUrl", "https://example.com/token"],
    ["spec.secretKeyRef.name", "db"],
    ["spec.httpCookie.ttl", "0s"],
    ["spec.tokenBucket.fillInterval", "60s"],
    ["spec.authPolicy", "MUTUAL_TLS"],
    ["metadata.labels.env", "prod"],
    ["spec.headers.0.name", "x-request-id"],
    ["spec.patch.value.typed_config.@type", "type.googleapis.com/envoy.config.A"],
    ["metadata.annotations.example.org/commit-sha", "4f2c91e0b1a24f2c91e0b1a24f2c91e0b1a2abcd"],
  ] as const)("shows %s", ([path, value]) => {
    const parts = path.startsWith("metadata.annotations.")
      ? ["metadata", "annotations", path.slice(21)]
      : path.split(".");
    expect(looksSecret(parts, value)).toBe(false);
  });

  it("takes no time for long texts", () => {
    for (const text of ["a", "A1", "eyJ", "://", "token", "-----BEGIN ", "basic  ", "x=", "0f", "a:"]) {
      looksSecret(["spec"], text.repeat(200_000 / text.length));
    }
  });
});

describe("looksSecret of what is no text", () => {
  it.for<[string, Json, boolean]>([
    ["spec.typed_config", { timeout: "10s" }, true],
    ["spec.pluginConfig", {}, true],
    ["spec.selector", { app: "web" }, false],
    ["spec.hosts", ["web"], false],
    ["spec.password", 1234, true],
    ["spec.max_tokens", 4, false],
    ["spec.password", null, false],
    ["spec.secret", true, false],
  ])("of %s: %j is %j", ([path, value, expected]) => {
    expect(looksSecret(path.split("."), value)).toBe(expected);
  });

  it("of a number too large for a double", () => {
    expect(looksSecret(["spec", "pin"], 12345678901234567890n)).toBe(true);
  });

  it("takes the field that a list stands in for the name of its items", () => {
    expect(looksSecret(["spec", "pins", 0, "pin", 0], 1234)).toBe(true);
  });
});
