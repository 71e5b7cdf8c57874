import type { DiffResult } from "../../src/core/model/diff-result.ts";
import { drifted, noNotes } from "./samples.ts";

/** The outcome of a diff. */
export function diffResult(change: Partial<DiffResult> = {}): DiffResult {
  return {
    schemaVersion: 1,
    tool: { version: "0.1.0" },
    equality: "istio",
    verdict: "in-sync",
    exitCode: 0,
    summary: { ...noNotes, inSync: 3 },
    desired: "git/reviews.yaml",
    live: "-",
    findings: [],
    notes: [],
    unchecked: [],
    equalBy: [],
    leftOut: [],
    ...change,
  };
}

/** A diff with findings of the types that files can have. */
export const driftedDiff = diffResult({
  verdict: "drifted",
  exitCode: 2,
  summary: { ...noNotes, changed: 1, missing: 1, extra: 2, unchecked: 1, notes: 1, inSync: 3 },
  findings: drifted.findings
    .filter((finding) => finding.type !== "conflict" && finding.structural !== true)
    .map(({ type, key, changes }) => ({ type, key, changes })),
  notes: drifted.notes,
  unchecked: drifted.unchecked.slice(-1),
  equalBy: [
    {
      rule: "duration-spelling",
      level: "E1",
      reason: "A duration is the time it lasts: 1m is 60s.",
      count: 1,
    },
  ],
  leftOut: [
    { group: "apps", kind: "Deployment", count: 2 },
    { group: "", kind: "Service", count: 1 },
  ],
});
