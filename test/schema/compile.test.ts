import { readdirSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, it } from "vitest";

const folder = new URL("../../schema/", import.meta.url);

/** What a schema needs beside it, as its description says; every other one compiles alone. */
const besides: Readonly<Record<string, string>> = { "diff-result.schema.json": "scan-result.schema.json" };

function read(name: string): { readonly description?: string } {
  return JSON.parse(readFileSync(new URL(name, folder), "utf8")) as { readonly description?: string };
}

it.for(readdirSync(folder))("compiles %s, alone or with what it says it needs", (name) => {
  const schema = read(name);
  const beside = besides[name];
  const ajv = new Ajv2020({ strict: true });
  if (beside !== undefined) {
    expect(() => new Ajv2020({ strict: true }).compile(schema)).toThrow(beside);
    expect(schema.description).toContain(`${beside}, which must be loaded beside it`);
    ajv.addSchema(read(beside));
  }
  expect(ajv.compile(schema)).toBeInstanceOf(Function);
});
