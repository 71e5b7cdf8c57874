import { expect, it } from "vitest";
import { compare } from "../../../src/core/compare/compare.ts";
import { resource } from "../../support/resources.ts";

/** A ConfigMap with mesh configuration; the text stands in a block of its own. */
function configMap(name: string, mesh: string): object {
  const lines = mesh.split("\n").map((line) => `    ${line}`);
  return resource(
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: istio-system}\ndata:\n  mesh: |\n${lines.join("\n")}\n`,
  ).object;
}

function virtualService(spec: string, labels = ""): object {
  return resource(
    `{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: a, namespace: shop, labels: {${labels}}}, spec: {hosts: [a], ${spec}}}`,
  ).object;
}

const nowhere = 'defaultVirtualServiceExportTo: ["."]';

it.for<[string, readonly object[], string, boolean]>([
  ["nothing is set", [configMap("istio", "{}")], "", true],
  ["it was not read", [], "", false],
  ["it is set", [configMap("istio", nowhere)], "", false],
  ["it is set in snake case", [configMap("istio", 'default_virtual_service_export_to: ["."]')], "", false],
  ["the shared one sets it", [configMap("istio", "{}"), configMap("shared", nowhere)], "", false],
  ["it is set to everywhere", [configMap("istio", 'defaultVirtualServiceExportTo: ["*"]')], "", true],
  ["it is no YAML", [configMap("istio", "a: [")], "", false],
  ["that of the object's revision was not read", [configMap("istio", "{}")], "istio.io/rev: canary", false],
  [
    "that of the object's revision says nothing either",
    [configMap("istio", "{}"), configMap("istio-canary", "{}")],
    "istio.io/rev: canary",
    true,
  ],
])(
  "exportTo may be left out for everywhere or not, where of the mesh configuration %s",
  ([, maps, labels, equal]) => {
    const { findings } = compare(
      [virtualService("exportTo: ['*']", labels), ...maps],
      [virtualService("", labels), ...maps],
      { meshConfig: { shared: "shared" } },
    );
    expect(findings.length === 0).toBe(equal);
  },
);

it("takes the namespace of mesh-wide policies from the mesh configuration", () => {
  const policy = (spec: string) =>
    resource(
      `{apiVersion: security.istio.io/v1, kind: PeerAuthentication, metadata: {name: default, namespace: istio-system}, spec: ${spec}}`,
    ).object;
  const differs = (mesh: string) =>
    compare(
      [policy("{mtls: {mode: PERMISSIVE}}"), configMap("istio", mesh)],
      [policy("{}"), configMap("istio", mesh)],
    ).findings.length > 0;
  expect([differs("{}"), differs("rootNamespace: istio-config")]).toEqual([false, true]);
});
