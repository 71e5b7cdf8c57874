import { describe, expect, it } from "vitest";
import { emptyState } from "../../../src/core/model/state.ts";
import { isState } from "../../../src/core/model/state-schema.ts";
import { readStateText, writeStateText } from "../../../src/core/model/state-text.ts";
import { sampleState } from "./sample-state.ts";

function readBytes(bytes: Buffer) {
  return readStateText(bytes.toString("utf8")).type;
}

describe("the text of a state", () => {
  it.for([emptyState, sampleState(1), sampleState(200)])("is read as it was written", (state) => {
    expect(readStateText(writeStateText(state))).toEqual({ type: "state", state });
  });

  it("is one JSON document", () => {
    expect(JSON.parse(writeStateText(sampleState(1)))).toMatchObject({ "mesh-drift": "state", version: 1 });
  });

  it("of ten thousand objects is small and quickly read", () => {
    const text = writeStateText(sampleState(10_000));
    expect(text.length).toBeLessThan(5_000_000);
    const before = performance.now();
    expect(readStateText(text).type).toBe("state");
    expect(performance.now() - before).toBeLessThan(2000);
  });

  it("of 200 records is never taken for one with any one byte flipped", { timeout: 60_000 }, () => {
    const bytes = Buffer.from(writeStateText(sampleState(4, { clocks: 50 })));
    const taken: number[] = [];
    for (let index = 0; index < bytes.length; index++) {
      const flipped = bytes[index] ?? 0;
      bytes[index] = flipped ^ (1 << (index % 8));
      if (readBytes(bytes) === "state") taken.push(index);
      bytes[index] = flipped;
    }
    expect(taken).toEqual([]);
    expect(readBytes(bytes)).toBe("state");
  });

  it("of 200 records is never taken for one cut off anywhere", { timeout: 60_000 }, () => {
    const bytes = Buffer.from(writeStateText(sampleState(4, { clocks: 50 })));
    const lengths = Array.from({ length: bytes.length }, (_, length) => length);
    expect(lengths.filter((length) => readBytes(bytes.subarray(0, length)) === "state")).toEqual([]);
  });

  it("of a newer version is told, whatever follows", () => {
    const text = writeStateText(emptyState);
    expect(readStateText(text.replace('"version":1', '"version":2'))).toEqual({ type: "newer", version: 2 });
    expect(readStateText('{"mesh-drift":"state","version":12,"records":{}}')).toMatchObject({ version: 12 });
  });

  it.for(["", "{}", "null", '{"mesh-drift":"state","version":0,"checksum":""', "\0\0\0", "x".repeat(100)])(
    "is not %j",
    (text) => {
      expect(readStateText(text).type).toBe("damaged");
    },
  );
});

describe("isState", () => {
  const good = sampleState(1);
  const cluster = good.clusters[0];
  const object = cluster?.objects[0];
  const clock = object?.clocks?.[0];
  const withClock = (more: object): unknown => ({
    ...good,
    clusters: [{ ...cluster, objects: [{ ...object, clocks: [{ ...clock, ...more }] }] }],
  });

  it.for<readonly [string, unknown]>([
    ["a list", []],
    ["nothing", null],
    ["a field that nobody knows", { ...good, extra: 1 }],
    ["no clusters", { ...good, clusters: undefined }],
    ["a revision that is no whole number", { ...good, revision: 1.5 }],
    ["a clock that begins after it was seen", withClock({ since: (clock?.firstSeen ?? 0) + 1 })],
    ["a time that is text", withClock({ due: "2026-07-20" })],
    ["a time that no text can hold", withClock({ due: 9e15 })],
    ["a basis that nobody knows", withClock({ basis: "trust" })],
    [
      "an id that is no list",
      { ...good, clusters: [{ ...cluster, objects: [{ ...object, id: "shop/x" }] }] },
    ],
    ["an id that is an object", { ...good, clusters: [{ ...cluster, objects: [{ ...object, id: "{}" }] }] }],
  ])("refuses %s", ([, value]) => {
    expect(isState(good)).toBe(true);
    expect(isState(value)).toBe(false);
  });
});
