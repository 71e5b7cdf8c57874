import { decodeText } from "../../core/manifest/decode-text.ts";
import type { ManifestObject } from "../../core/manifest/expand-list.ts";
import { formatBytes, type ManifestLimits } from "../../core/manifest/limits.ts";
import { type ParsedManifest, parseManifest } from "../../core/manifest/parse-manifest.ts";
import type { ManifestProblem } from "../../core/manifest/problem.ts";
import type { Unchecked } from "../../core/model/finding.ts";
import { type InputFile, unreadable } from "./list-files.ts";
import { type BytesRead, type ByteStream, readFileBytes, readStreamBytes } from "./read-bytes.ts";

/** What one file or stream holds. */
export interface InputContent {
  /** "live/eu1/mesh.yaml", "standard input". */
  readonly name: string;
  readonly objects: readonly ManifestObject[];
  /** Why it, or a part of it, could not be read. Nobody knows what that part held. */
  readonly unchecked: readonly Unchecked[];
  /** Whether it is YAML without a line break at its end. */
  readonly isLastLineOpen: boolean;
  /** What may have been cut off at the end of a line, as `parseManifest` tells it. */
  readonly mayLack: ParsedManifest["mayLack"];
  /** Whether there is nothing in it, not even an empty List. */
  readonly isBlank: boolean;
}

/** Reads the objects of a file. What is wrong with the file is in the answer. */
export async function readFileObjects(file: InputFile, limits: ManifestLimits): Promise<InputContent> {
  try {
    return parse(file.name, await readFileBytes(file.path, limits.bytes), limits);
  } catch (error) {
    return damaged(file.name, unreadable(file.name, error));
  }
}

/** Reads the objects of a stream to its end. */
export async function readStreamObjects(stream: ByteStream, limits: ManifestLimits): Promise<InputContent> {
  const name = "standard input";
  return parse(name, await readStreamBytes(stream, limits.bytes), limits);
}

function parse(name: string, read: BytesRead, limits: ManifestLimits): InputContent {
  if (read.type === "too-large") return damaged(name, tooLarge(name, limits));
  const decoded = decodeText(read.bytes);
  if (decoded.type === "refused") return damaged(name, describe(name, decoded.problem));
  const { documents, problems, ...end } = parseManifest(decoded.text, limits);
  const unchecked = problems.map((problem) => describe(name, problem));
  return { name, objects: documents, unchecked, ...end };
}

function damaged(name: string, unchecked: Unchecked): InputContent {
  return {
    name,
    objects: [],
    unchecked: [unchecked],
    isLastLineOpen: false,
    mayLack: "nothing",
    isBlank: false,
  };
}

function describe(name: string, { code, reason, hint, line }: ManifestProblem): Unchecked {
  return { what: line === undefined ? name : `${name}:${String(line)}`, code, reason, hint };
}

function tooLarge(name: string, limits: ManifestLimits): Unchecked {
  return {
    what: name,
    code: "MANIFEST_TOO_LARGE",
    reason: `it is larger than ${formatBytes(limits.bytes)}`,
    hint: "Split it by kind or namespace.",
  };
}
