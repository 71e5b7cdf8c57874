import { describe, expect, it } from "vitest";
import { createLimiter } from "../../src/lib/limiter.ts";

describe("createLimiter", () => {
  it("runs so many at a time, the others in the order they came", async () => {
    const limit = createLimiter(2);
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const all = [0, 1, 2, 3].map((name) =>
      limit(() => {
        begun.push(name);
        return new Promise<void>((resolve) => ends.push(resolve));
      }),
    );
    for (let ended = 0; ended < 4; ended++) {
      await expect.poll(() => begun.length).toBe(Math.min(4, ended + 2));
      ends[ended]?.();
    }
    await Promise.all(all);
    expect(begun).toEqual([0, 1, 2, 3]);
  });

  it("gives what the work gives, and goes on behind work that fails", async () => {
    const limit = createLimiter(1);
    const failed = limit(() => Promise.reject(new Error("no")));
    const next = limit(() => Promise.resolve("yes"));
    await expect(failed).rejects.toThrow("no");
    expect(await next).toBe("yes");
  });
});
