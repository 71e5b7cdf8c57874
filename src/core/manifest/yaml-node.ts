import { isAlias, isMap, isNode, isScalar, isSeq, type Pair, type Scalar, type YAMLMap } from "yaml";
import { isList, isObject, type Json, type JsonObject } from "../model/json.ts";
import { setOwn } from "./own-property.ts";
import { closingQuote } from "./plain-quoted.ts";
import type { ManifestProblem } from "./problem.ts";
import { resolveKey, resolvePlain } from "./resolve-scalar.ts";

/** Why a node has no value. Thrown by readNode, caught by the reader of the document. */
export class Unreadable extends Error {
  readonly problem: ManifestProblem;
  /** Where the node starts, in UTF-16 units. */
  readonly offset: number;

  constructor(problem: ManifestProblem, node: unknown) {
    super(problem.reason);
    this.problem = problem;
    this.offset = (isNode(node) ? node.range?.[0] : undefined) ?? 0;
  }
}

/** What the anchors seen so far stand for. */
type Anchors = Map<string, Json>;

/**
 * The value of a node of the full parser, as kubectl reads it: plain scalars by YAML 1.1, merge keys in the order they
 * are written (what comes later wins, also over a key before it), one value shared by all aliases of an anchor.
 * The document must be parsed with the `failsafe` schema and be within its limits. Throws Unreadable.
 */
export function readNode(node: unknown, anchors: Anchors): Json {
  if (node === null || node === undefined) return null;
  if (isAlias(node)) {
    const value = anchors.get(node.source);
    if (value === undefined) throw new Unreadable(problems.alias, node);
    return value;
  }
  const value = readValue(node, anchors);
  if (isNode(node) && node.anchor !== undefined) anchors.set(node.anchor, value);
  return value;
}

function readValue(node: unknown, anchors: Anchors): Json {
  if (isScalar(node)) return readScalarNode(node);
  if (isMap(node)) {
    requireTag(node, "map");
    return readMapping(node, anchors);
  }
  if (!isSeq(node)) throw new Unreadable(problems.structure, node);
  requireTag(node, "seq");
  return node.items.map((item) => readNode(item, anchors));
}

const core = "tag:yaml.org,2002:";

function requireTag(node: { readonly tag?: string | undefined }, name: string): void {
  if (node.tag !== undefined && node.tag !== core + name) throw new Unreadable(problems.tag, node);
}

/** The JSON type that a tag promises. */
const tagTypes: ReadonlyMap<string, readonly string[]> = new Map([
  [`${core}int`, ["number", "bigint"]],
  [`${core}float`, ["number", "bigint"]],
  [`${core}bool`, ["boolean"]],
  [`${core}null`, ["object"]],
]);

function readScalarNode(node: Scalar): Json {
  if (isOpen(node)) throw new Unreadable(problems.quote, node);
  if (isText(node)) return node.source ?? "";
  const text = node.source ?? "";
  if (text.startsWith("?")) throw new Unreadable(problems.flow, node);
  const value = resolvePlain(text);
  if (value === undefined) throw new Unreadable(problems.number, node);
  const isFit = node.tag === undefined || tagTypes.get(node.tag)?.includes(typeof value) === true;
  if (!isFit) throw new Unreadable(problems.tag, node);
  return value;
}

/**
 * Whether a quoted text is cut off by a line that is not indented: the yaml package (2.9.1) looks only at its last
 * character, which may be an escaped quote (`'it''`).
 */
function isOpen({ srcToken }: Scalar): boolean {
  const isQuoted = srcToken?.type === "single-quoted-scalar" || srcToken?.type === "double-quoted-scalar";
  return isQuoted && closingQuote(srcToken.source) !== srcToken.source.length - 1;
}

/** Whether a scalar is text whatever it looks like: by its quotes, its block style or its tag. */
function isText(node: Scalar): boolean {
  if (node.tag === undefined) return node.type !== "PLAIN";
  return node.tag === `${core}str` || node.tag === "!";
}

function readMapping(node: YAMLMap, anchors: Anchors): JsonObject {
  const object: Record<string, Json> = {};
  const written = new Set<string>();
  for (const pair of node.items) {
    const key = readKey(pair);
    if (key === undefined) {
      merge(object, readNode(pair.value, anchors), pair);
      continue;
    }
    if (node.flow === true && isUnwritten(pair.value)) throw new Unreadable(problems.flow, pair.key);
    if (written.has(key)) throw new Unreadable(problems.duplicate, pair.key);
    written.add(key);
    setOwn(object, key, readNode(pair.value, anchors));
  }
  return object;
}

/** Whether a value is missing after its colon: in braces, `{a:}` has the key `a` to some readers and `a:` to kubectl. */
function isUnwritten(value: unknown): boolean {
  return isScalar(value) && value.type === "PLAIN" && value.source === "";
}

/** The key of a pair; undefined for a merge key. */
function readKey({ key }: Pair): string | undefined {
  if (!isScalar(key)) throw new Unreadable(problems.key, key);
  const text = key.source ?? "";
  if (isText(key)) return text;
  if (key.tag !== undefined) throw new Unreadable(problems.tag, key);
  if (text === "<<") return undefined;
  const name = text.startsWith("?") ? undefined : resolveKey(text);
  if (name === undefined) throw new Unreadable(problems.key, key);
  return name;
}

/** Merges a mapping, or a list of mappings of which the first wins. */
function merge(object: Record<string, Json>, value: Json, pair: Pair): void {
  const sources = isList(value) ? value.toReversed() : [value];
  for (const source of sources) {
    if (!isObject(source)) throw new Unreadable(problems.merge, pair.key);
    for (const [key, merged] of Object.entries(source)) setOwn(object, key, merged);
  }
}

const problems = {
  alias: {
    code: "MANIFEST_ALIASES",
    reason: "an alias names no anchor before it, or the value it stands in",
    hint: "Write the value out.",
  },
  structure: { code: "MANIFEST_SYNTAX", reason: "a value is not complete", hint: "Correct the file." },
  quote: {
    code: "MANIFEST_SYNTAX",
    reason: "it is not YAML: the quote at the end of a text is missing",
    hint: "Correct the file.",
  },
  tag: {
    code: "MANIFEST_TAG",
    reason:
      "a tag is not one of YAML's own for text, numbers, booleans, null, lists and mappings, or does not fit",
    hint: "Remove the tag, and quote the value where it is text.",
  },
  number: {
    code: "MANIFEST_NUMBER",
    reason: "a number is beyond what Kubernetes can hold",
    hint: "Correct the number, or quote it.",
  },
  duplicate: {
    code: "MANIFEST_DUPLICATE_KEY",
    reason: "a key occurs twice in one mapping",
    hint: "Remove one of the two.",
  },
  key: {
    code: "MANIFEST_KEY",
    reason: "a key is not text, and readers of YAML disagree about its name",
    hint: "Quote the key.",
  },
  flow: {
    code: "MANIFEST_SYNTAX",
    reason:
      "readers of YAML disagree about a ? at the start of a value, or a colon without a value in braces",
    hint: "Quote the value, or write null.",
  },
  merge: {
    code: "MANIFEST_SYNTAX",
    reason: "a merge key (<<) has a value that is neither a mapping nor a list of mappings",
    hint: "Correct the file.",
  },
} as const satisfies Record<string, ManifestProblem>;
