import { compare } from "../../src/core/compare/compare.ts";
import { sameJson } from "../../src/core/model/json.ts";
import type { JudgedPair, Verdict } from "./pairs.ts";
import { worldOf } from "./world.ts";

/** What `compare` made of a pair. */
export interface Judgement {
  readonly pair: JudgedPair;
  /** `equal`: not a word; `note`: said to be no drift; `drift`: a finding, or something that was not compared. */
  readonly outcome: "equal" | "note" | "drift";
  /** Where the two differ, without positions: what misses have in common. */
  readonly places: readonly string[];
}

/** Whether a pair counts: two spellings of the same data with keys in another order show nothing. */
function isScored(pair: JudgedPair): boolean {
  return !sameJson([...pair.desired], [...pair.live]);
}

/** Compares one pair through the public function of the package, in the judge's world. */
export function judge(pair: JudgedPair): Judgement {
  const world = worldOf(pair);
  const options = pair.shared === undefined ? {} : { meshConfig: { shared: pair.shared } };
  const { findings, notes, unchecked } = compare(
    [...pair.desired, ...world],
    [...pair.live, ...world],
    options,
  );
  const places = findings.flatMap(({ type, changes }) =>
    changes.length === 0
      ? [type]
      : changes.map((change) => `${change.type} ${change.path.replace(/\[[^\]]*\]/g, "[]")}`),
  );
  const outcome = findings.length + unchecked.length > 0 ? "drift" : notes.length > 0 ? "note" : "equal";
  return { pair, outcome, places: [...places, ...unchecked.map(({ code }) => code)] };
}

/** The score of one file and kind. */
export interface Row {
  readonly file: string;
  readonly kind: string;
  readonly pairs: number;
  readonly leftOut: number;
  readonly same: number;
  /** Pairs that Istio treats alike and for which there was no finding. */
  readonly sameEqual: number;
  readonly different: number;
  /** Pairs that Istio treats differently and of which nothing was said: must be none. */
  readonly differentEqual: number;
  /** What became of pairs of which only order, or only names, differ. */
  readonly order: Readonly<Record<Judgement["outcome"], number>>;
  /** What became of pairs of which only labels that Istio does not read differ. */
  readonly metadata: Readonly<Record<Judgement["outcome"], number>>;
}

/** Counts judgements, over all or of one file and kind. */
export function count(file: string, kind: string, judged: readonly Judgement[]): Row {
  const scored = judged.filter(({ pair }) => isScored(pair));
  const of = (expect: Verdict): readonly Judgement[] => scored.filter(({ pair }) => pair.expect === expect);
  return {
    file,
    kind,
    pairs: judged.length,
    leftOut: judged.length - scored.length,
    same: of("same").length,
    sameEqual: of("same").filter(({ outcome }) => outcome !== "drift").length,
    different: of("different").length,
    differentEqual: of("different").filter(({ outcome }) => outcome === "equal").length,
    order: outcomes(of("order")),
    metadata: outcomes(of("metadata")),
  };
}

function outcomes(judged: readonly Judgement[]): Record<Judgement["outcome"], number> {
  const counts = { equal: 0, note: 0, drift: 0 };
  for (const { outcome } of judged) counts[outcome] += 1;
  return counts;
}

/** One row a file and kind, in that order. */
export function rowsOf(judged: readonly Judgement[]): readonly Row[] {
  const groups = new Map<string, Judgement[]>();
  for (const judgement of judged) {
    const id = `${judgement.pair.file}\n${judgement.pair.kind}`;
    groups.set(id, [...(groups.get(id) ?? []), judgement]);
  }
  return [...groups.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, group]) => count(id.split("\n")[0] ?? "", id.split("\n")[1] ?? "", group));
}

/** Pairs that were called wrong: `missed` are alike and were called drift, `false` differ and were called equal. */
export function wrongOf(judged: readonly Judgement[]): {
  readonly missed: readonly Judgement[];
  readonly falseEqual: readonly Judgement[];
} {
  const scored = judged.filter(({ pair }) => isScored(pair));
  return {
    missed: scored.filter(({ pair, outcome }) => pair.expect === "same" && outcome === "drift"),
    falseEqual: scored.filter(({ pair, outcome }) => pair.expect === "different" && outcome === "equal"),
  };
}
