import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, it } from "vitest";
import { remedyOf } from "../../src/core/judge/remedy.ts";
import { formatKey } from "../../src/core/model/resource.ts";
import { renderRemedyJson } from "../../src/report/remedy-json.ts";
import { type RemedyReport, renderRemedyText } from "../../src/report/remedy-text.ts";
import { judged } from "./judged-samples.ts";
import { now } from "./samples.ts";

const options = {
  ...{ colour: false, width: 100, now, details: false, wide: false },
  next: "drift revert prod-eu1 -o json",
};

const remedy = remedyOf(judged.findings, {
  context: "eu1",
  printDesired: (key) => ["drift", "render", "prod-eu1", formatKey(key)],
});

const guards = [
  {
    type: "many-new",
    id: "3f9a2c1b0d4e",
    text: "41 findings are new since the last good run",
    before: 25,
    now: 41,
  },
] as const;
const report: RemedyReport = { target: "prod-eu1", remedy, guessedContext: "eu1", unchecked: 2, guards };
const nothing: RemedyReport = {
  target: "prod-eu1",
  remedy: { steps: [], without: [] },
  unchecked: 0,
  guards: [],
};

it("prints what to run, as test/report/golden/remedy.txt shows", async () => {
  const screens = [report, nothing].map((one) => renderRemedyText(one, options));
  await expect(screens.join("\n")).toMatchFileSnapshot("golden/remedy.txt");
});

it("writes it for programs as schema/remedy.schema.json says", () => {
  const schema = readFileSync(new URL("../../schema/remedy.schema.json", import.meta.url), "utf8");
  const validate = new Ajv2020({ strict: true }).compile(JSON.parse(schema) as object);
  for (const one of [report, nothing]) {
    validate(JSON.parse(renderRemedyJson(one)));
    expect(validate.errors ?? []).toEqual([]);
  }
});
