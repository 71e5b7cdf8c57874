import { formatKind, type GroupKind } from "../core/model/resource.ts";
import type { Rule, RuleBook } from "../core/model/rule.ts";
import { commaSeparated, padTo, widestOf, wordsOf, wrapLabelled } from "./columns.ts";
import { openPage, type Page, type TextOptions } from "./page.ts";
import { count } from "./words.ts";

/** What the levels of rules mean, in the order of how far they go. */
export const levelWords: Readonly<Record<Rule["level"], string>> = {
  E1: "the same to Istio's decoder",
  E2: "the same Envoy configuration",
  E3: "the same by Envoy's defaults",
  CTX: "the same given facts outside the object",
  NE: "looks the same, and is not",
};

/** The rules of one kind, or of every kind. */
export interface RuleGroup {
  /** "VirtualService.networking.istio.io", "every kind" */
  readonly title: string;
  readonly rules: readonly Rule[];
}

/** Rules by kind, in their order. */
export function groupRules(rules: readonly Rule[]): readonly RuleGroup[] {
  const groups = new Map<string, Rule[]>();
  for (const rule of rules) {
    const title = rule.kind === undefined ? "every kind" : formatKind(rule.kind);
    const group = groups.get(title);
    if (group === undefined) groups.set(title, [rule]);
    else group.push(rule);
  }
  return [...groups].map(([title, ofKind]) => ({ title, rules: ofKind }));
}

/** Every rule, one line each, by kind. Ends in a line feed. */
export function renderRules({ rules, asWritten }: RuleBook, options: TextOptions): string {
  const page = openPage(options);
  const groups = groupRules(rules);
  const width = widestOf(rules.map(({ id }) => id));
  const lines = [
    ...groups.flatMap((group) => groupLines(group, width, page)),
    ...asWrittenLines(asWritten, page),
    "",
    `${count(rules.length, "rule")}; with reason and source: ${options.next}`,
  ];
  return `${lines.join("\n").trimStart()}\n`;
}

function groupLines({ title, rules }: RuleGroup, width: number, page: Page): string[] {
  return [
    "",
    `${page.paint.strong(title)}, ${count(rules.length, "rule")}`,
    ...rules.flatMap(({ id, level, paths }) =>
      wrapLabelled(`  ${padTo(level, 3)}  ${padTo(id, width)}  `, placesOf(paths, page), page.width),
    ),
  ];
}

function placesOf([first, ...others]: readonly string[], { paint }: Page): string[] {
  if (first === undefined) return [];
  const more = others.length === 0 ? [] : wordsOf(`and ${String(others.length)} more`);
  return [paint.path(first), ...more.map(paint.dim)];
}

function asWrittenLines(kinds: readonly GroupKind[], page: Page): string[] {
  if (kinds.length === 0) return [];
  const names = commaSeparated(kinds.map(formatKind));
  return ["", ...wrapLabelled("compared structurally, field by field as written: ", names, page.width)];
}

/** Some rules in full, each with its reason and source. Ends in a line feed. */
export function renderExplained({ rules, asWritten }: RuleBook, options: TextOptions): string {
  const page = openPage(options);
  const lines = [...rules.flatMap((rule) => ruleLines(rule, page)), ...asWrittenLines(asWritten, page)];
  return `${lines.join("\n").trimStart()}\n`;
}

function meaningOf(level: Rule["level"], type: Rule["type"]): string {
  if (type !== "order") return levelWords[level];
  return level === "NE" ? "it counts" : `it does not count, ${levelWords[level]}`;
}

function ruleLines({ kind, id, type, level, paths, reason, source }: Rule, page: Page): string[] {
  const { paint, width } = page;
  const at = kind === undefined ? [] : commaSeparated(paths).map(paint.path);
  return [
    "",
    `${paint.strong(id)}  ${level} ${type}: ${meaningOf(level, type)}`,
    ...wrapLabelled("  why   ", wordsOf(reason), width),
    ...(kind === undefined ? [] : wrapLabelled("  at    ", [paint.strong(formatKind(kind)), ...at], width)),
    ...wrapLabelled("  from  ", wordsOf(source), width).map(paint.dim),
  ];
}
