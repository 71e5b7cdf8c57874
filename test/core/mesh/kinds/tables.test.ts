import { describe, expect, it } from "vitest";
import { compare } from "../../../../src/core/compare/compare.ts";
import { meshKinds } from "../../../../src/core/mesh/kinds.ts";
import { fieldsOf, ordersOf, rowsOf } from "../../../../src/core/mesh/table-fields.ts";
import { kindCases, sidesOf } from "./read-cases.ts";

describe.for(kindCases)("the table of $kind", (kind) => {
  it.for(kind.respellings)("calls two spellings equal from $level on, by $rule", (given) => {
    const { one, other } = sidesOf(kind, given);
    for (const [desired, live] of [
      [one, other],
      [other, one],
    ] as const) {
      const strict = compare(desired, live, { equality: "strict" });
      const istio = compare(desired, live);
      const envoy = compare(desired, live, { equality: "envoy" });
      expect(strict.findings.length === 0).toBe(given.level === "E1");
      expect(strict.notes).toEqual([]);
      expect(istio.findings).toEqual([]);
      expect(istio.notes.length > 0).toBe(given.level === "E3");
      expect([envoy.findings, envoy.notes]).toEqual([[], []]);
      expect(envoy.equalBy.map(({ rule }) => rule)).toContain(given.rule);
    }
  });

  it.for(kind.distinctions)("knows that $title", (given) => {
    const { one, other } = sidesOf(kind, given);
    for (const equality of ["strict", "istio", "envoy"] as const) {
      expect(compare(one, other, { equality }).findings.map(({ type }) => type)).toEqual(["changed"]);
      expect(compare(other, one, { equality }).findings.map(({ type }) => type)).toEqual(["changed"]);
    }
  });

  it.for(kind.changes)("names the place of a change: $title", (given) => {
    const { one, other } = sidesOf(kind, given);
    const { findings } = compare(one, other);
    const told = findings.flatMap(({ changes }) => changes.map(({ type, path }) => `${type} ${path}`));
    expect(told).toEqual(given.told);
  });
});

describe("fields that may hold a secret", () => {
  const secret = meshKinds.flatMap(({ kind, table }) =>
    table.structural
      ? []
      : fieldsOf(table).flatMap(({ path, field }) =>
          field.secret === undefined ? [] : [`${kind} ${path.join(".")}`],
        ),
  );

  it("are values of headers, parameters and tags, bodies, expressions, code, keys, and what conditions compare", () => {
    expect(secret.map((place) => place.replace(/\.(?:exact|prefix|regex)$/, "")).filter(isFirst)).toEqual([
      "VirtualService spec.http.[].match.[].headers.{}",
      "VirtualService spec.http.[].match.[].withoutHeaders.{}",
      "VirtualService spec.http.[].match.[].queryParams.{}",
      ...["route.[].headers.request", "route.[].headers.response"].flatMap((place) => [
        `VirtualService spec.http.[].${place}.set.{}`,
        `VirtualService spec.http.[].${place}.add.{}`,
      ]),
      "VirtualService spec.http.[].directResponse.body.string",
      "VirtualService spec.http.[].directResponse.body.bytes",
      ...["headers.request", "headers.response"].flatMap((place) => [
        `VirtualService spec.http.[].${place}.set.{}`,
        `VirtualService spec.http.[].${place}.add.{}`,
      ]),
      "WorkloadGroup spec.metadata.annotations.{}",
      "WorkloadGroup spec.probe.httpGet.httpHeaders.[].value",
      "WorkloadGroup spec.probe.exec.command.[]",
      "EnvoyFilter spec.configPatches.[].match.proxy.metadata.{}",
      "ProxyConfig spec.environmentVariables.{}",
      "AuthorizationPolicy spec.rules.[].when.[].values",
      "AuthorizationPolicy spec.rules.[].when.[].notValues",
      "RequestAuthentication spec.jwtRules.[].jwksUri",
      "RequestAuthentication spec.jwtRules.[].jwks",
      ...["literal.value", "environment.defaultValue", "header.defaultValue", "formatter.value"].map(
        (place) => `Telemetry spec.tracing.[].customTags.{}.${place}`,
      ),
      "Telemetry spec.metrics.[].overrides.[].tagOverrides.{}.value",
      "Telemetry spec.accessLogging.[].filter.expression",
      ...["WasmPlugin spec", "TrafficExtension spec.wasm"].flatMap((place) =>
        ["url", "verificationKey", "vmConfig.env.[].value"].map((name) => `${place}.${name}`),
      ),
      "TrafficExtension spec.lua.inlineCode",
      "HTTPRoute spec.rules.[].matches.[].headers.[].value",
      "HTTPRoute spec.rules.[].matches.[].queryParams.[].value",
      ...["filters", "backendRefs.[].filters"].flatMap((place) =>
        ["requestHeaderModifier", "responseHeaderModifier"].flatMap((modifier) =>
          ["set", "add"].map((part) => `HTTPRoute spec.rules.[].${place}.[].${modifier}.${part}.[].value`),
        ),
      ),
      ...meshConfigSecrets.map((place) => `ConfigMap data.${place}`),
    ]);
  });
});

const meshConfigSecrets: readonly string[] = [
  "mesh.configSources.[].address",
  "mesh.caCertificates.[].pem",
  "mesh.caCertificates.[].spiffeBundleUrl",
  "mesh.ca.address",
  ...[
    ...["zipkinAddress", "statsdUdpAddress", "envoyMetricsServiceAddress", "tracing.zipkin.address"],
    ...["lightstep.address", "lightstep.accessToken", "datadog.address", "openCensusAgent.address"].map(
      (name) => `tracing.${name}`,
    ),
    ...["literal.value", "environment.defaultValue", "header.defaultValue"].map(
      (name) => `tracing.customTags.{}.${name}`,
    ),
    ...["envoyAccessLogService.address", "envoyMetricsService.address", "proxyMetadata.{}"],
    ...["httpGet.httpHeaders.[].value", "exec.command.[]"].map((name) => `readinessProbe.${name}`),
    "caCertificatesPem.[]",
  ].map((name) => `mesh.defaultConfig.${name}`),
  ...[
    "envoyExtAuthzHttp.includeAdditionalHeadersInCheck.{}",
    ...["zipkin.path", "zipkin.headers.[].value", "lightstep.accessToken"],
    ...["stackdriver.logging.labels.{}", "skywalking.accessToken"],
    ...[
      ...["http.path", "http.headers.[].value", "grpc.initialMetadata.[].value"],
      ...["path", "headers.[].value"].map((name) => `dynatraceSampler.httpService.http.${name}`),
    ].map((name) => `opentelemetry.${name}`),
  ].map((name) => `mesh.extensionProviders.[].${name}`),
  "meshNetworks",
];

function isFirst(value: string, index: number, all: readonly string[]): boolean {
  return all.indexOf(value) === index;
}

describe("every rule of the tables", () => {
  const tested = new Set(kindCases.flatMap(({ respellings }) => respellings.map(({ rule }) => rule)));
  const rules = meshKinds.flatMap(({ table }) => fieldsOf(table).flatMap(({ field }) => rowsOf(field)));
  const orders = meshKinds
    .flatMap(({ table }) => fieldsOf(table))
    .flatMap(({ field }) => ordersOf(field))
    .filter(({ type }) => type !== "ordered");

  // What needs two ConfigMaps or another key is tested in core/compare/mesh-config.
  const elsewhere = ["mesh-config/shared", "mesh-networks/decoded"];

  it("has a pair of spellings that shows it", () => {
    const ids = new Set([...rules.filter(({ level }) => level !== "NE"), ...orders].map(({ id }) => id));
    expect([...ids].filter((id) => !tested.has(id) && !elsewhere.includes(id))).toEqual([]);
  });

  it("says why in a sentence, and where the fact comes from", () => {
    for (const { id, reason, source } of [...rules, ...orders]) {
      expect(id).toMatch(/^[a-z-]+\/[A-Za-z0-9-]+$/);
      expect(reason).toMatch(/^["`A-Z0-9{].*\.$/);
      expect(source.length).toBeGreaterThan(10);
    }
  });
});
