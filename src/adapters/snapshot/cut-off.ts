import type { ManifestObject } from "../../core/manifest/expand-list.ts";
import type { Unchecked } from "../../core/model/finding.ts";
import type { InputContent } from "./read-objects.ts";

/** The content of a snapshot's file, as far as it is known to be whole. */
export interface CheckedContent extends InputContent {
  /** Its last object, where a part of it may have been cut off at the end of a line. It is not among `objects`. */
  readonly doubtful?: ManifestObject;
}

const code = "SNAPSHOT_CUT_OFF";

/**
 * The content of a file that kubectl should have written, with an eye on its end. YAML whose last line has no line
 * break was cut off in the middle; where nothing shows that a file ends on purpose, it may have been cut off at the end
 * of a line. Either way the last object may lack a part. A file with nothing in it is what a failed command leaves.
 */
export function checkEnd(content: InputContent): CheckedContent {
  const { name, objects, isLastLineOpen, mayLack } = content;
  const unchecked = content.unchecked.map((entry) =>
    entry.code === "MANIFEST_CUT_OFF" ? { ...entry, code } : entry,
  );
  if (content.isBlank) return { ...content, unchecked: [...unchecked, emptyInput(name)] };
  if (isLastLineOpen) {
    return { ...content, objects: objects.slice(0, -1), unchecked: [...unchecked, openLine(name)] };
  }
  if (mayLack === "items") return { ...content, unchecked: [...unchecked, withoutItems(name)] };
  const doubtful = mayLack === "part-of-object" ? objects.at(-1) : undefined;
  if (doubtful === undefined) return { ...content, unchecked };
  return { ...content, objects: objects.slice(0, -1), doubtful, unchecked };
}

/** A snapshot, or a file of one, without any object. */
export function emptyInput(what: string): Unchecked {
  return {
    what,
    code: "SNAPSHOT_EMPTY",
    reason: "it holds no objects",
    hint: "Take the snapshot again, and check what kubectl says on standard error.",
  };
}

function openLine(name: string): Unchecked {
  return {
    what: name,
    code,
    reason: "its last line has no line break, which kubectl always writes: the file ends in the middle",
    hint: "Take the snapshot again. If the file is complete, end it with a line break.",
  };
}

function withoutItems(name: string): Unchecked {
  return {
    what: name,
    code,
    reason: "it ends with a list whose items are not there",
    hint: "Take the snapshot again. If the list is empty, write `items: []`.",
  };
}

/** An object that stands at the end of a file and may go on behind it. */
export function openEnd(what: string, place: string): Unchecked {
  return {
    what,
    code: "SNAPSHOT_END_UNKNOWN",
    reason: `it stands last, at ${place}, and nothing shows that the file was not cut off behind it`,
    hint: "Take the snapshot as JSON or as a List, which kubectl prints of several objects. If the file is complete, end it with a line of ---.",
  };
}
