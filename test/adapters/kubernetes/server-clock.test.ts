import { expect, it } from "vitest";
import type { ApiEnd } from "../../../src/adapters/kubernetes/api-reader.ts";
import { listenForTime } from "../../../src/adapters/kubernetes/server-clock.ts";
import { broken } from "./read-script.ts";

const local = Date.UTC(2026, 6, 20, 10);

/** What is heard of answers with these dates. */
async function heard(...ends: readonly (string | ApiEnd | undefined)[]) {
  const left = ends.map((end): ApiEnd => {
    if (typeof end === "object") return end;
    return { type: "json", value: null, bytes: 0, ...(end !== undefined && { date: end }) };
  });
  const clock = listenForTime(() => Promise.resolve(left.shift() ?? broken), { now: () => local });
  while (left.length > 0) await clock.read({ path: "/", accept: "" }, () => 0);
  return clock.time();
}

it("is what the first answer says, beside the time of this machine", async () => {
  expect(
    await heard(broken, undefined, "Mon, 20 Jul 2026 11:00:00 GMT", "Mon, 20 Jul 2026 12:00:00 GMT"),
  ).toEqual({ server: "2026-07-20T11:00:00.000Z", local: "2026-07-20T10:00:00.000Z" });
});

it.for([undefined, "", "5", "2026", "Mon, 99 Xyz", "now"])("is nothing of the date %j", async (date) => {
  expect(await heard(date)).toBeUndefined();
});
