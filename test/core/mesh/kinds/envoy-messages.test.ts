import { expect, it } from "vitest";
import { envoyMessages, patchedMessages } from "../../../../src/core/mesh/kinds/envoy-messages.ts";
import { plainEnvoyValue } from "../../../../src/core/mesh/kinds/envoy-values.ts";

it("knows every message that it says a field holds", () => {
  const named = Object.values(envoyMessages).flatMap(({ parts = {}, maps = {} }) => [
    ...Object.values(parts),
    ...Object.values(maps),
  ]);
  const unknown = [...named, ...Object.values(patchedMessages)].filter(
    (name) => name !== "any" && !Object.hasOwn(envoyMessages, name),
  );
  expect(unknown).toEqual([]);
});

it("gives a field one kind of value", () => {
  for (const { plain = "", times = "", parts = {}, maps = {} } of Object.values(envoyMessages)) {
    const names = [
      ...plain.split(" "),
      ...times.split(" "),
      ...Object.keys(parts),
      ...Object.keys(maps),
    ].filter((name) => name !== "");
    expect(new Set(names).size).toBe(names.length);
  }
});

it.for([
  ["CLUSTER", { connectTimeout: "0.5s" }, { connect_timeout: "500000000ns" }],
  ["CLUSTER", { connect_timeout: "soon" }, { connect_timeout: "soon" }],
  ["CLUSTER", { connectTimeout: 5 }, { connect_timeout: 5 }],
  [
    "CLUSTER",
    { healthChecks: { noTrafficInterval: "1m" } },
    { health_checks: { no_traffic_interval: "60000000000ns" } },
  ],
  ["LISTENER", { connectTimeout: "1s" }, { connectTimeout: "1s" }],
  ["BOOTSTRAP", { statsSinks: [] }, { statsSinks: [] }],
  ["toString", { connectTimeout: "1s" }, { connectTimeout: "1s" }],
  ["CLUSTER", ["a", null, { lbPolicy: 1 }], ["a", null, { lb_policy: 1 }]],
] as const)("in a patch for %s reads %j as %j", ([applyTo, value, plain]) => {
  expect(plainEnvoyValue(value, applyTo)).toEqual(plain);
});

it("takes a value in its plain spelling as it is", () => {
  const value = {
    name: "a",
    load_assignment: { endpoints: [{ lb_endpoints: [] }] },
    metadata: { filterMetadata: {} },
  };
  expect(plainEnvoyValue(value, "CLUSTER")).toBe(value);
});

it("keeps keys that are names of JavaScript", () => {
  const value = JSON.parse('{"__proto__": {"a": 1}, "constructor": 2, "lbPolicy": 3}') as {
    readonly lbPolicy: number;
  };
  expect(JSON.stringify(plainEnvoyValue(value, "CLUSTER"))).toBe(
    '{"__proto__":{"a":1},"constructor":2,"lb_policy":3}',
  );
});
