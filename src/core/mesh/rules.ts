import { type GroupKind, isSameKind } from "../model/resource.ts";
import type { Rule, RuleBook } from "../model/rule.ts";
import { asWritten, decoderRows } from "./decoder-rows.ts";
import { dryRun, dryRunAnnotation, dryRunKind } from "./dry-run.ts";
import { meshKinds } from "./kinds.ts";
import { fieldsOf, ordersOf, rowsOf, type TableField } from "./table-fields.ts";
import { unknownFieldRow } from "./unknown-field.ts";
import type { Commuting, FieldRow, KindTable, Order, Row } from "./table.ts";

/**
 * Every rule of the tables. One that stands at several places of a kind is one rule with several paths; an order that
 * falls back to the written one is told as what it is where it does not.
 */
export function listRules(): RuleBook {
  const general = [...Object.values(decoderRows), asWritten, unknownFieldRow].map((row) => ruleOf(row, []));
  return {
    rules: [...general, ...meshKinds.flatMap(({ table }) => rulesOf(table))],
    asWritten: meshKinds.filter(({ table }) => table.structural).map(({ group, kind }) => ({ group, kind })),
  };
}

function rulesOf(table: KindTable): readonly Rule[] {
  const { group, kind } = table;
  const rules = new Map<string, Rule>();
  for (const { row, path } of fieldsOf(table).flatMap(rowsAt)) {
    const rule = ruleOf(row, [path], { group, kind });
    const known = rules.get(row.id);
    if (known === undefined) rules.set(row.id, rule);
    else if (!known.paths.includes(path)) rules.set(row.id, { ...known, paths: [...known.paths, path] });
  }
  const ofMetadata = isSameKind(table, dryRunKind)
    ? [ruleOf(dryRun, [`metadata.annotations["${dryRunAnnotation}"]`], { group, kind })]
    : [];
  return [...rules.values(), ...ofMetadata];
}

function rowsAt(at: TableField): readonly { readonly row: Row; readonly path: string }[] {
  const path = pathOf(at);
  return [...rowsOf(at.field), ...ordersOf(at.field)].map((row) => ({ row, path }));
}

/** ["spec", "http", "[]", "match"] -> "spec.http[].match" */
function pathOf({ path }: TableField): string {
  return path.reduce((whole, name) => {
    if (name === "[]") return `${whole}[]`;
    const part = name === "{}" ? "*" : name;
    return whole === "" ? part : `${whole}.${part}`;
  }, "");
}

function typeOf(row: Row | FieldRow | Order | Commuting): Rule["type"] {
  if (!("type" in row)) return "spelling";
  if (row.type === "trap") return "trap";
  return row.type === "absent" || row.type === "rewrite" ? "spelling" : "order";
}

/** Two orders of a list in which order counts look the same, and are not. */
function levelOf(row: Row | Order | Commuting): Rule["level"] {
  return "type" in row && row.type === "ordered" ? "NE" : row.level;
}

function ruleOf(row: Row, paths: readonly string[], kind?: GroupKind): Rule {
  const { id, reason, source } = row;
  return { ...(kind && { kind }), id, type: typeOf(row), level: levelOf(row), paths, reason, source };
}

/** The rules of some kinds, and those of them that have none. */
export function rulesOfKinds({ rules, asWritten: plain }: RuleBook, kinds: readonly GroupKind[]): RuleBook {
  const isMeant = (kind: GroupKind): boolean => kinds.some((one) => isSameKind(one, kind));
  return {
    rules: rules.filter(({ kind }) => kind !== undefined && isMeant(kind)),
    asWritten: plain.filter(isMeant),
  };
}
