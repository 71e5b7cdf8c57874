import type { Json, JsonObject } from "../model/json.ts";
import { setOwn } from "./own-property.ts";
import { NotPlain, PlainLines } from "./plain-lines.ts";
import { takeKey } from "./plain-key.ts";
import { readScalar } from "./plain-scalar.ts";

/** One document in the plain style, or the line at which it leaves that style. Lines count from 1. */
export type PlainRead =
  | {
      readonly type: "plain";
      readonly value: Json;
      /** The first line with content. */
      readonly line: number;
      /** The lines of the items of a top-level `items` list, as kubectl's Lists have it. */
      readonly itemLines: readonly number[];
    }
  | { readonly type: "odd"; readonly line: number };

export interface PlainOptions {
  /** Collections inside collections, and keys and values together, that may be read here. */
  readonly limits: { readonly depth: number; readonly nodes: number };
  /** Reads one item of a top-level `items` list that is not in the plain style, given as a document of its own. */
  readonly readOddItem?: (text: string) => Json | undefined;
}

/**
 * Reads the block style in which kubectl prints and most people write: mappings, lists, scalars, literal blocks
 * (`|`) and comments. It is some twenty times faster than the full parser and needs no protection from it.
 * Everything else is odd, valid or not: the text must then go to the full parser. `text` is one document
 * without `---`, its line breaks are `\n`, and it holds no control characters but tabs.
 */
export function readPlainYaml(text: string, options: PlainOptions): PlainRead {
  const lines = new PlainLines(text);
  try {
    const reader = new PlainReader(lines, options);
    const { line } = lines;
    return { type: "plain", value: reader.readDocument(), line, itemLines: reader.itemLines };
  } catch (thrown) {
    if (thrown instanceof NotPlain) return { type: "odd", line: lines.line };
    throw thrown;
  }
}

class PlainReader {
  readonly itemLines: number[] = [];
  private readonly lines: PlainLines;
  private readonly options: PlainOptions;
  private nodes = 0;

  constructor(lines: PlainLines, options: PlainOptions) {
    this.lines = lines;
    this.options = options;
    lines.advance();
  }

  readDocument(): Json {
    const value = this.readBelow(-1, 0);
    if (!this.lines.isDone) throw new NotPlain();
    return value;
  }

  /** What stands on the lines below a key or a `-` at `column`: a collection, or nothing, which is null. */
  private readBelow(column: number, depth: number): Json {
    const { lines } = this;
    if (lines.indent <= column) return null;
    if (lines.isItem) return this.readList(depth + 1);
    const own = lines.indent;
    const key = takeKey(lines);
    if (key === undefined) throw new NotPlain();
    return this.readMapping(own, key, depth + 1);
  }

  /** Reads a mapping at `column` whose first key is already taken. */
  private readMapping(column: number, firstKey: string, depth: number): JsonObject {
    this.count(depth, 0);
    const object: Record<string, Json> = {};
    for (let key: string | undefined = firstKey; key !== undefined; key = this.takeNextKey(column)) {
      if (Object.hasOwn(object, key)) throw new NotPlain();
      this.count(depth, 2);
      setOwn(object, key, this.readEntry(column, depth, depth === 1 && key === "items"));
    }
    return object;
  }

  private takeNextKey(column: number): string | undefined {
    this.requireNotDeeper(column);
    if (this.lines.indent !== column || this.lines.isItem) return undefined;
    const key = takeKey(this.lines);
    if (key === undefined) throw new NotPlain();
    return key;
  }

  private readEntry(column: number, depth: number, isItems: boolean): Json {
    if (!this.lines.isVoid) return this.readInline(column);
    this.lines.advance();
    // A list may stand at the column of the key it belongs to.
    const isList = this.lines.indent >= column && this.lines.isItem;
    return isList ? this.readList(depth + 1, isItems) : this.readBelow(column, depth);
  }

  private readList(depth: number, isItems = false): readonly Json[] {
    this.count(depth, 0);
    const column = this.lines.indent;
    const items: Json[] = [];
    while (this.lines.indent === column && this.lines.isItem) {
      this.count(depth, 1);
      items.push(isItems ? this.readTopItem(column, depth) : this.readItem(column, depth));
    }
    this.requireNotDeeper(column);
    return items;
  }

  private readItem(column: number, depth: number): Json {
    const { lines } = this;
    lines.skipTo(lines.start + 1);
    if (lines.isVoid) {
      lines.advance();
      return this.readBelow(column, depth);
    }
    if (lines.isItem) return this.readList(depth + 1);
    const own = lines.indent;
    const key = takeKey(lines);
    return key === undefined ? this.readInline(column) : this.readMapping(own, key, depth + 1);
  }

  private readInline(column: number): Json {
    const value = readScalar(this.lines, column);
    this.requireNotDeeper(column);
    return value;
  }

  private readTopItem(column: number, depth: number): Json {
    const { lineStart, line } = this.lines;
    this.itemLines.push(line);
    try {
      return this.readItem(column, depth);
    } catch (thrown) {
      if (!(thrown instanceof NotPlain)) throw thrown;
      const value = this.options.readOddItem?.(this.lines.takeBlock(lineStart, line, column));
      if (value === undefined) throw thrown;
      return value;
    }
  }

  private requireNotDeeper(column: number): void {
    if (this.lines.indent > column) throw new NotPlain();
  }

  private count(depth: number, nodes: number): void {
    this.nodes += nodes;
    const { limits } = this.options;
    if (depth > limits.depth || this.nodes > limits.nodes) throw new NotPlain();
  }
}
