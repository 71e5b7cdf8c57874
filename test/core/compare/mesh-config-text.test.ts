import { describe, expect, it } from "vitest";
import { compare, type Change } from "../../../src/core/compare/compare.ts";
import { meshConfigMap } from "../../support/mesh-object.ts";

function changesOf(desired: string, live: string): readonly Change[] {
  const { findings } = compare([meshConfigMap(desired)], [meshConfigMap(live)]);
  return findings.flatMap(({ changes }) => changes);
}

/** The changes of each ConfigMap, with a shared one under ConfigMap istio. */
function sharedDiff(
  desired: readonly [main: string, shared: string],
  live: readonly [main: string, shared: string],
): Readonly<Record<string, readonly string[]>> {
  const side = ([main, shared]: readonly [string, string]): object[] => [
    meshConfigMap(main),
    meshConfigMap(shared, "shared"),
  ];
  const { findings } = compare(side(desired), side(live), { meshConfig: { shared: "shared" } });
  return Object.fromEntries(
    findings.map(({ key, changes }) => [key.name, changes.map(({ type, path }) => `${type} ${path}`)]),
  );
}

describe("the text of the mesh configuration", () => {
  it("has a line for each change on each side, whatever stands around it", () => {
    const git =
      "# ours\ndefault_config: {}\naccess_log_file: /dev/stdout\ndefaultConfig:\n  concurrency: 2\n";
    const live = "---\ndefaultConfig:\n  # more\n  concurrency: 4\nenableTracing: false\n";
    expect(changesOf(git, live).map(({ path, desired, live }) => [path, desired?.line, live?.line])).toEqual([
      ["data.mesh.accessLogFile", 3, undefined],
      ["data.mesh.defaultConfig.concurrency", 5, 4],
      ["data.mesh.enableTracing", undefined, 5],
    ]);
  });

  it.for([
    ["---\n---\naccessLogFile: /dev/stdout\n", "accessLogFile: /dev/stdout\n"],
    ["---\n# nothing\n---\naccessLogFile: /dev/stdout\n", "accessLogFile: /dev/stdout\n"],
    ["kind: List\napiVersion: v1\nitems: []\naccessLogFile: /dev/stdout\n", ""],
  ])("is its first document, as one mapping: %j is not %j", ([git = "", live = ""]) => {
    expect(changesOf(git, live)).not.toEqual([]);
  });

  it("has the line of a provider by its name, and of a list where it was put in order", () => {
    const git =
      "extensionProviders:\n- name: envoy\n  envoyFileAccessLog: {path: /dev/stdout}\n- name: a\n  datadog:\n    port: 1\ntrustDomainAliases:\n- b\n- a\n";
    const live = "extensionProviders:\n- name: a\n  datadog:\n    port: 2\ntrustDomainAliases: [a]\n";
    expect(changesOf(git, live).map(({ path, desired, live }) => [path, desired?.line, live?.line])).toEqual([
      ["data.mesh.extensionProviders[name=a].datadog.port", 6, 4],
      ["data.mesh.trustDomainAliases[b]", 8, undefined],
    ]);
  });

  it("is adopted as a whole: a patch cannot reach into a text", () => {
    const live = "enableTracing: false # loud\n";
    const [finding] = compare([meshConfigMap("a: 1\n")], [meshConfigMap(live)]).findings;
    expect(finding?.patch).toEqual([{ op: "replace", path: "/data/mesh", value: live }]);
  });

  it("says what is not known where istiod cannot read it", () => {
    const [change] = changesOf("enableTracing: [\n", "enableTracing: false\n");
    expect(change).toMatchObject({ type: "changed", path: "data.mesh", desired: { secret: [""] } });
    expect(change?.undecided?.map(({ rule, missing }) => [rule, missing.slice(0, 26)])).toEqual([
      ["mesh-config/decoded", "what istiod holds instead:"],
    ]);
  });

  it("is never shown as a whole, since it may hold a token somewhere", () => {
    const token = "defaultConfig: {proxyMetadata: {TOKEN: hunter2}}\n";
    const bare = { ...meshConfigMap(""), data: {} };
    for (const { live } of compare([bare], [meshConfigMap(token)]).findings[0]?.changes ?? []) {
      expect(live?.secret).toEqual([""]);
    }
    const [change] = changesOf("", token);
    expect([change?.path, change?.live?.secret]).toEqual([
      "data.mesh.defaultConfig",
      ["/proxyMetadata/TOKEN"],
    ]);
  });

  it("keeps keys that a newer Istio may know", () => {
    const differs = (istio: string): boolean =>
      compare([meshConfigMap("noSuchKey: 1")], [meshConfigMap("")], { facts: { istio } }).findings.length > 0;
    expect(["1.29", "1.30.3", "1.31", ""].map(differs)).toEqual([false, false, true, false]);
  });
});

it("compares the networks of the mesh as the YAML that they are", () => {
  const networks = (text: string): object => ({ ...meshConfigMap(""), data: { meshNetworks: text } });
  const differs = (a: string, b: string): boolean =>
    compare([networks(a)], [networks(b)]).findings.length > 0;
  expect(differs("networks: {a: {}} # one\n", "networks:\n  a: {}\n")).toBe(false);
  expect(differs("networks: {a: {}}", "networks: {b: {}}")).toBe(true);
});

it.for<[string, object, object, boolean | undefined]>([
  ["the networks", { meshNetworks: "networks: {a: {}}" }, { meshNetworks: "networks: {b: {}}" }, true],
  ["networks of one side", { mesh: "" }, { mesh: "", meshNetworks: "networks: {b: {}}" }, true],
  ["a setting of the mesh", { mesh: "accessLogFile: a" }, { mesh: "accessLogFile: b" }, undefined],
])("says whether it compared as written: %s", ([, git, live, structural]) => {
  const of = (data: object): object => ({ ...meshConfigMap(""), data });
  const { findings } = compare([of(git)], [of(live)]);
  expect(findings.map((finding) => finding.structural)).toEqual([structural]);
});

describe("a shared mesh configuration", () => {
  it.for<[string, string, string, string]>([
    ["a value that is shared", "accessLogFile: a", "accessLogFile: a", ""],
    [
      "proxies field by field",
      "defaultConfig: {statusPort: 1}",
      "defaultConfig: {statusPort: 1, meshId: m}",
      "defaultConfig: {meshId: m}",
    ],
    [
      "variables of proxies by name",
      "defaultConfig: {proxyMetadata: {A: a}}",
      "defaultConfig: {proxyMetadata: {A: a, B: b}}",
      "defaultConfig: {proxyMetadata: {B: b}}",
    ],
    [
      "providers by name",
      "extensionProviders: [{name: a, datadog: {port: 1}}]",
      "extensionProviders: [{name: a, datadog: {port: 1}}]",
      "extensionProviders: []",
    ],
    [
      "aliases of the trust domain together",
      "trustDomainAliases: [b]",
      "trustDomainAliases: [a, b]",
      "trustDomainAliases: [a]",
    ],
    [
      "default providers by use",
      "defaultProviders: {tracing: [a]}",
      "defaultProviders: {tracing: [a], metrics: [m]}",
      "defaultProviders: {metrics: [m]}",
    ],
    ["a name of its own in snake case", "access_log_file: a", "accessLogFile: a", ""],
  ])("lies under the other: %s", ([, shared, one, other]) => {
    expect(sharedDiff([one, shared], [other, shared])).toEqual({});
  });

  it.for<[string, string, string, string]>([
    ["an empty value", "accessLogFile: a", 'accessLogFile: ""', ""],
    ["false", "disableEnvoyListenerLog: true", "disableEnvoyListenerLog: false", ""],
    ["an empty list", "discoverySelectors: [{matchLabels: {a: b}}]", "discoverySelectors: []", ""],
    ["Istio's default", "enableTracing: false", "enableTracing: true", ""],
    ["an empty block", "outboundTrafficPolicy: {mode: ALLOW_ANY}", "outboundTrafficPolicy: {}", ""],
    [
      "the other name of a proxy",
      "defaultConfig: {tracingServiceName: CANONICAL_NAME_ONLY}",
      "defaultConfig: {serviceCluster: istio-proxy}",
      "",
    ],
    ["no default provider", "defaultProviders: {metrics: [m]}", "defaultProviders: {metrics: []}", ""],
  ])("is taken away by the other: %s", ([, shared, one, other]) => {
    expect(Object.keys(sharedDiff([one, shared], [other, shared]))).toEqual(["istio"]);
    expect(Object.keys(sharedDiff([other, shared], [one, shared]))).toEqual(["istio"]);
  });

  it("is told of itself only where it differs", () => {
    expect(sharedDiff(["enableTracing: false", "accessLogFile: a"], ["", "accessLogFile: b"])).toEqual({
      istio: ["removed data.mesh.enableTracing"],
      shared: ["changed data.mesh.accessLogFile"],
    });
  });

  it("makes what the other says count as written where the two sides share different values", () => {
    const { istio } = sharedDiff(['accessLogFile: ""', "accessLogFile: a"], ["", ""]);
    expect(istio).toEqual(["removed data.mesh.accessLogFile"]);
  });

  it("may have taken the place of a provider that is there by itself", () => {
    const builtIn = "extensionProviders: [{name: prometheus, prometheus: {}}]";
    const other = "extensionProviders: [{name: prometheus, datadog: {port: 1}}]";
    expect(sharedDiff([builtIn, other], ["", other])).toHaveProperty("istio");
    expect(sharedDiff([builtIn, other], ["", ""])).toHaveProperty("istio");
    expect(sharedDiff([builtIn, ""], ["", ""])).toEqual({});
  });

  it("says what is missing where nobody can read it", () => {
    const { findings } = compare(
      [meshConfigMap("enableTracing: true"), meshConfigMap("a: [", "shared")],
      [meshConfigMap(""), meshConfigMap("a: [", "shared")],
      { meshConfig: { shared: "shared" } },
    );
    expect(findings[0]?.changes[0]?.undecided).toEqual([
      {
        rule: "mesh-config/default-enable-tracing",
        missing: "the shared mesh configuration (ConfigMap shared)",
      },
    ]);
  });

  it("is live's where Git declares none, and has AKS's name by itself", () => {
    const compareAks = (main: string): readonly string[] =>
      compare(
        [meshConfigMap(main, "istio-asm-1-27")],
        [
          meshConfigMap("enableTracing: false", "istio-asm-1-27"),
          meshConfigMap("accessLogFile: a", "istio-shared-configmap-asm-1-27"),
        ],
      ).findings.flatMap(({ changes }) => changes.map(({ path }) => path));
    expect(compareAks("{enableTracing: false, accessLogFile: a}")).toEqual([]);
    expect(compareAks('{enableTracing: false, accessLogFile: ""}')).toEqual(["data.mesh.accessLogFile"]);
  });
});
