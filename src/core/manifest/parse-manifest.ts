import { expandDocument, type ManifestObject } from "./expand-list.ts";
import {
  findSizeViolation,
  gitFileLimits,
  limitProblem,
  type LimitViolation,
  type ManifestLimits,
  tooManyDocuments,
} from "./limits.ts";
import type { ManifestProblem } from "./problem.ts";
import { isJson, readDocument } from "./read-document.ts";
import { normalizeText, splitDocuments } from "./split-documents.ts";

/** What a text of Kubernetes objects holds. */
export interface ParsedManifest {
  /** The objects in the order of the text, Lists replaced by their items. */
  readonly documents: readonly ManifestObject[];
  /** What could not be read. A document with a problem gives no objects, or only those before the problem. */
  readonly problems: readonly ManifestProblem[];
  /**
   * Whether it is YAML whose last line has no line break. Editors leave it out; kubectl never does, so that its output
   * was cut off then, perhaps in the middle of a value of the last object.
   */
  readonly isLastLineOpen: boolean;
}

/**
 * Reads the objects of a manifest: a stream of YAML documents, JSON objects one after another, and Lists of either.
 * Plain scalars mean what they mean to kubectl (YAML 1.1: `on` is true, `0644` is 420). Empty documents are skipped;
 * a broken document is a problem and the others count. Never throws, and takes time linear in the text, whatever
 * the text is.
 */
export function parseManifest(text: string, limits: ManifestLimits = gitFileLimits): ParsedManifest {
  const tooLarge = findSizeViolation(text, limits);
  if (tooLarge !== undefined) return refuse(tooLarge);
  const content = normalizeText(text);
  const texts = splitDocuments(content);
  if (texts.length > limits.documents) return refuse(tooManyDocuments(limits));
  const documents: ManifestObject[] = [];
  const problems: ManifestProblem[] = [];
  for (const document of texts) {
    const { values, problem } = readDocument(document, limits);
    for (const value of values) {
      const expansion = expandDocument(value);
      for (const object of expansion.objects) documents.push(object);
      problems.push(...expansion.problems);
    }
    if (problem !== undefined) problems.push(problem);
  }
  const last = texts.at(-1);
  const isLastLineOpen = last !== undefined && !isJson(last) && !/(?:^|\n)[ \t]*$/.test(content.slice(-80));
  return { documents, problems, isLastLineOpen };
}

function refuse(violation: LimitViolation): ParsedManifest {
  return { documents: [], problems: [limitProblem(violation)], isLastLineOpen: false };
}
