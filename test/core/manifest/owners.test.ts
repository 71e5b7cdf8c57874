import { describe, expect, it } from "vitest";
import { createOwnersReader } from "../../../src/core/manifest/owners.ts";
import { memberName } from "../../../src/core/model/field-owner.ts";
import type { Json } from "../../../src/core/model/json.ts";

describe("createOwnersReader", () => {
  const fieldsV1 = {
    "f:spec": {
      "f:hosts": {},
      "f:ports": { 'k:{"number":80}': { ".": {} } },
      "f:finalizers": { 'v:"hunter2"': {} },
    },
  };
  const entry = { manager: "kubectl", operation: "Apply", time: "2026-01-01T00:00:00Z", fieldsV1 };

  it("says who wrote which fields and when, without a value", () => {
    const owners = createOwnersReader()({
      managedFields: [entry, { ...entry, manager: "istiod", subresource: "status" }],
    });
    expect(owners).toMatchObject([
      { manager: "kubectl", operation: "Apply", time: "2026-01-01T00:00:00Z" },
      { manager: "istiod", subresource: "status" },
    ]);
    expect(owners[0]?.fields).toMatchObject({
      "f:spec": { "f:hosts": {}, "f:ports": { 'k:{"number":80}': { ".": {} } } },
    });
    expect(JSON.stringify(owners)).not.toContain("hunter2");
  });

  it("tells members of sets apart, and gives equal ones the same name", () => {
    const read = createOwnersReader();
    const nameOf = (value: string) => {
      const [owner] = read({ managedFields: [{ fieldsV1: { [`v:"${value}"`]: {} } }] });
      return Object.keys(owner?.fields ?? {})[0];
    };
    expect(nameOf("a")).toMatch(/^v:#[0-9a-f]{16}$/);
    expect(nameOf("a")).toBe(nameOf("a"));
    expect(nameOf("a")).not.toBe(nameOf("b"));
  });

  it.for<readonly [string, Json]>([
    ['v:"a"', "a"],
    ['v:"a\\u003cb"', "a<b"],
    ["v:80", 80],
    ["v:12345678901234567890", 12345678901234567890n],
    ["v:true", true],
  ])("names the member %s as everybody does who knows the value", ([name, value]) => {
    const [owner] = createOwnersReader()({ managedFields: [{ fieldsV1: { [name]: {} } }] });
    expect(Object.keys(owner?.fields ?? {})).toEqual([memberName(value)]);
  });

  it.for(["v:", "v:{", "v:#0123456789abcdef", "v:hunter2"])(
    "keeps nothing of %s, which is no value",
    (name) => {
      const [owner] = createOwnersReader()({ managedFields: [{ fieldsV1: { [name]: {} } }] });
      expect(Object.keys(owner?.fields ?? {})).toEqual([expect.stringMatching(/^v:#[0-9a-f]{16}$/)]);
      expect(JSON.stringify(owner)).not.toContain("hunter2");
    },
  );

  it("keeps equal sets of fields once", () => {
    const read = createOwnersReader();
    const [first] = read({ managedFields: [entry] });
    const [second] = read({ managedFields: [structuredClone(entry)] });
    expect(second?.fields).toBe(first?.fields);
  });

  it("takes a long number where a set has no values for no value either", () => {
    const read = createOwnersReader();
    const owners = read({
      managedFields: [{ fieldsV1: { "f:a": 12345678901234567890n, "f:b": "hunter2" } }],
    });
    expect(owners[0]?.fields).toEqual({ "f:a": {}, "f:b": {} });
  });

  it.for<readonly [string, Json | undefined]>([
    ["no metadata", undefined],
    ["no managedFields", {}],
    ["managedFields that are no list", { managedFields: "x" }],
  ])("finds nobody in %s", ([, metadata]) => {
    expect(createOwnersReader()(metadata)).toEqual([]);
  });

  it("knows of an entry that is nothing only that it is there", () => {
    expect(createOwnersReader()({ managedFields: [null] })).toEqual([
      { manager: "", operation: "", fields: {} },
    ]);
  });
});
