import { Composer, type CST, type Document, isAlias, isCollection, isNode, isPair } from "yaml";

/**
 * The documents of a syntax tree that is within its limits. Every plain scalar stays text (schema `failsafe`), and keys
 * that occur twice are left to the reader: the package compares each key with each other one.
 */
export function compose(tokens: readonly CST.Token[]): readonly Document.Parsed[] {
  const composer = new Composer({ schema: "failsafe", uniqueKeys: false, keepSourceTokens: true });
  return [...composer.compose(tokens)];
}

/**
 * The values of the largest document when every alias is replaced by what it stands for. Takes time linear in the
 * text, not in the answer, which may be Infinity.
 */
export function countExpanded(documents: readonly Document.Parsed[]): number {
  return documents.reduce((most, document) => Math.max(most, weigh(document.contents, new Map())), 0);
}

/** The values below and including `node`; remembers the weight of each anchor for the aliases that follow. */
function weigh(node: unknown, anchors: Map<string, number>): number {
  if (isPair(node)) return weigh(node.key, anchors) + weigh(node.value, anchors);
  if (isAlias(node)) return anchors.get(node.source) ?? 1;
  let weight = 1;
  if (isCollection(node)) {
    for (const item of node.items) weight += weigh(item, anchors);
  }
  if (isNode(node) && node.anchor !== undefined) anchors.set(node.anchor, weight);
  return weight;
}
