import { expect, it } from "vitest";
import { compare } from "../../../src/core/compare/compare.ts";
import { concealFinding } from "../../../src/core/text/redact.ts";
import { resource } from "../../support/resources.ts";

const secret = "hunter2Zq9x";

interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: string;
}

/** What a report gets to see of the only finding between two bodies of one object. */
function shown(
  { apiVersion, kind, metadata = "{name: a, namespace: shop}" }: Kind,
  bodies: readonly [string, string],
): string {
  const [desired, live] = bodies.map((body) => [
    resource(`{apiVersion: ${apiVersion}, kind: ${kind}, metadata: ${metadata}, ${body}}`).object,
  ]);
  const { findings } = compare(desired ?? [], live ?? []);
  expect(findings).toHaveLength(1);
  return JSON.stringify(findings.map((finding) => concealFinding({ ...finding }, "key").changes));
}

const virtualService = { apiVersion: "networking.istio.io/v1", kind: "VirtualService" };

it.for([
  ["a list where a mapping of headers belongs", "headers: {request: {set: [{name: x-api-key, value: S}]}}"],
  ["a text in a list of headers", 'headers: {request: {set: ["x-api-key: S"]}}'],
  ["a text where a body belongs", "directResponse: {status: 200, body: S}"],
  ["a text where a match of headers belongs", "match: [{headers: {x-key: S}}]"],
  ["a mapping where a name belongs", "name: {password: S}"],
  ["a list where a path belongs", "rewrite: {uri: [a, S]}"],
  ["a field that no table knows", "extension: {tokens: {S: true}}"],
] as const)("of a VirtualService never shows %s", ([, route]) => {
  const plain = "spec: {hosts: [a], http: [{}]}";
  const odd = `spec: {hosts: [a], http: [{${route.replace("S", secret)}}]}`;
  expect(shown(virtualService, [plain, odd])).not.toContain(secret);
  expect(shown(virtualService, [odd, odd.replace(secret, "z")])).not.toContain(secret);
});

it.for([
  [
    "keys of a plugin's configuration",
    { apiVersion: "extensions.istio.io/v1alpha1", kind: "WasmPlugin" },
    "spec: {pluginConfig: {tokens: {S: true}}}",
  ],
  [
    "environments of proxies",
    { apiVersion: "networking.istio.io/v1", kind: "ProxyConfig" },
    "spec: {environmentVariables: {A: S}}",
  ],
  [
    "typed configuration",
    { apiVersion: "networking.istio.io/v1alpha3", kind: "EnvoyFilter" },
    "spec: {configPatches: [{patch: {value: {typed_config: {m: {S: 1}}}}}]}",
  ],
  [
    "mesh configuration that is no YAML",
    { apiVersion: "v1", kind: "ConfigMap", metadata: "{name: istio, namespace: istio-system}" },
    "data: {mesh: 'a: [ S'}",
  ],
] as const)("never shows %s", ([, kind, body]) => {
  expect(shown(kind, [body.replace("S", secret), body.replace("S", "z")])).not.toContain(secret);
});

it("does not tell a password in the path of a change", () => {
  const policy = { apiVersion: "security.istio.io/v1", kind: "AuthorizationPolicy" };
  const from = (source: string): string => `spec: {rules: [{from: [{source: ${source}}]}]}`;
  const live = from(`{requestPrincipals: ['https://u:${secret}@i/x', b]}`);
  expect(shown(policy, [from("{requestPrincipals: [b]}"), live])).not.toContain(secret);
});
