import { expect, it } from "vitest";
import { compare } from "../../../src/core/compare/compare.ts";
import type { Json } from "../../../src/core/model/json.ts";
import { meshConfigMap, meshObject } from "../../support/mesh-object.ts";

function numbered<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

const networking = "networking.istio.io";

function servers(shift: number): object {
  const spec = numbered(6_000, (i) => ({
    port: { number: 80, name: `h${String(i)}`, protocol: "HTTP" },
    hosts: [`h${String(i + shift)}.example.com`],
  }));
  return meshObject({ group: networking, kind: "Gateway" }, { servers: spec });
}

function ports(mode: string): object {
  const portLevelMtls = Object.fromEntries(numbered(8_000, (i) => [String(i + 1), { mode }]));
  return meshObject({ group: "security.istio.io", kind: "PeerAuthentication" }, { portLevelMtls });
}

function routes(order: (list: object[]) => object[]): object {
  const http = order(
    numbered(3_000, (i) => ({ name: String(i), match: [{ uri: { prefix: `/${String(i)}` } }] })),
  );
  return meshObject(
    { group: networking, kind: "VirtualService" },
    JSON.parse(JSON.stringify({ http })) as Json,
  );
}

function providers(port: number): object {
  const items = numbered(
    8_000,
    (i) => `- {name: p${String(i)}, datadog: {service: a, port: ${String(port)}}}`,
  );
  return meshConfigMap(`extensionProviders:\n${items.join("\n")}\n`);
}

// Each takes about a second; where every pair of places is looked at it takes more than a minute.
it.for<[string, object, object, number]>([
  ["servers of a Gateway", servers(0), servers(1), 12_000],
  ["ports of a PeerAuthentication", ports("STRICT"), ports("PERMISSIVE"), 8_000],
  ["routes in another order", routes((list) => list), routes((list) => list.toReversed()), 1],
  ["providers of the mesh configuration", providers(1), providers(2), 8_000],
])("finds thousands of changes in time: %s", { timeout: 60_000 }, ([, git, live, most]) => {
  const [finding] = compare([git], [live]).findings;
  expect(finding?.changes.length).toBeGreaterThan(0);
  expect(finding?.changes.length).toBeLessThanOrEqual(most);
});
