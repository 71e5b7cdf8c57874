import type { CST } from "yaml";
import { compose, countExpanded } from "./compose.ts";
import { scanJson, startsLikeJson } from "./json-scan.ts";
import { readPlainYaml } from "./plain-yaml.ts";
import type { ManifestProblem } from "./problem.ts";
import { normalizeText, splitDocuments } from "./split-documents.ts";
import { type CountLimits, type Exceeded, scanTokens } from "./token-scan.ts";

/** What a text may hold before anything parses it. Every number is the largest that passes. */
export interface ManifestLimits extends CountLimits {
  /** UTF-8 bytes of the whole text. */
  readonly bytes: number;
  /** Documents in the text; an empty one counts. */
  readonly documents: number;
}

/** For one file of a repository. */
export const gitFileLimits: ManifestLimits = {
  bytes: 8 * 1024 * 1024,
  depth: 100,
  nodes: 1_000_000,
  documents: 50_000,
  aliases: 100,
  tokens: 500_000,
};

/** For one file of `kubectl get` output, which may hold a whole cluster. */
export const snapshotLimits: ManifestLimits = {
  bytes: 64 * 1024 * 1024,
  depth: 100,
  nodes: 8_000_000,
  documents: 50_000,
  aliases: 100,
  tokens: 500_000,
};

export type LimitCode =
  | "MANIFEST_TOO_LARGE"
  | "MANIFEST_TOO_DEEP"
  | "MANIFEST_ALIASES"
  | "MANIFEST_TOO_MANY_DOCUMENTS"
  | "MANIFEST_TOO_MANY_NODES";

/** The limit a text goes beyond, in words for a person. */
export interface LimitViolation {
  readonly code: LimitCode;
  /** Fit to follow "it could not be read: ". */
  readonly reason: string;
  /** Where the limit was passed, counted from 1; absent where no one line is to blame. */
  readonly line?: number;
}

/**
 * Whether a YAML or JSON text goes beyond a limit, found in time linear in its length and without recursion beyond the
 * limit, so that no parser has to survive it: yaml 2.9.1 ends the whole process on 20,000 nested `[`, and a parser
 * that expands aliases turns 500 bytes into gigabytes. Undefined where the text is within all limits; it may still be
 * invalid.
 */
export function findLimitViolation(
  text: string,
  limits: ManifestLimits = gitFileLimits,
): LimitViolation | undefined {
  const tooLarge = findSizeViolation(text, limits);
  if (tooLarge !== undefined) return tooLarge;
  const documents = splitDocuments(normalizeText(text));
  if (documents.length > limits.documents) return tooManyDocuments(limits);
  for (const document of documents) {
    const violation = findDocumentViolation(document.text, limits);
    if (violation?.line !== undefined) return { ...violation, line: violation.line + document.line - 1 };
    if (violation !== undefined) return violation;
  }
  return undefined;
}

/** Plain YAML and JSON are found harmless much faster than other YAML. */
function findDocumentViolation(text: string, limits: ManifestLimits): LimitViolation | undefined {
  const isHarmlessJson =
    startsLikeJson(text) && scanJson(text, limits).exceeded === undefined && isJson(text);
  if (isHarmlessJson) return undefined;
  const plain = readPlainYaml(text, { limits });
  if (plain.type === "plain") return undefined;
  const syntax = readSyntax(text, limits, plain.line);
  return syntax.type === "within" ? undefined : syntax.violation;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The syntax tree of a text within its limits, or the limit it goes beyond. */
export type Syntax =
  | { readonly type: "within"; readonly tokens: readonly CST.Token[] }
  | { readonly type: "exceeded"; readonly violation: LimitViolation };

/** Reads the syntax of one document that leaves the plain style at `oddLine`, as far as its limits allow. */
export function readSyntax(text: string, limits: ManifestLimits, oddLine: number): Syntax {
  const scan = scanTokens(text, limits);
  if (scan.type === "exceeded") {
    const violation = describeExceeded(scan.exceeded, text, limits[scan.exceeded.limit]);
    const isTooOdd = scan.exceeded.limit === "tokens";
    return { type: "exceeded", violation: isTooOdd ? { ...violation, line: oddLine } : violation };
  }
  const { tokens, aliases } = scan;
  if (aliases === 0 || countExpanded(compose(tokens)) <= limits.nodes) return { type: "within", tokens };
  const reason = `its aliases expand to more than ${String(limits.nodes)} values`;
  return { type: "exceeded", violation: { code: "MANIFEST_ALIASES", reason } };
}

/** The violation of a text with more documents than allowed. */
export function tooManyDocuments(limits: ManifestLimits): LimitViolation {
  const reason = `it holds more than ${String(limits.documents)} documents`;
  return { code: "MANIFEST_TOO_MANY_DOCUMENTS", reason };
}

/** Whether the text is too large, which can be said before its characters are looked at. */
export function findSizeViolation(
  text: string,
  limits: Pick<ManifestLimits, "bytes">,
): LimitViolation | undefined {
  if (text.length * 3 <= limits.bytes || utf8Length(text) <= limits.bytes) return undefined;
  return { code: "MANIFEST_TOO_LARGE", reason: `it is larger than ${formatBytes(limits.bytes)}` };
}

/** A limit that was passed while counting, in words; `most` is the limit. */
export function describeExceeded({ limit, offset }: Exceeded, text: string, most: number): LimitViolation {
  return { ...violations[limit](String(most)), line: lineAt(text, offset) };
}

const violations: Readonly<Record<keyof CountLimits, (most: string) => LimitViolation>> = {
  depth: (most) => ({ code: "MANIFEST_TOO_DEEP", reason: `it nests deeper than ${most} levels` }),
  nodes: (most) => ({
    code: "MANIFEST_TOO_MANY_NODES",
    reason: `one document holds more than ${most} values`,
  }),
  aliases: (most) => ({
    code: "MANIFEST_ALIASES",
    reason: `one document uses more than ${most} aliases`,
  }),
  tokens: (most) => ({
    code: "MANIFEST_TOO_MANY_NODES",
    reason: `a document of more than ${most} tokens leaves the plain block style that kubectl prints`,
  }),
};

/** The line of an offset, counted from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) line++;
  return line;
}

/** The number of bytes of the text in UTF-8. A lone surrogate counts as three, like the character that replaces it. */
function utf8Length(text: string): number {
  if (!/[^\0-\x7F]/.test(text)) return text.length;
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    bytes += unit < 0x800 ? 1 : 2;
    if (isHighSurrogate(unit) && isLowSurrogate(text.charCodeAt(i + 1))) i++;
  }
  return bytes;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

/** "8 MiB", "64 KiB", "100 bytes": the largest unit that divides the number. */
export function formatBytes(bytes: number): string {
  if (bytes >= 1024 * 1024 && bytes % (1024 * 1024) === 0) return `${String(bytes / 1024 / 1024)} MiB`;
  if (bytes >= 1024 && bytes % 1024 === 0) return `${String(bytes / 1024)} KiB`;
  return `${String(bytes)} bytes`;
}

/** A text beyond a limit, as a problem. */
export function limitProblem(violation: LimitViolation): ManifestProblem {
  return { ...violation, hint: limitHints[violation.code] };
}

const limitHints: Readonly<Record<LimitViolation["code"], string>> = {
  MANIFEST_TOO_LARGE: "Split it into several files.",
  MANIFEST_TOO_DEEP: "Check that it is a Kubernetes manifest: none nests that deep.",
  MANIFEST_ALIASES: "Write the repeated values out instead of using YAML aliases.",
  MANIFEST_TOO_MANY_DOCUMENTS: "Split it into several files.",
  MANIFEST_TOO_MANY_NODES: "Split it into several documents, or write it as JSON.",
};
