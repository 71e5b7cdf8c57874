import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { expect, it } from "vitest";
import type { ScanResult } from "../../src/core/model/scan-result.ts";
import { renderDiffJson, renderErrorJson, renderJson } from "../../src/report/json.ts";
import { diffResult, driftedDiff } from "./diff-samples.ts";
import { equal } from "./equal-samples.ts";
import { neverLive } from "./ineffective-samples.ts";
import { drifted, everything, scanResult, target, unknown } from "./samples.ts";

const ajv = new Ajv2020({ strict: true, allErrors: true });
for (const name of ["scan-result", "diff-result", "error"]) {
  const text = readFileSync(new URL(`../../schema/${name}.schema.json`, import.meta.url), "utf8");
  ajv.addSchema(JSON.parse(text) as object);
}

function schema(name: string): ValidateFunction {
  const validate = ajv.getSchema(`${name}.schema.json`);
  if (validate === undefined) throw new Error(`no schema ${name}`);
  return validate;
}

/** What a text breaks of a schema. */
function violations(name: string, text: string): unknown {
  const validate = schema(name);
  validate(JSON.parse(text));
  return validate.errors ?? [];
}

it.for<[string, ScanResult]>([
  ["every type of finding", everything],
  ["places that were treated as equal", scanResult([{ ...drifted, equal }])],
  ["what the API server drops", scanResult(neverLive)],
  ["a clean scan", scanResult([target("prod-eu1")])],
  ["nothing known", scanResult([unknown], { tolerated: ["staging"] })],
  [
    "a stale source",
    scanResult([
      {
        ...drifted,
        source: {
          repository: "r",
          revision: "",
          commit: { sha: "a", author: "b", date: "c", subject: "d" },
          staleSince: "2026-11-21T07:00:00Z",
        },
      },
    ]),
  ],
])("writes %s as schema/scan-result.schema.json says", ([, result]) => {
  expect(violations("scan-result", renderJson(result))).toEqual([]);
});

it("writes a diff as schema/diff-result.schema.json says", () => {
  expect(violations("diff-result", renderDiffJson(diffResult()))).toEqual([]);
  expect(violations("diff-result", renderDiffJson(driftedDiff))).toEqual([]);
  expect(violations("diff-result", renderDiffJson({ ...driftedDiff, equal }))).toEqual([]);
});

it("writes an error as schema/error.schema.json says", () => {
  const text = renderErrorJson({
    schemaVersion: 1,
    error: { code: "CONFIG_INVALID", message: "a", hint: "b", details: ["c"] },
  });
  expect(violations("error", text)).toEqual([]);
  expect(violations("scan-result", text)).not.toEqual([]);
});

it("has a schema that takes no field it does not name, at any depth", () => {
  const objects: unknown[] = [];
  const walk = (value: unknown, path: readonly string[]): void => {
    if (typeof value !== "object" || value === null) return;
    if (!Array.isArray(value) && !path.includes("value")) objects.push(value);
    for (const [name, part] of Object.entries(value)) walk(part, [...path, name]);
  };
  const result: unknown = JSON.parse(renderJson(everything));
  walk(result, []);
  const accepted = objects.filter((object) => {
    const holder = object as Record<string, unknown>;
    holder["surprise"] = 1;
    const isValid = schema("scan-result")(result);
    delete holder["surprise"];
    return isValid;
  });
  expect(accepted).toEqual([]);
  expect(objects.length).toBeGreaterThan(60);
});

it("gives the same bytes for the same result, in whatever order it was put together", () => {
  const reverse = (value: unknown, isForeign: boolean): unknown => {
    if (Array.isArray(value)) return value.map((item) => reverse(item, isForeign));
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).map(
      ([name, part]) => [name, reverse(part, isForeign || name === "value")] as const,
    );
    return Object.fromEntries(isForeign ? entries : entries.reverse());
  };
  const reversed = reverse(everything, false) as ScanResult;
  expect(Object.keys(reversed)[0]).toBe("tolerated");
  expect(renderJson(reversed)).toBe(renderJson(everything));
});

it("keeps every field and value of the result", () => {
  const text = renderJson(everything);
  // A bigint is a number in JSON; the strings of this sample hold no such digits.
  const quoted = text.replace(/: (\d{16,})/g, ': "$1"');
  const expected = JSON.stringify(everything, (_, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  );
  expect(JSON.parse(quoted)).toEqual(JSON.parse(expected));
});

it("starts with the schema version and ends with a line break", () => {
  const text = renderJson(everything);
  expect(text).toMatch(/^\{\n {2}"schemaVersion": 1,\n {2}"tool": \{/);
  expect(text.endsWith("}\n")).toBe(true);
});
