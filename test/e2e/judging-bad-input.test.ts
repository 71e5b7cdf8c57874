import { beforeAll, describe, expect, it } from "vitest";
import { differing, formatResults, runCases } from "../../scripts/bad-judging.mjs";
import type { Finding } from "../../src/core/model/finding.ts";
import { formatKey } from "../../src/core/model/resource.ts";
import type { ScanResult } from "../../src/core/model/scan-result.ts";
import type { Standing } from "../../src/core/model/standing.ts";

type Results = Awaited<ReturnType<typeof runCases>>;

/** What would excuse a difference. */
const excuses = ["documented", "exempt", "rolling-out", "pending-sync"];

function findingsOf({ result }: Results[number]["bad"]): readonly Finding[] {
  return (result as ScanResult).targets.flatMap(({ findings }) => findings);
}

/** Where each difference stands. */
function standings(findings: readonly Finding[]): ReadonlyMap<string, Standing | undefined> {
  return new Map(
    findings.flatMap(({ key, type, changes, standing }) =>
      changes.length === 0
        ? [[`${type} ${formatKey(key)}`, standing] as const]
        : changes.map((change) => [`${formatKey(key)} ${change.path}`, change.standing] as const),
    ),
  );
}

function deadlineOf(standing: Standing | undefined): number {
  return Date.parse(standing?.clock?.deadline ?? "");
}

const dayMs = 24 * 3_600_000;

describe("bad input to judging", { timeout: 600_000 }, () => {
  let results: Results = [];
  const each = (check: (one: Results[number]) => void) => {
    for (const one of results) check(one);
  };

  beforeAll(async () => {
    results = await runCases();
  }, 600_000);

  it("is told as the file beside says", async () => {
    await expect(`${formatResults(results)}\n`).toMatchFileSnapshot("judging-bad-input.txt");
  });

  it("is always told where it is not harmless, and never with a stack", () => {
    each(({ one, healthy, bad }) => {
      const told = differing(healthy.lines, bad.lines).filter((line) => line.startsWith("+ "));
      expect([one.name, told.length > 0 || one.isHarmless]).toEqual([one.name, true]);
      expect(bad.lines.join("\n")).not.toMatch(/\n\s+at |TypeError|RangeError/);
    });
  });

  it("loses no difference, excuses none, and leaves the exit code what it is", () => {
    each(({ one, healthy, bad }) => {
      const [before, after] = [standings(findingsOf(healthy)), standings(findingsOf(bad))];
      expect([one.name, [...after.keys()]]).toEqual([one.name, [...before.keys()]]);
      const excused = [...after.values()].map((standing) => standing?.state ?? "");
      const wrong = excused.filter((state) => excuses.includes(state) && state !== one.excuses);
      expect([one.name, bad.exitCode, wrong]).toEqual([one.name, 1, []]);
    });
  });

  it("moves no deadline later than was known, and none later than a day from now", () => {
    each(({ one, healthy, bad }) => {
      const before = standings(findingsOf(healthy));
      for (const [place, standing] of standings(findingsOf(bad))) {
        const known = one.knows === true && one.forgets !== true;
        const latest = known ? deadlineOf(before.get(place)) : bad.endedMs + dayMs;
        expect([one.name, place, deadlineOf(standing) <= latest]).toEqual([one.name, place, true]);
      }
    });
  });

  it("has a state in which it excuses where nothing is wrong: the comparison has teeth", () => {
    each(({ one, bad }) => {
      const states = [...standings(findingsOf(bad)).values()].map((standing) => standing?.state);
      if (one.excuses !== undefined)
        expect([one.name, states]).toEqual([one.name, expect.arrayContaining([one.excuses])]);
    });
  });
});
