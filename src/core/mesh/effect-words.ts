import type { Direction, Effect } from "../model/finding.ts";
import { type Difference, type EffectRow, type EffectTable, firstEffect } from "./effect.ts";
import { nameOf, valueOf } from "./effect-values.ts";
import { nodeAtNames } from "./place.ts";

/** Short words for writing rows about effects. Each returns plain data. */

/** A sentence, or how to make it; `{value}` stands for live's value, `{git}` for Git's: without one there is no sentence. */
export type Sentence = string | ((at: Difference) => string | undefined);
/** A direction, or how to tell it. */
export type Way = Direction | ((at: Difference) => Direction);

type Value = string | number | boolean;

function row(when: EffectRow["when"], sentence: Sentence, way: Way): EffectRow {
  return {
    when,
    text: typeof sentence === "string" ? (at) => withNames(sentence, at) : sentence,
    direction: typeof way === "string" ? () => way : way,
  };
}

function withNames(sentence: string, at: Difference): string | undefined {
  const names = { "{value}": nameOf(at.live), "{git}": nameOf(at.desired) };
  let text = sentence;
  for (const [mark, name] of Object.entries(names)) {
    if (!text.includes(mark)) continue;
    if (name === undefined) return undefined;
    text = text.replaceAll(mark, () => name);
  }
  return text;
}

/** Only live has it. */
export function added(sentence: Sentence, way: Way = "neutral"): EffectRow {
  return row((at) => at.desired === undefined, sentence, way);
}

/** Only Git has it. */
export function removed(sentence: Sentence, way: Way = "neutral"): EffectRow {
  return row((at) => at.live === undefined, sentence, way);
}

/** Both have it. */
export function changed(sentence: Sentence, way: Way = "neutral"): EffectRow {
  return row((at) => at.desired !== undefined && at.live !== undefined, sentence, way);
}

/** For rows of a list and of its items: only live has any, so that it is the whole list that came. */
export function filled(sentence: Sentence, way: Way = "neutral"): EffectRow {
  return row((at) => at.desired === undefined && at.name !== "[]", sentence, way);
}

/** For rows of a list and of its items: only Git has any, so that it is the whole list that is gone. */
export function emptied(sentence: Sentence, way: Way = "neutral"): EffectRow {
  return row((at) => at.live === undefined && at.name !== "[]", sentence, way);
}

/** The same rows for a list and for its items. */
export function listRows(path: string, rows: readonly EffectRow[]): EffectTable {
  return { [path]: rows, [`${path}[]`]: rows };
}

/** A sentence and its direction, as they stand. */
export function effect(text: string, direction: Direction = "neutral"): Effect {
  return { text, direction };
}

/** The items are the same, in another order. */
export function reordered(sentence: Sentence, way: Way = "neutral"): EffectRow {
  return row((at) => at.reordered !== undefined, sentence, way);
}

/** Whatever happened: the last row of a field. */
export function any(sentence: Sentence, way: Way = "neutral"): EffectRow {
  return row(() => true, sentence, way);
}

/** Live has one of these values. */
export function to(values: Value | readonly Value[], sentence: Sentence, way: Way = "neutral"): EffectRow {
  return row((at) => isOne(values, valueOf(at.live)), sentence, way);
}

/** Git has one of these values, and live another or none. */
export function from(values: Value | readonly Value[], sentence: Sentence, way: Way = "neutral"): EffectRow {
  return row((at) => isOne(values, valueOf(at.desired)), sentence, way);
}

function isOne(values: Value | readonly Value[], value: Value | undefined): boolean {
  return value !== undefined && (Array.isArray(values) ? values.includes(value) : values === value);
}

/** Live's number or duration is larger than Git's. */
export function rises(sentence: Sentence, way: Way = "neutral"): EffectRow {
  return row((at) => difference(at) > 0, sentence, way);
}

/** Live's number or duration is smaller than Git's. */
export function falls(sentence: Sentence, way: Way = "neutral"): EffectRow {
  return row((at) => difference(at) < 0, sentence, way);
}

function difference(at: Difference): number {
  const [before, after] = [valueOf(at.desired), valueOf(at.live)];
  return typeof before === "number" && typeof after === "number" ? after - before : 0;
}

/** A sentence and a direction that are worked out together; the next row is asked where there is none. */
export function told(effectOf: (at: Difference) => Effect | undefined): EffectRow {
  return {
    when: () => true,
    text: (at) => effectOf(at)?.text,
    direction: (at) => effectOf(at)?.direction ?? "neutral",
  };
}

/** What the rows say of a part of a block that only one side has: the part tells more than the block. */
export function inside(name: string, rows: readonly EffectRow[]): EffectRow {
  return told((at) => {
    const [desired, live] = [at.desired, at.live].map((side) => side && nodeAtNames(side, [name]));
    if (desired === undefined && live === undefined) return undefined;
    return firstEffect(rows, { name, up: at, ...(desired && { desired }), ...(live && { live }) });
  });
}

/** A row that speaks only where something else holds, too. */
export function where(
  condition: (at: Difference) => boolean,
  rows: readonly EffectRow[],
): readonly EffectRow[] {
  return rows.map((one) => ({ ...one, when: (at) => one.when(at) && condition(at) }));
}

/** Rows about one name among many: a label, an annotation. */
export function named(name: string, rows: readonly EffectRow[]): readonly EffectRow[] {
  return where((at) => at.name === name, rows);
}
