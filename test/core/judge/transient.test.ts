import { describe, expect, it } from "vitest";
import { reviews, sees, text, watch } from "./watch.ts";

/** What a run after 0 says of an object that was at generation 4 then. */
function after(live: { readonly uid?: string; readonly generation: number; readonly spec?: string }) {
  const judged = ({ uid = "u1", generation, spec = "same" }: typeof live) => [
    { key: reviews, live: { uid, generation, spec: () => spec } },
  ];
  return watch([
    [0, sees([], { judged: judged({ generation: 4 }) })],
    [1, sees([], { judged: judged(live) })],
  ]).transient;
}

describe("an edit that was undone between two runs", () => {
  it("is told by the generations", () => {
    expect(after({ generation: 6 })).toEqual([
      { cluster: "eu1", key: reviews, type: "edited", changes: 2, after: text(0) },
    ]);
  });

  it("is told of an object that was deleted and made again", () => {
    expect(after({ uid: "u2", generation: 1 })).toEqual([
      { cluster: "eu1", key: reviews, type: "recreated", after: text(0) },
    ]);
  });

  it.for([
    { generation: 4 },
    { generation: 5 },
    { generation: 6, spec: "other" },
    { uid: "u2", generation: 1, spec: "other" },
  ])("is not told of %j", (live) => {
    expect(after(live)).toEqual([]);
  });

  it("does not ask for the spec of an object that nobody changed", () => {
    const first = watch([
      [0, sees([], { judged: [{ key: reviews, live: { uid: "u", generation: 1, spec: () => "s" } }] })],
    ]);
    const spec = () => {
      throw new Error("asked");
    };
    const next = watch(
      [[1, sees([], { judged: [{ key: reviews, live: { uid: "u", generation: 1, spec } }] })]],
      {
        state: first.state,
      },
    );
    expect(next.state.clusters[0]?.objects[0]?.seen?.spec).toBe("s");
  });
});
