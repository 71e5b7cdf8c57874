import { sha256 } from "../../core/model/digest.ts";
import type { BaseUse } from "./messages.ts";

/** Another number: files written before are not read any more. */
const formatVersion = 2;

/** Everything an answer depends on, and what the render warned about. */
export interface Closure {
  /** Every file of the rendered commit that was read: path and blob id. */
  readonly files: readonly (readonly [string, string])[];
  /** Every other path of that commit that was looked at, and what stood there (KIND in tree-lookup.mjs). */
  readonly probes: readonly (readonly [string, number])[];
  /** Every remote base, whose commit says all about its files. */
  readonly bases: readonly BaseUse[];
  readonly warnings: readonly string[];
}

/** An answer with everything it depends on. */
export interface CacheEntry extends Closure {
  /** JSON text of the renderer. */
  readonly answer: string;
}

/** An entry as it was found: the answer is what it was if it has the digest. */
export interface StoredEntry extends CacheEntry {
  readonly answerDigest: string;
}

/**
 * One file holds the recent entries of one overlay: a line that names format, renderer and overlay, then two lines an
 * entry: its closure with a digest of its own, and the answer as it came.
 */
export function writeEntries(entries: readonly CacheEntry[], overlay: string, artefact: string): string {
  const lines = [headOf(overlay, artefact)];
  for (const { files, probes, bases, warnings, answer } of entries) {
    const closure = JSON.stringify({ files, probes, bases, warnings, answerDigest: sha256(answer) });
    lines.push(`${sha256(closure)} ${closure}`, answer);
  }
  return `${lines.join("\n")}\n`;
}

/** Reads the entries back; undefined where the file is damaged or is about something else. Answers are not checked. */
export function readEntries(
  text: string,
  overlay: string,
  artefact: string,
): readonly StoredEntry[] | undefined {
  const lines = text.split("\n");
  if (lines.shift() !== headOf(overlay, artefact) || lines.pop() !== "") return undefined;
  const entries: StoredEntry[] = [];
  for (let i = 0; i < lines.length; i += 2) {
    const [line = "", answer] = [lines[i], lines[i + 1]];
    const space = line.indexOf(" ");
    const closure = line.slice(space + 1);
    if (answer === undefined || line.slice(0, space) !== sha256(closure)) return undefined;
    // The digest shows that writeEntries wrote it, so it has this form.
    const read = JSON.parse(closure) as Closure & { readonly answerDigest: string };
    entries.push({ ...read, answer });
  }
  return entries;
}

/** Whether the answer is still the one that was stored. */
export function isIntact(entry: StoredEntry): boolean {
  return sha256(entry.answer) === entry.answerDigest;
}

function headOf(overlay: string, artefact: string): string {
  return JSON.stringify(["mesh-drift render", formatVersion, artefact, overlay]);
}
