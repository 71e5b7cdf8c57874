import { expect, it } from "vitest";
import { addOutput, completeOutputs, type OutputRequest, wantsJson } from "../../src/cli/outputs.ts";

function requestsOf(...values: string[]): readonly OutputRequest[] {
  return completeOutputs(
    values.reduce<readonly OutputRequest[]>((before, value) => addOutput(value, before), []),
  );
}

it.for<[string[], OutputRequest[]]>([
  [[], [{ format: "text" }]],
  [["json"], [{ format: "json" }]],
  [["json=a.json"], [{ format: "text" }, { format: "json", file: "a.json" }]],
  [
    ["json=a=b.json", "text"],
    [{ format: "json", file: "a=b.json" }, { format: "text" }],
  ],
  [
    ["json", "text=a.txt", "json=b.json"],
    [{ format: "json" }, { format: "text", file: "a.txt" }, { format: "json", file: "b.json" }],
  ],
])("takes %j for %j", ([values, expected]) => {
  expect(requestsOf(...values)).toEqual(expected);
});

it.for<[string[], string]>([
  [["yaml"], "expected one of text, wide, json"],
  [["jsn"], 'did you mean "json"?'],
  [["json="], "expected the name of a file after ="],
  [["json", "text"], "a report already goes to standard output"],
  [["json=a", "text=a"], "a report already goes to a"],
])("refuses %j: %s", ([values, message]) => {
  expect(() => requestsOf(...values)).toThrow(message);
});

it.for<[boolean, string[]]>([
  [true, ["scan", "-o", "json"]],
  [true, ["scan", "-ojson"]],
  [true, ["scan", "--output", "json"]],
  [true, ["scan", "--output=json", "--typo"]],
  [false, ["scan", "-o", "json=file"]],
  [false, ["scan", "-o", "text"]],
  [false, ["diff", "json", "a"]],
  [false, ["diff", "--", "-o", "json"]],
])("tells whether JSON goes to standard output: %s for %j", ([expected, argv]) => {
  expect(wantsJson(argv)).toBe(expected);
});
