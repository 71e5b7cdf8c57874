import { isMap, isNode, isScalar, isSeq, type YAMLMap, type YAMLSeq } from "yaml";
import { once } from "../model/once.ts";
import { compose } from "./compose.ts";
import { gitFileLimits, readSyntax } from "./limits.ts";
import { normalizeText, splitDocuments } from "./split-documents.ts";

/** A step down into a text: a key under one of its spellings, or an item of a list. */
export type LineStep = { readonly names: readonly string[] } | ItemStep;

/** An item by its position, or by its name or text where a list may stand in another order. */
export interface ItemStep {
  readonly index: number;
  readonly name?: string;
  readonly text?: string;
}

/** Tells the line of a place in a text, counted from 1; undefined where nothing in the text stands for it. */
export type LineFinder = (steps: readonly LineStep[]) => number | undefined;

/** Reads the one document of a YAML text once, for all places in it. Never throws. */
export function lineFinder(text: string): LineFinder {
  const content = normalizeText(text);
  for (const document of splitDocuments(content)) {
    const syntax = readSyntax(document.text, gitFileLimits, 1);
    const root = syntax.type === "within" ? compose(syntax.tokens)[0]?.contents : undefined;
    if (!isMap(root)) continue;
    const lineOf = lineCounter(document.text);
    return (steps) => {
      const offset = findOffset(root, steps);
      return offset === undefined ? undefined : lineOf(offset) + document.line - 1;
    };
  }
  return () => undefined;
}

/** Where the key or item stands that the last step leads to. */
function findOffset(root: unknown, steps: readonly LineStep[]): number | undefined {
  let node = root;
  let offset: number | undefined;
  for (const step of steps) {
    const found = "names" in step ? findKey(node, step.names) : findItem(node, step);
    if (found === undefined) return "names" in step ? undefined : offset;
    ({ node, offset } = found);
  }
  return offset;
}

interface Found {
  readonly node: unknown;
  readonly offset: number;
}

function findKey(node: unknown, names: readonly string[]): Found | undefined {
  if (!isMap(node)) return undefined;
  const pairs = pairsOf(node);
  for (const name of names) {
    const pair = pairs.get(name);
    if (pair !== undefined) return { node: pair.value, offset: startOf(pair.key) };
  }
  return undefined;
}

function findItem(node: unknown, { index, name, text }: ItemStep): Found | undefined {
  if (!isSeq(node)) return undefined;
  const [kind, wanted] = text === undefined ? (["name", name] as const) : (["text", text] as const);
  const item = wanted === undefined ? node.items[index] : itemsOf(node)[kind].get(wanted);
  return item === undefined ? undefined : { node: item, offset: startOf(item) };
}

/** What stands in a mapping or list, read once: a text may have thousands of places to find in one list. */
const pairsOf = once(({ items }: YAMLMap) =>
  firstOfEach(items.map((pair) => [isScalar(pair.key) ? pair.key.source : undefined, pair])),
);

const itemsOf = once(({ items }: YAMLSeq) => ({
  text: firstOfEach(items.map((item) => [isScalar(item) ? item.source : undefined, item])),
  name: firstOfEach(items.map((item) => [nameOf(item), item])),
}));

function nameOf(item: unknown): string | undefined {
  const named = findKey(item, ["name"])?.node;
  return isScalar(named) ? named.source : undefined;
}

function firstOfEach<T>(entries: readonly (readonly [string | undefined, T])[]): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const [name, item] of entries) if (name !== undefined && !found.has(name)) found.set(name, item);
  return found;
}

function startOf(node: unknown): number {
  return (isNode(node) ? node.range?.[0] : undefined) ?? 0;
}

/** The line of any offset, counted from 1, in logarithmic time. */
function lineCounter(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}
