import { describe, expect, it } from "vitest";
import { compare } from "../../../../src/core/compare/compare.ts";
import type { Json } from "../../../../src/core/model/json.ts";
import { meshKinds } from "../../../../src/core/mesh/kinds.ts";
import { fieldsOf } from "../../../../src/core/mesh/table-fields.ts";
import { meshObject, rootOf } from "../../../support/mesh-object.ts";
import { merge, wrap } from "../../../support/table-fields.ts";

/** What an object of the kind has to hold for Istio to read the rest of it. */
const surroundings: Readonly<Record<string, Json>> = {
  VirtualService: { hosts: ["reviews"] },
  DestinationRule: { host: "reviews" },
  Gateway: { servers: [{ port: { number: 443, name: "https", protocol: "HTTPS" }, hosts: ["*"] }] },
  ServiceEntry: { hosts: ["api.example.com"], ports: [{ number: 443, name: "https" }] },
  HTTPRoute: { parentRefs: [{ group: "", kind: "Service", name: "reviews" }] },
};

const traps = meshKinds.flatMap(({ group, kind, table }) =>
  fieldsOf(table).flatMap(({ path, field }) =>
    (field.rows ?? []).flatMap((row) => {
      if (row.type !== "trap") return [];
      const names = path.slice(rootOf(kind).length);
      const [one, other] = row.pair.map((value) =>
        meshObject({ group, kind }, merge(surroundings[kind] ?? {}, wrap(names, value))),
      );
      return [{ id: row.id, path: path.join("."), one, other }];
    }),
  ),
);

describe("a trap", () => {
  it("stands in every table that has values which look the same", () => {
    expect(new Set(traps.map(({ id }) => id)).size).toBeGreaterThan(60);
  });

  it.for(traps)("$id at $path is a difference under any equality", ({ one, other }) => {
    for (const equality of ["strict", "istio", "envoy"] as const) {
      const { findings } = compare([one ?? {}], [other ?? {}], { equality });
      expect(findings.map(({ type }) => type)).toEqual(["changed"]);
    }
  });

  it("is also 100 % of a delegate beside the old spelling of another share, which counts without it", () => {
    const [one, other] = [{ mirrorPercentage: { value: 100 } }, {}].map((more) =>
      meshObject(
        { group: "networking.istio.io", kind: "VirtualService" },
        { http: [{ mirror: { host: "audit" }, mirrorPercent: 0, ...more }] },
      ),
    );
    const { findings } = compare([one ?? {}], [other ?? {}], { equality: "envoy" });
    expect(findings.map(({ type }) => type)).toEqual(["changed"]);
  });
});
