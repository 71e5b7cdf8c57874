import { describe, expect, it } from "vitest";
import { judgeOlder, type OlderState } from "../../../src/core/judge/pending-sync.ts";
import type { Direction, Finding } from "../../../src/core/model/finding.ts";
import type { Commit } from "../../../src/core/model/commit.ts";

const day = 86_400_000;
const commitOf = (sha: string): Commit => ({
  sha,
  author: "Ann",
  date: "2026-01-01T00:00:00Z",
  subject: "s",
});
const older: OlderState = {
  commit: commitOf("1111111aaa"),
  newer: [commitOf("3333333ccc"), commitOf("2222222bbb")],
  ageMs: 3 * day,
};
const key = { group: "networking.istio.io", kind: "VirtualService", namespace: "shop", name: "reviews" };

function finding(type: Finding["type"], direction: Direction = "neutral"): Finding {
  const effect = { text: "x", direction };
  return type === "changed"
    ? { type, key, changes: [{ type: "changed", path: "spec.hosts", effect }] }
    : { type, key, changes: [], effect };
}

const by = "Kustomization flux-system/shop";
const reached = (hasNewer: boolean | undefined) => ({ by, revision: "1111111aaa", hasNewer });
const types = ["changed", "missing", "extra"] as const;

describe("judgeOlder", () => {
  it.for(types)("tells of %s that Git is ahead only where that is proved", (type) => {
    expect(judgeOlder(finding(type), older, reached(false))).toEqual({
      type: "pending-sync",
      reason: `live is as Git was before 2222222, and ${by} is at 1111111: Git is ahead`,
    });
    expect(judgeOlder(finding(type), older, reached(undefined))).toEqual({
      type: "as-before",
      reason: "live is as Git was before 2222222, 3 days ago; nobody knows whether it was ever newer",
    });
    expect(judgeOlder(finding(type), older, undefined).type).toBe("as-before");
  });

  it.for(types)("tells of %s who went back, and which commits that undoes", (type) => {
    expect(judgeOlder(finding(type, "weakens"), older, reached(true))).toMatchObject({
      type: "rolled-back",
      rolledBack: { to: "1111111aaa", undoes: ["3333333ccc", "2222222bbb"] },
    });
  });

  it.for(types)("lets no %s that weakens security wait for a deployer", (type) => {
    expect(judgeOlder(finding(type, "weakens"), older, reached(false))).toMatchObject({ type: "as-before" });
    expect(judgeOlder(finding(type, "strengthens"), older, reached(false)).type).toBe("pending-sync");
  });

  it("says nothing of the age of a commit from the future", () => {
    expect(judgeOlder(finding("changed"), { ...older, ageMs: -1 }, undefined).reason).not.toContain("ago");
  });
});
