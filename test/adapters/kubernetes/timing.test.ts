import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backoffMs, countdown, retryAfterMs, systemTiming } from "../../../src/adapters/kubernetes/timing.ts";
import { testTiming } from "./api-server.ts";

const now = Date.parse("2026-01-02T00:00:00Z");

describe("backoffMs", () => {
  it("doubles with each attempt up to eight seconds", () => {
    const delays = [1, 2, 3, 4, 5, 6, 60].map((attempt) => backoffMs(attempt, testTiming()));
    expect(delays).toEqual([250, 500, 1000, 2000, 4000, 4000, 4000]);
  });

  it("is anything from nothing to all of it, by chance", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (attempt, chance) => {
          const delay = backoffMs(attempt, { ...testTiming(), random: () => chance });
          expect(delay).toBeCloseTo(chance * Math.min(8000, 250 * 2 ** attempt), 6);
        },
      ),
    );
  });
});

describe("retryAfterMs", () => {
  it.for<readonly [header: string | undefined, delayMs: number | undefined]>([
    [undefined, undefined],
    ["0", 0],
    ["1", 1000],
    [" 120 ", 120_000],
    ["Fri, 02 Jan 2026 00:01:00 GMT", 60_000],
    ["Thu, 01 Jan 2026 00:00:00 GMT", 0],
    ["1.5", undefined],
    ["-1", undefined],
    ["9999999999", undefined],
    ["", undefined],
    ["soon", undefined],
    ["Fri, 99 Foo 2026", undefined],
    ["2026-01-02T00:01:00Z", undefined],
  ])("reads %j as %j", ([header, delayMs]) => {
    expect(retryAfterMs(header, now)).toBe(delayMs);
  });
});

describe("countdown", () => {
  it("begins when it is asked for the first time", () => {
    const timing = testTiming(1_000);
    const deadline = countdown(500, timing);
    void timing.sleep(10_000, new AbortController().signal);
    expect(deadline()).toBe(11_500);
    void timing.sleep(10_000, new AbortController().signal);
    expect(deadline()).toBe(11_500);
  });
});

describe("systemTiming", () => {
  it("sleeps also where it is for longer than a timer takes", async () => {
    const ending = new AbortController();
    let isAwake = false;
    const sleeping = systemTiming.sleep(2 ** 40, ending.signal).then(() => {
      isAwake = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isAwake).toBe(false);
    ending.abort();
    await sleeping;
  });

  it("sleeps no longer than its signal lets it", async () => {
    const ending = new AbortController();
    const sleeping = systemTiming.sleep(60_000, ending.signal);
    ending.abort();
    await expect(sleeping).resolves.toBeUndefined();
  });
});
