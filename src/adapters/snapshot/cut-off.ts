import type { Unchecked } from "../../core/model/finding.ts";
import type { InputContent } from "./read-objects.ts";

const code = "SNAPSHOT_CUT_OFF";

/**
 * The content of a file that kubectl should have written, with an eye on its end. YAML whose last line has no line
 * break was cut off in the middle, so that the last object may lack a part, and is left out.
 */
export function withoutOpenEnd(content: InputContent): InputContent {
  const unchecked = content.unchecked.map((entry) =>
    entry.code === "MANIFEST_CUT_OFF" ? { ...entry, code } : entry,
  );
  if (!content.isLastLineOpen) return { ...content, unchecked };
  return {
    ...content,
    objects: content.objects.slice(0, -1),
    unchecked: [...unchecked, openEnd(content.name)],
  };
}

function openEnd(name: string): Unchecked {
  return {
    what: name,
    code,
    reason: "its last line has no line break, which kubectl always writes: the file ends in the middle",
    hint: "Take the snapshot again. If the file is complete, end it with a line break.",
  };
}
