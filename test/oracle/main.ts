import { writeFileSync } from "node:fs";
import { readPairs, skipped } from "./pairs.ts";
import { remaining } from "./remaining.ts";
import { count, judge, type Judgement, type Row, rowsOf, wrongOf } from "./score.ts";

/**
 * Scores `compare` against the pairs that Istio judged and prints a table. `--list <file>` also writes every pair that
 * was called wrong, by what differs. Ends with 1 where a pair that Istio treats as different was called equal.
 */
function main(args: readonly string[]): void {
  const pairs = readPairs();
  if (pairs === undefined) {
    process.stdout.write(`\n*** ${skipped} ***\n\n`);
    return;
  }
  const judged = pairs.map(judge);
  const { falseEqual, missed } = wrongOf(judged);
  process.stdout.write(table([...rowsOf(judged), count("all", "", judged)]));
  process.stdout.write(reasons(missed));
  const place = args.indexOf("--list");
  const file = place < 0 ? undefined : (args[place + 1] ?? "oracle-misses.txt");
  if (file !== undefined) writeFileSync(file, listing(judged));
  const { sameEqual, same, differentEqual, different } = count("all", "", judged);
  process.stdout.write(
    `\nsame called equal: ${String(sameEqual)}/${String(same)}; different called equal: ${String(differentEqual)}/${String(different)}\n`,
  );
  if (falseEqual.length === 0) return;
  process.stdout.write(
    `\nFAILED: different to Istio, but called equal:\n${falseEqual.map(({ pair }) => `  ${pair.id}\n`).join("")}`,
  );
  process.exitCode = 1;
}

/** Why pairs are called drift that Istio treats as the same; one without a reason is told as such. */
function reasons(missed: readonly Judgement[]): string {
  const told = missed.map(({ pair }) => `  ${pair.id}\n     ${remaining[pair.id] ?? "NO REASON IS GIVEN"}\n`);
  return told.length === 0 ? "" : `\nThe same to Istio, but called drift:\n${told.join("")}`;
}

const head = [
  ...["file", "kind", "pairs", "left out", "same called equal", "different called equal"],
  ...["order: equal/note/drift", "metadata: equal/note/drift"],
];

function table(rows: readonly Row[]): string {
  const lines = [head, ...rows.map(cells)];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? "").length)));
  const text = lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return `${text.join("\n")}\n`;
}

function cells(row: Row): readonly string[] {
  const three = ({ equal, note, drift }: Row["order"]): string =>
    equal + note + drift === 0 ? "" : [equal, note, drift].join("/");
  const share = row.same === 0 ? "" : ` (${((100 * row.sameEqual) / row.same).toFixed(1)} %)`;
  return [
    ...[row.file, row.kind, String(row.pairs), String(row.leftOut)],
    `${String(row.sameEqual)}/${String(row.same)}${share}`,
    `${String(row.differentEqual)}/${String(row.different)}`,
    ...[three(row.order), three(row.metadata)],
  ];
}

/** Every pair that was called wrong, those that differ at the same places together, the largest group first. */
function listing(judged: readonly Judgement[]): string {
  const { missed, falseEqual } = wrongOf(judged);
  const groups = new Map<string, Judgement[]>();
  for (const judgement of missed) {
    const id = `${judgement.pair.kind}: ${judgement.places.join(", ")}`;
    groups.set(id, [...(groups.get(id) ?? []), judgement]);
  }
  const parts = [...groups.entries()]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([id, group]) => `${id}\n${group.map(({ pair }) => `  ${pair.id}\n`).join("")}`);
  const wrong = falseEqual.map(({ pair }) => `  ${pair.id}\n`).join("") || "  none\n";
  return `Different to Istio, but called equal:\n${wrong}\nThe same to Istio, but called drift:\n\n${parts.join("\n")}`;
}

main(process.argv.slice(2));
