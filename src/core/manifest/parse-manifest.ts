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
import { provesEnd } from "./proves-end.ts";
import { isJson, type LocatedValue, readDocument } from "./read-document.ts";
import { type DocumentText, normalizeText, splitDocuments } from "./split-documents.ts";

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
  /**
   * What may have been cut off at the end of a line without a trace: nothing, a part of the last object, or the items of
   * a last List that shows none. JSON, a line of `---` or `...` behind the last document, and what stands last in it
   * (`provesEnd`) prove that nothing was.
   */
  readonly mayLack: "nothing" | "part-of-object" | "items";
  /** Whether there is no value in it: no object, not even an empty List. */
  readonly isBlank: boolean;
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
  let isBlank = true;
  let last: DocumentObjects | undefined;
  for (const text of texts) {
    last = readObjects(text, limits);
    for (const object of last.objects) documents.push(object);
    for (const problem of last.problems) problems.push(problem);
    isBlank &&= last.isBlank;
  }
  return {
    documents,
    problems,
    isBlank,
    isLastLineOpen: hasOpenLine(content, texts.at(-1)),
    mayLack: last?.mayLack ?? "nothing",
  };
}

type DocumentObjects = Pick<ParsedManifest, "problems" | "isBlank" | "mayLack"> & {
  readonly objects: readonly ManifestObject[];
};

function readObjects(document: DocumentText, limits: ManifestLimits): DocumentObjects {
  const { values, problem } = readDocument(document, limits);
  const expansions = values.map(expandDocument);
  const objects = expansions.flatMap((expansion) => expansion.objects);
  const problems = [...expansions.flatMap((expansion) => expansion.problems), ...(problem ? [problem] : [])];
  const isBlank = problems.length === 0 && values.every(({ value }) => value === null);
  // Of a document with a problem it is known already that it is not whole.
  if (problems.length > 0 || hasEnd(document, values))
    return { objects, problems, isBlank, mayLack: "nothing" };
  return { objects, problems, isBlank, mayLack: objects.length > 0 ? "part-of-object" : "items" };
}

/** Whether a document at the end of a text shows that it ends there. One without a value follows a line of `---`. */
function hasEnd(document: DocumentText, values: readonly LocatedValue[]): boolean {
  if (isJson(document) || /(?:^|\n)\.\.\.[ \t]*(?:#.*)?\s*$/.test(document.text.slice(-200))) return true;
  return values.every(({ value }) => value === null || provesEnd(value));
}

function hasOpenLine(content: string, last: DocumentText | undefined): boolean {
  return last !== undefined && !isJson(last) && !/(?:^|\n)[ \t]*$/.test(content.slice(-80));
}

function refuse(violation: LimitViolation): ParsedManifest {
  const problems = [limitProblem(violation)];
  return { documents: [], problems, isLastLineOpen: false, mayLack: "nothing", isBlank: false };
}
