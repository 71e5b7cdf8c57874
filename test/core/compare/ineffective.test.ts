import { describe, expect, it } from "vitest";
import { compare } from "../../../src/core/compare/compare.ts";
import type { Json } from "../../../src/core/model/json.ts";
import { parseManifest } from "../../../src/core/manifest/parse-manifest.ts";

const groups: Readonly<Record<string, string>> = {
  RequestAuthentication: "security.istio.io/v1",
  WasmPlugin: "extensions.istio.io/v1alpha1",
  EnvoyFilter: "networking.istio.io/v1alpha3",
  HTTPRoute: "gateway.networking.k8s.io/v1",
  GRPCRoute: "gateway.networking.k8s.io/v1",
};

function objectOf(kind: string, spec: string): Readonly<Record<string, Json>> {
  const apiVersion = groups[kind] ?? "networking.istio.io/v1";
  const text = `{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: a, namespace: shop}, spec: ${spec}}`;
  return parseManifest(text).documents[0]?.object ?? {};
}

/** What is told of Git's spec facing live's, each finding in a line or more. */
function told(kind: string, desired: string, live: string, istio?: string): readonly string[] {
  const { findings, unchecked } = compare([objectOf(kind, desired)], [objectOf(kind, live)], {
    ...(istio !== undefined && { facts: { istio } }),
  });
  expect(unchecked).toEqual([]);
  return findings.flatMap(({ type, changes, ineffective = [] }) => [
    type,
    ...changes.map((change) => `${change.type} ${change.path}`),
    ...ineffective.map(({ path, reason }) => `ineffective ${path}: ${reason}`),
  ]);
}

describe("a field of Git that the API server drops", () => {
  it.for<[kind: string, desired: string, live: string, told: string]>([
    [
      "VirtualService",
      "{hosts: [a], http: [{retries: {attempts: 2, per_try_timeout: 2s}}]}",
      "{hosts: [a], http: [{retries: {attempts: 2}}]}",
      "spec.http[0].retries.per_try_timeout: the API server drops per_try_timeout; Istio's name is perTryTimeout",
    ],
    [
      "VirtualService",
      "{hosts: [a], http: [{match: [{source_labels: {app: b}}]}]}",
      "{hosts: [a], http: [{match: [{}]}]}",
      "spec.http[0].match[0].source_labels: the API server drops source_labels; Istio's name is sourceLabels",
    ],
    [
      "DestinationRule",
      "{host: a, trafficPolicy: {outlierDetection: {consecutive_5xx_error: 1}}}",
      "{host: a, trafficPolicy: {outlierDetection: {}}}",
      "spec.trafficPolicy.outlierDetection.consecutive_5xx_error: the API server drops consecutive_5xx_error: " +
        "Istio has no such field here; did you mean consecutive5xxErrors?",
    ],
    [
      "HTTPRoute",
      "{parent_refs: [{name: a}], rules: []}",
      "{rules: []}",
      "spec.parent_refs: the API server drops parent_refs; Gateway API's name is parentRefs",
    ],
    [
      "EnvoyFilter",
      "{configPatches: [{applyTo: CLUSTER, patch: {operation: MERGE, filter_class: AUTHN}}]}",
      "{configPatches: [{applyTo: CLUSTER, patch: {operation: MERGE}}]}",
      "spec.configPatches[applyTo=CLUSTER].patch.filter_class: the API server drops filter_class; Istio's name is filterClass",
    ],
  ])("is no drift: %s %s", ([kind, desired, live, reason]) => {
    expect(told(kind, desired, live)).toEqual(["ineffective", `ineffective ${reason}`]);
  });

  it("is told beside what changed", () => {
    expect(
      told(
        "VirtualService",
        "{hosts: [a], http: [{timeout: 1s, per_try: 2s}]}",
        "{hosts: [a], http: [{timeout: 3s}]}",
      ),
    ).toEqual([
      "changed",
      "changed spec.http[0].timeout",
      "ineffective spec.http[0].per_try: the API server drops per_try: Istio has no such field here",
    ]);
  });

  it("is nothing where live has it, too", () => {
    const spec = "{hosts: [a], http: [{route_config: 1}]}";
    expect(told("VirtualService", spec, spec)).toEqual([]);
  });

  it("is a change where live has another value, or live alone has it", () => {
    const desired = "{hosts: [a], http: [{name: a, route_config: 1}]}";
    expect(told("VirtualService", desired, "{hosts: [a], http: [{name: a, route_config: 2}]}")).toEqual([
      "changed",
      "changed spec.http[name=a].route_config",
    ]);
    expect(told("VirtualService", "{hosts: [a], http: [{name: a}]}", desired)).toEqual([
      "changed",
      "added spec.http[name=a].route_config",
    ]);
  });

  it("is a fingerprint in reports: nobody knows what it holds", () => {
    const { findings } = compare(
      [objectOf("VirtualService", "{hosts: [a], my_password: hunter2}")],
      [objectOf("VirtualService", "{hosts: [a]}")],
    );
    expect(findings[0]?.ineffective?.[0]?.desired).toMatchObject({ secret: [""] });
  });
});

describe("a name without an underscore", () => {
  const [desired, live] = ["{hosts: [a], http: [{timeuot: 1s}]}", "{hosts: [a], http: [{}]}"] as const;

  it.for(["1.18", "1.30", "1.30.3"])("is dropped by Istio %s", (version) => {
    expect(told("VirtualService", desired, live, version)).toEqual([
      "ineffective",
      "ineffective spec.http[0].timeuot: the API server drops timeuot: Istio has no such field here; did you mean timeout?",
    ]);
  });

  it.for([undefined, "1.31", "2.0", "newest"])("may be a newer field where Istio is %s", (version) => {
    const facts = version === undefined ? {} : { istio: version };
    const { findings } = compare([objectOf("VirtualService", desired)], [objectOf("VirtualService", live)], {
      facts,
    });
    expect(findings).toMatchObject([
      {
        type: "changed",
        changes: [{ path: "spec.http[0].timeuot", undecided: [{ rule: "api-server/unknown-field" }] }],
      },
    ]);
  });

  it("may be one of another Gateway API, whatever Istio is", () => {
    expect(told("HTTPRoute", "{parentReferences: [{name: a}]}", "{}", "1.30")).toEqual([
      "changed",
      "removed spec.parentReferences",
    ]);
  });
});

it.for<[what: string, kind: string, desired: string, live: string]>([
  [
    "the alias mirror_percent",
    "VirtualService",
    "{hosts: [a], http: [{mirror: {host: b}, mirror_percent: 5}]}",
    "{hosts: [a], http: [{mirror: {host: b}}]}",
  ],
  [
    "the alias jwks_uri",
    "RequestAuthentication",
    "{jwtRules: [{issuer: a, jwks_uri: b}]}",
    "{jwtRules: [{issuer: a}]}",
  ],
  ["free JSON", "WasmPlugin", "{url: a, pluginConfig: {my_key: 1}}", "{url: a, pluginConfig: {b: 1}}"],
  [
    "Envoy's own configuration",
    "EnvoyFilter",
    "{configPatches: [{applyTo: CLUSTER, patch: {operation: MERGE, value: {my_name: 1}}}]}",
    "{configPatches: [{applyTo: CLUSTER, patch: {operation: MERGE, value: {}}}]}",
  ],
  [
    "the key of a map",
    "ServiceEntry",
    "{hosts: [a], endpoints: [{address: b, labels: {my_label: c}}]}",
    "{hosts: [a], endpoints: [{address: b}]}",
  ],
  ["a field of a kind without a table", "GRPCRoute", "{rules: [{back_ends: 1}]}", "{rules: [{}]}"],
  [
    "a whole message with a field of that sort in it",
    "VirtualService",
    "{hosts: [a], http: [{retries: {per_try_timeout: 1s}}]}",
    "{hosts: [a], http: [{}]}",
  ],
])("is not %s", ([, kind, desired, live]) => {
  const [type, ...lines] = told(kind, desired, live, "1.30");
  expect(type).toBe("changed");
  expect(lines.filter((line) => line.startsWith("ineffective"))).toEqual([]);
});

it("is not a name in mesh configuration or what a ConfigMap holds", () => {
  const configMap = (data: string) =>
    parseManifest(
      `{apiVersion: v1, kind: ConfigMap, metadata: {name: istio, namespace: istio-system}, data: ${data}}`,
    ).documents[0]?.object ?? {};
  const { findings } = compare([configMap('{mesh: "my_name: 1"}')], [configMap('{mesh: "other: 1"}')]);
  // Istio itself skips the keys that it does not know; no API server drops them.
  expect(findings).toEqual([]);
});
