import { Ajv2020 } from "ajv/dist/2020.js";
import { format } from "prettier";
import { expect, it } from "vitest";
import * as z from "zod";
import { configSchema, knownKeys } from "../../src/config/schema.ts";

const jsonSchema = z.toJSONSchema(configSchema, { io: "input" });

it("is described by schema/drift.schema.json (renew it with `npx vitest run test/config/schema.test.ts -u`)", async () => {
  const text = await format(JSON.stringify(jsonSchema), { parser: "json", printWidth: 110 });
  await expect(text).toMatchFileSnapshot("../../schema/drift.schema.json");
});

it.for([
  [true, { repository: "." }],
  [true, { repository: { url: ".", revision: "main", allowStale: "10m" } }],
  [false, { repository: { url: ".", revison: "main" } }],
  [false, { publish: {} }],
  [false, { targets: [] }],
  [false, { render: { timeout: "5 s" } }],
  [true, { clusters: { eu1: { context: "eu1" } } }],
  [true, { clusters: { eu1: { inCluster: true } } }],
  [false, { clusters: { eu1: { inCluster: false } } }],
  [false, { clusters: { eu1: { server: "http://10.0.0.1" } } }],
] as const)("gives editors the same verdict: %s for %j", ([valid, change]) => {
  const config = {
    version: 1,
    repository: ".",
    clusters: { eu1: { snapshot: "live" } },
    targets: [{ name: "eu1", overlay: "overlays/eu1", cluster: "eu1" }],
    ...change,
  };
  expect(configSchema.safeParse(config).success).toBe(valid);
  expect(new Ajv2020({ strict: true, allErrors: true }).validate(jsonSchema, config)).toBe(valid);
});

it("knows no key both as one of today and of later", () => {
  for (const { now, later } of Object.values(knownKeys)) {
    expect(now.filter((key) => later.includes(key))).toEqual([]);
  }
});
