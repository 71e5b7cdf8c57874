import { afterAll, describe, expect, it } from "vitest";
import { factsFrom } from "../../../src/core/compare/facts.ts";
import { interpret } from "../../../src/core/mesh/interpret.ts";
import { meshKinds } from "../../../src/core/mesh/kinds.ts";
import type { KindTable } from "../../../src/core/mesh/table.ts";
import { isList, isObject, type Json, type JsonObject, objectOf } from "../../../src/core/model/json.ts";
import { keyOf } from "../../../src/core/model/resource.ts";
import { decoderBinary, describeMessages, judgePairs, type SpecPair } from "../../support/istio-decoder.ts";
import { fieldMismatches } from "../../support/field-mismatches.ts";
import { ProtoSpecs } from "../../support/proto-specs.ts";
import { Seeded } from "../../support/seeded.ts";
import { decoderDifferences } from "./decoder-differences.ts";

const binary = decoderBinary() ?? "";
const isThere = binary !== "";
const messages = isThere ? describeMessages(binary) : { kinds: {}, messages: {} };
const tables = meshKinds
  .filter(({ group, table }) => !table.structural && group.endsWith(".istio.io"))
  .map(({ table }) => table);

const pairsOfEach = 3000;
let judged = 0;
afterAll(() => {
  if (isThere)
    process.stderr.write(
      `*** Istio's decoder judged ${String(judged)} pairs of ${String(tables.length)} kinds ***\n`,
    );
});

/** Half of them mean the same more often than not, the others differ in a place or two. */
function pairsOf(kind: string): readonly SpecPair[] {
  const specs = new ProtoSpecs(messages, new Seeded(7));
  return Array.from({ length: pairsOfEach }, (_, i) => {
    const one = specs.spec(kind);
    const other = i % 2 === 0 ? one : specs.changed(kind, i % 4 === 1 ? one : specs.changed(kind, one));
    return { kind, one, other: specs.respelled(kind, other) };
  });
}

function tableOf(kind: string): KindTable {
  const table = tables.find((known) => known.kind === kind);
  if (table === undefined) throw new Error(`${kind} has no table`);
  return table;
}

/** The canonical text of a spec where nothing counts as equal but what the decoder does not tell apart. */
function textOf(table: KindTable, spec: JsonObject): string {
  const { group, kind } = table;
  const object = { apiVersion: `${group}/v1`, kind, metadata: { name: "reviews", namespace: "shop" }, spec };
  const key = keyOf(object);
  if (key === undefined) throw new Error("an object without a key");
  const facts = factsFrom({}, { desired: [], live: [], isComplete: () => false });
  return interpret(table, { key, object }, facts, "strict").text;
}

function ourVerdict({ kind, one, other }: SpecPair): "equal" | "different" {
  const table = tableOf(kind);
  return textOf(table, one) === textOf(table, other) ? "equal" : "different";
}

/** Maps that are there when they are empty, by kind: see the first two of decoderDifferences. */
const keptMaps: Readonly<Record<string, string>> = {
  Telemetry: "customTags",
  AuthorizationPolicy: "matchLabels",
  PeerAuthentication: "matchLabels",
};

function withoutEmpty(map: string | undefined, value: Json): Json {
  if (isList(value)) return value.map((item) => withoutEmpty(map, item));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(
    ([name, item]) => name !== map || !isObject(item) || Object.keys(item).length > 0,
  );
  return objectOf(kept.map(([name, item]) => [name, withoutEmpty(map, item)] as const));
}

/** Whether nothing but such a map parts two specs that are one to the decoder. */
function isExcused(pair: SpecPair): boolean {
  const [one, other] = [pair.one, pair.other].map((spec) => withoutEmpty(keptMaps[pair.kind], spec));
  return isObject(one) && isObject(other) && ourVerdict({ ...pair, one, other }) === "equal";
}

describe.skipIf(!isThere)("Istio's own decoder", { timeout: 60_000 }, () => {
  it("knows the kinds that have a table", () => {
    expect(Object.keys(messages.kinds).sort()).toEqual(tables.map(({ kind }) => kind).sort());
  });

  it("knows every field of the tables, and the tables every field of its messages, as what it is", () => {
    const found = tables.flatMap((table) => fieldMismatches(table, messages));
    expect(found).toEqual([
      // Istio 1.31 has it; the messages here are those of 1.30.
      "DestinationRule.subsets[].trafficPolicy.retryBudget.budgetInterval: not of the message",
      "DestinationRule.trafficPolicy.retryBudget.budgetInterval: not of the message",
      // Given up by Istio: rules say so.
      "EnvoyFilter.workloadLabels: not of the message",
      "EnvoyFilter.filters: not of the message",
    ]);
  });

  it.for(tables)("tells specs of $kind apart exactly where their texts differ", ({ kind }) => {
    const pairs = pairsOf(kind);
    const verdicts = judgePairs(binary, pairs);
    expect(verdicts.length).toBe(pairs.length);
    // Also that nothing was refused, so that every pair counts.
    expect(new Set(verdicts)).toEqual(new Set(["equal", "different"]));
    for (const verdict of ["equal", "different"])
      expect(verdicts.filter((found) => found === verdict).length).toBeGreaterThan(pairs.length / 4);
    const wrong = pairs.filter((pair, i) => {
      const ours = ourVerdict(pair);
      return ours !== verdicts[i] && !(verdicts[i] === "equal" && isExcused(pair));
    });
    expect(wrong.slice(0, 3)).toEqual([]);
    judged += pairs.length;
  });
});

describe.skipIf(!isThere)("what the texts and the decoder do not agree on", () => {
  it.for(decoderDifferences)("$what: $why", ({ pair, decoder, ours }) => {
    expect([judgePairs(binary, [pair])[0], ourVerdict(pair)]).toEqual([decoder, ours]);
  });
});
