import { describe, expect, it } from "vitest";
import { readPairs, skipped } from "./pairs.ts";
import { remaining } from "./remaining.ts";
import { count, judge, wrongOf } from "./score.ts";

const pairs = readPairs();
if (pairs === undefined) process.stderr.write(`\n*** ${skipped} ***\n\n`);

describe.skipIf(pairs === undefined)("judged by Istio's own code", () => {
  const judged = (pairs ?? []).map(judge);

  it("calls no pair equal that Istio treats as different", () => {
    expect(wrongOf(judged).falseEqual.map(({ pair }) => pair.id)).toEqual([]);
  });

  it("gives the reason for every pair that it calls drift although Istio treats it as the same, and for no other", () => {
    const missed = wrongOf(judged).missed.map(({ pair }) => pair);
    const kinds = new Set(
      missed.map(({ kind }) => kind).filter((kind) => Object.hasOwn(remaining.kinds, kind)),
    );
    const single = missed.filter(({ kind }) => !kinds.has(kind)).map(({ id }) => id);
    expect(single.sort()).toEqual(Object.keys(remaining.pairs).sort());
    expect([...kinds]).toEqual(Object.keys(remaining.kinds));
  });

  it("calls nearly every pair equal that Istio treats as the same, in the kinds that have a table", () => {
    const tabled = judged.filter(({ pair }) => tables.has(pair.kind));
    const { same, sameEqual } = count("all", "", tabled);
    expect(sameEqual / same).toBeGreaterThan(0.95);
  });
});

const tables = new Set([
  ...["VirtualService", "DestinationRule", "Gateway", "ServiceEntry"],
  ...["Sidecar", "WorkloadEntry", "WorkloadGroup", "EnvoyFilter"],
  ...["AuthorizationPolicy", "PeerAuthentication", "HTTPRoute"],
  ...["RequestAuthentication", "Telemetry", "WasmPlugin", "TrafficExtension", "MeshConfig"],
]);
