import { isObject, type Json, type JsonObject } from "../model/json.ts";
import { findSizeViolation, gitFileLimits } from "./limits.ts";
import { readDocument } from "./read-document.ts";
import { type DocumentText, normalizeText, splitDocuments } from "./split-documents.ts";

/**
 * The mapping of a text with one YAML document, {} where that is empty; undefined for any other text. Whoever reads one
 * document takes the first, so an empty one is not skipped, and a `kind: List` is a mapping like any other.
 */
export function readMapping(text: string): JsonObject | undefined {
  if (findSizeViolation(text, gitFileLimits) !== undefined) return undefined;
  const documents = splitDocuments(normalizeText(text));
  if (documents.length > gitFileLimits.documents) return undefined;
  const values = documents.map(valueOf);
  // What stands before the first line of `---` is a document only if it says something.
  const [first = null, ...others] = values.length > 1 && values[0] === null ? values.slice(1) : values;
  if (values.includes(undefined) || others.some((other) => other !== null)) return undefined;
  if (first === null) return {};
  return isObject(first) ? first : undefined;
}

/** The one value of a document, null for none; undefined where it cannot be read, or holds several. */
function valueOf(document: DocumentText): Json | undefined {
  const { values, problem } = readDocument(document, gitFileLimits);
  return problem !== undefined || values.length > 1 ? undefined : (values[0]?.value ?? null);
}
