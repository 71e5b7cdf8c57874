import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attributeChange, attributeObject } from "../../../src/core/judge/attribution.ts";
import type { Json, JsonObject } from "../../../src/core/model/json.ts";
import { changed, context, entry, live, now, removed } from "./writers.ts";

const object = { spec: { http: [{ name: "primary", timeout: "30s" }] } };
const timeout = changed("spec.http[name=primary].timeout", "/spec/http/0/timeout");
const http = { "f:spec": { "f:http": {} } };
const nobody = { manager: "", class: "unknown", wrote: "", precision: "object" };

describe("managedFields that are wrong", { timeout: 30_000 }, () => {
  it.for<readonly [what: string, entries: Json, expected: JsonObject]>([
    ["none", [], { ...nobody, doubts: ["the object has no managedFields"] }],
    ["no list", "x", { ...nobody, doubts: ["the object has no managedFields"] }],
    [
      "of the status alone",
      [entry("pilot-discovery Update 03-01T00:00", http, { subresource: "status" })],
      { ...nobody, doubts: ["its managedFields name only writers of its status"] },
    ],
    ["entries that are nothing", [null, 7, "x", []], { manager: "", class: "unknown", precision: "object" }],
    [
      "without a name",
      [{ ...entry(" Update 03-01T00:00", http) }],
      { manager: "", class: "unknown", doubts: ["the entry names nobody"] },
    ],
    ["without a time", [entry("kubectl-edit Update", http)], { doubts: ["it claims no time"] }],
    [
      "with a time that is none",
      [{ ...entry("kubectl-edit Update", http), time: "soon" }],
      { doubts: ["it claims no time that can be read"] },
    ],
    [
      "with a time in the future",
      [entry("kubectl-edit Update 03-02T09:03", http)],
      { time: "2026-03-02T09:03:00Z", doubts: ["it claims a time in the future"] },
    ],
    [
      "with a time before the object was made",
      [{ ...entry("kubectl-edit Update", http), time: "2019-01-01T00:00:00Z" }],
      { time: "2019-01-01T00:00:00Z", doubts: ["it claims a time before the object was made"] },
    ],
    [
      "that hold nothing of it",
      [entry("kubectl-edit Update 03-01T10:00", { "f:spec": { "f:hosts": {} } })],
      {
        manager: "kubectl-edit",
        wrote: "",
        precision: "object",
        doubts: ["nobody is recorded as its writer"],
      },
    ],
    ["without fields", [entry("kubectl-edit Update 03-01T10:00", null)], { precision: "object" }],
    [
      "with fields of wrong form",
      [entry("kubectl-edit Update 03-01T10:00", { "f:spec": "x" })],
      { precision: "around" },
    ],
  ])("are told: %s", ([, entries, expected]) => {
    expect(attributeChange(live(entries, object), timeout, context)).toMatchObject(expected);
  });

  it("may be ahead by what two clocks differ", () => {
    const entries = [entry("kubectl-edit Update 03-02T09:02", http)];
    expect(attributeChange(live(entries, object), timeout, context)).not.toHaveProperty("doubts");
    expect(now.toISOString()).toBe("2026-03-02T09:00:00.000Z");
  });

  it("never throw, whatever they are, and give the same answer in any order", () => {
    const name = fc.oneof(
      fc.constantFrom(
        "f:spec",
        "f:http",
        ".",
        'k:{"name":"primary"}',
        "k:{",
        'k:{"name":{}}',
        "k:[]",
        "i:0",
        'v:"x"',
        "v:",
        "f:timeout",
        "__proto__",
      ),
      fc.string(),
    );
    const { tree } = fc.letrec<{ tree: Json }>((tie) => ({
      tree: fc.oneof(
        { weight: 1, arbitrary: fc.constantFrom<Json>({}, null, 7, "x", []) },
        { weight: 3, arbitrary: fc.dictionary(name, tie("tree"), { maxKeys: 4 }) },
      ),
    }));
    const time = fc.constantFrom(
      "2026-03-01T00:00:00Z",
      "2026-02-01T00:00:00Z",
      "",
      "soon",
      "9999-12-31T23:59:59Z",
    );
    const manager = fc.constantFrom("kubectl-edit", "argocd-controller", "before-first-apply", "", "x");
    const one = fc.record({
      manager,
      operation: fc.constantFrom("Apply", "Update", ""),
      time,
      fieldsV1: tree,
    });
    const changes = [
      timeout,
      removed("spec.http[name=primary].retries", "/spec/http/0/retries"),
      changed("", ""),
    ];
    fc.assert(
      fc.property(fc.array(one, { maxLength: 6 }), fc.constantFrom(...changes), (entries, change) => {
        const found = attributeChange(live(entries, object), change, context);
        expect(["field", "around", "object"]).toContain(found?.precision);
        const turned = attributeChange(live(entries.toReversed(), object), change, context);
        expect({ ...turned, doubts: turned?.doubts?.toSorted() }).toEqual({
          ...found,
          doubts: found?.doubts?.toSorted(),
        });
        expect(attributeObject(live(entries as Json, object), context)).toBeDefined();
      }),
      { numRuns: 500 },
    );
  });

  it("may be thousands, and many changes are looked up in them in little time", () => {
    const ports = Array.from({ length: 500 }, (_, at) => ({ name: `p${String(at)}`, number: at }));
    const all = Object.fromEntries(ports.map(({ name }) => [`k:{"name":"${name}"}`, { "f:number": {} }]));
    const many = Array.from({ length: 1000 }, (_, at) =>
      entry(`m${String(at)} Update 02-01T00:00`, { "f:spec": { "f:x": {} } }),
    );
    const keyed = live(
      [...many, entry("kubectl-edit Update 03-01T10:00", { "f:spec": { "f:ports": all } })],
      { spec: { ports } },
    );
    const started = performance.now();
    for (const [at, { name }] of ports.entries()) {
      const change = changed(`spec.ports[name=${name}].number`, `/spec/ports/${String(at)}/number`);
      expect(attributeChange(keyed, change, context)).toMatchObject({
        manager: "kubectl-edit",
        precision: "field",
      });
    }
    expect(performance.now() - started).toBeLessThan(4000);
  });
});
