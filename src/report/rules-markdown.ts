import { formatKind } from "../core/model/resource.ts";
import type { Rule, RuleBook } from "../core/model/rule.ts";
import { groupRules, levelWords, type RuleGroup } from "./rules-text.ts";

/** Every rule as a document, by kind. Ends in a line feed. */
export function renderRulesMarkdown({ rules, asWritten }: RuleBook): string {
  const groups = groupRules(rules);
  return `${[
    "# What means the same",
    "",
    "Made by `drift rules -o markdown` from the tables in `src/core/mesh/kinds`; not edited by hand.",
    "",
    ...Object.entries(levelWords).map(([level, words]) => `- **${level}** ${words}`),
    "",
    "| kind | rules |",
    "| --- | ---: |",
    ...groups.map(({ title, rules: ofKind }) => `| ${title} | ${String(ofKind.length)} |`),
    "",
    `Compared structurally, field by field as written: ${asWritten.map(formatKind).join(", ")}.`,
    ...groups.flatMap(section),
  ].join("\n")}\n`;
}

function section({ title, rules }: RuleGroup): string[] {
  return [
    "",
    `## ${title}`,
    "",
    "| rule | level | where | why | source |",
    "| --- | --- | --- | --- | --- |",
    ...rules.map(rowOf),
  ];
}

function rowOf({ id, type, level, paths, reason, source }: Rule): string {
  const cells = [
    `\`${id}\``,
    `${level} ${type}`,
    paths.map((path) => `\`${path}\``).join(" "),
    reason,
    source,
  ];
  return `| ${cells.map(escapeCell).join(" | ")} |`;
}

/** A bar would end the cell. */
function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|");
}
