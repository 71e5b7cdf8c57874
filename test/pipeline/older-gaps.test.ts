import { expect, it } from "vitest";
import { keyId } from "../../src/core/model/resource.ts";
import { explainByOlderCommits } from "../../src/pipeline/older-commits.ts";
import { virtualService } from "../support/resources.ts";

const timeout = (seconds: number) =>
  virtualService(`{ hosts: [reviews], http: [{ timeout: ${String(seconds)}s }] }`);
const live = timeout(1);
const order = ["one", "two", "three"];
const commit = (sha: string) => ({ sha, author: "Ann", date: "2026-01-01T00:00:00Z", subject: sha });

/** Of three commits the second changed the object by a file that is not looked at: a replacement's source. */
async function explain(reached: string, atTwo: number) {
  const wanted = new Map([
    ["one", 1],
    ["two", atTwo],
    ["three", 3],
  ]);
  const { verdicts } = await explainByOlderCommits(
    [{ finding: { type: "changed", key: live.key, changes: [] }, live }],
    {
      checkout: {
        commit: commit("three"),
        commitsTouching: () => Promise.resolve(["three", "one"].map(commit)),
        isAncestor: (a, b) => Promise.resolve(order.indexOf(a) <= order.indexOf(b)),
      },
      files: [],
      desiredOf: () => timeout(3),
      renderAt: (sha) => Promise.resolve([timeout(wanted.get(sha) ?? 0)]),
      isSame: (a, b) => JSON.stringify(a.object) === JSON.stringify(b.object),
      reached: { by: "Application argocd/shop", revision: reached },
      now: new Date("2026-01-02T00:00:00Z"),
    },
  );
  return verdicts.get(keyId(live.key))?.type;
}

it.for([
  ["one", 1, "pending-sync"],
  ["two", 1, "pending-sync"],
  // Live was what Git wants at the second, whoever changed it there.
  ["two", 3, "as-before"],
  ["three", 3, "rolled-back"],
] as const)(
  "what was applied at %s, where Git wanted %s s at the second, is %s",
  async ([reached, atTwo, type]) => {
    expect(await explain(reached, atTwo)).toBe(type);
  },
);
