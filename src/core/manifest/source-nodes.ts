import { isAlias, isMap, isNode, isScalar, isSeq, type Pair, Scalar, type YAMLMap, type YAMLSeq } from "yaml";
import type { Json } from "../model/json.ts";
import { compose } from "./compose.ts";
import { gitFileLimits, findSizeViolation, readSyntax } from "./limits.ts";
import { resolveKey } from "./resolve-scalar.ts";
import { type DocumentText, normalizeText, splitDocuments } from "./split-documents.ts";
import { readNode, Unreadable } from "./yaml-node.ts";

/** Where something stands in a text, in UTF-16 units; `end` is the first one behind it. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

interface NodeBase {
  /** The value itself, without its anchor and tag. */
  readonly range: TextRange;
  /** Where people look for it: its key, or itself where it has none. */
  readonly at: number;
  /** The key that it stands under, also through lists: "http" for `http` and for its items. */
  readonly name: string;
  readonly parent: SourceMap | SourceList | undefined;
  readonly isAnchored: boolean;
}

export interface SourceScalar extends NodeBase {
  readonly type: "scalar";
  /** As kubectl reads it; undefined where it refuses it. */
  readonly value: Json | undefined;
  /** Whether it is a literal block (`|`), whose lines are those of the text. */
  readonly isLiteral: boolean;
}

export interface SourceMap extends NodeBase {
  readonly type: "map";
  readonly isFlow: boolean;
  /** By key, aliases and merge keys followed: a node may stand in several mappings. */
  readonly fields: ReadonlyMap<string, SourceNode>;
}

export interface SourceList extends NodeBase {
  readonly type: "list";
  readonly isFlow: boolean;
  readonly items: readonly SourceNode[];
}

/** A value as it stands in a text. */
export type SourceNode = SourceScalar | SourceMap | SourceList;

/** A text with the values of its documents. Offsets count in `text`, which has no carriage returns. */
export interface SourceText {
  readonly text: string;
  /** One a document that has a value. */
  readonly roots: readonly SourceNode[];
}

/**
 * Reads YAML or JSON so that every value is known by its place. Undefined where a document cannot be read: what stands
 * where in the others could then be another thing to other readers. Never throws, within the limits of a file of Git.
 */
export function readSource(given: string): SourceText | undefined {
  if (findSizeViolation(given, gitFileLimits) !== undefined) return undefined;
  const text = normalizeText(given);
  const documents = splitDocuments(text);
  if (documents.length > gitFileLimits.documents) return undefined;
  const starts = lineStarts(text);
  const roots: SourceNode[] = [];
  for (const document of documents) {
    const root = rootOf(document, starts[document.line - 1] ?? text.length);
    if (root === "unreadable") return undefined;
    if (root !== undefined && !isEmptyRoot(root)) roots.push(root);
  }
  return { text, roots };
}

/** The value of one document, which starts at `shift` in the whole text. */
function rootOf({ text, hasBrokenSeparator }: DocumentText, shift: number): Built {
  if (hasBrokenSeparator || /^%/m.test(text)) return "unreadable";
  const syntax = readSyntax(text, gitFileLimits, 1);
  if (syntax.type === "exceeded") return "unreadable";
  const [document, second] = compose(syntax.tokens);
  if (document === undefined) return undefined;
  if (document.errors.length > 0 || second !== undefined) return "unreadable";
  return nodeOf(
    document.contents,
    { parent: undefined, name: "", at: undefined },
    { shift, anchors: new Map() },
  );
}

/** The text of a scalar, "" of anything else. */
export function textOf(node: SourceNode | undefined): string {
  return node?.type === "scalar" && typeof node.value === "string" ? node.value : "";
}

function isEmptyRoot(root: SourceNode): boolean {
  return root.type === "scalar" && root.value === null;
}

/** The offset at which each line starts. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

interface Reading {
  /** Where the document starts in the text. */
  readonly shift: number;
  readonly anchors: Map<string, SourceNode>;
}

/** What is around a node. */
interface Around {
  readonly parent: SourceMap | SourceList | undefined;
  readonly name: string;
  /** Where its key stands. */
  readonly at: number | undefined;
}

type Built = SourceNode | "unreadable" | undefined;

function nodeOf(node: unknown, around: Around, reading: Reading): Built {
  if (node === null || node === undefined) return undefined;
  if (isAlias(node)) return reading.anchors.get(node.source) ?? "unreadable";
  const built = valueNode(node, around, reading);
  if (built !== "unreadable" && isNode(node) && node.anchor !== undefined)
    reading.anchors.set(node.anchor, built);
  return built;
}

function valueNode(node: unknown, around: Around, reading: Reading): SourceNode | "unreadable" {
  if (isScalar(node)) return scalarOf(node, around, reading);
  if (isMap(node)) return mapOf(node, around, reading);
  return isSeq(node) ? listOf(node, around, reading) : "unreadable";
}

function baseOf(
  node: Scalar | YAMLMap | YAMLSeq,
  { parent, name, at }: Around,
  { shift }: Reading,
): NodeBase {
  const [start = 0, end = 0] = node.range ?? [];
  const range = { start: start + shift, end: end + shift };
  return { range, at: at ?? range.start, name, parent, isAnchored: node.anchor !== undefined };
}

function scalarOf(node: Scalar, around: Around, reading: Reading): SourceNode {
  const isLiteral = node.type === Scalar.BLOCK_LITERAL;
  return { ...baseOf(node, around, reading), type: "scalar", value: valueOf(node), isLiteral };
}

function valueOf(node: Scalar): Json | undefined {
  try {
    return readNode(node, new Map());
  } catch (thrown) {
    if (!(thrown instanceof Unreadable)) throw thrown;
    return undefined;
  }
}

function mapOf(node: YAMLMap, around: Around, reading: Reading): SourceMap | "unreadable" {
  const fields = new Map<string, SourceNode>();
  const map: SourceMap = {
    ...baseOf(node, around, reading),
    type: "map",
    isFlow: node.flow === true,
    fields,
  };
  for (const pair of node.items) if (!addPair(pair, map, fields, reading)) return "unreadable";
  return map;
}

/** Whether the pair could be read. What comes later wins, also over a key before it (yaml-node.ts). */
function addPair(pair: Pair, parent: SourceMap, fields: Map<string, SourceNode>, reading: Reading): boolean {
  const { key, value } = pair;
  const name = isScalar(key) ? nameOf(key) : undefined;
  if (!isScalar(key) || name === undefined) return false;
  const at = (key.range?.[0] ?? 0) + reading.shift;
  const node = nodeOf(value, { parent, name, at }, reading);
  if (node === "unreadable") return false;
  if (isMergeKey(key)) return node !== undefined && merge(fields, node);
  if (node !== undefined) fields.set(name, node);
  return true;
}

function nameOf(key: Scalar): string | undefined {
  const source = key.source ?? "";
  return isPlain(key) ? resolveKey(source) : source;
}

function isMergeKey(key: Scalar): boolean {
  return isPlain(key) && key.source === "<<";
}

function isPlain({ type, tag }: Scalar): boolean {
  return type === Scalar.PLAIN && tag === undefined;
}

function merge(fields: Map<string, SourceNode>, value: SourceNode): boolean {
  const sources = value.type === "list" ? value.items.toReversed() : [value];
  for (const source of sources) {
    if (source.type !== "map") return false;
    for (const [name, node] of source.fields) fields.set(name, node);
  }
  return true;
}

function listOf(node: YAMLSeq, around: Around, reading: Reading): SourceList | "unreadable" {
  const items: SourceNode[] = [];
  const list: SourceList = {
    ...baseOf(node, around, reading),
    type: "list",
    isFlow: node.flow === true,
    items,
  };
  for (const item of node.items) {
    const built = nodeOf(item, { parent: list, name: around.name, at: undefined }, reading);
    if (built === "unreadable" || built === undefined) return "unreadable";
    items.push(built);
  }
  return list;
}
