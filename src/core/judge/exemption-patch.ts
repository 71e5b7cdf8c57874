import { addExemptions, type NewExemption } from "./exemption-text.ts";
import { type ExemptionReading, parseExemptions } from "./parse-exemptions.ts";
import { edited, unifiedDiff } from "./unified-diff.ts";

/** A patch that adds exemptions to the file of a repository, or why there is none. */
export type ExemptionPatch =
  | { readonly type: "patch"; readonly patch: string }
  | { readonly type: "refused"; readonly reason: string; readonly hint: string };

/**
 * Makes the patch, and proves it by reading the file as it would be: every new entry counts, and no old one is lost.
 * `text` is the file as it is, undefined where there is none. Refused is what the limits refuse, what is there already,
 * and a file that cannot be added to.
 */
export function exemptionPatch(
  text: string | undefined,
  entries: readonly NewExemption[],
  reading: ExemptionReading,
): ExemptionPatch {
  const edit = addExemptions(text ?? "", entries);
  const byHand = `Mend ${reading.file} first, or add the entry by hand.`;
  if (edit === undefined) {
    return {
      type: "refused",
      reason: `nothing can be added to ${reading.file} as it is written`,
      hint: byHand,
    };
  }
  const before = parseExemptions(text ?? "", reading);
  const after = parseExemptions(edited(text, edit), reading);
  const known = new Set(before.problems.map(({ reason }) => reason));
  const broken = after.problems.find(({ reason }) => !known.has(reason));
  if (broken !== undefined) return { type: "refused", reason: broken.reason, hint: broken.hint };
  if (after.exemptions.length !== before.exemptions.length + entries.length) {
    const [first] = after.problems;
    return {
      type: "refused",
      reason: `${reading.file} would not be read: ${first?.reason ?? ""}`,
      hint: byHand,
    };
  }
  if (after.exemptions.slice(before.exemptions.length).some(({ exemption }) => exemption.hasEnded)) {
    return { type: "refused", reason: "the end is in the past", hint: "Choose a later one." };
  }
  const patch = unifiedDiff(reading.file, text, edit);
  if (patch !== undefined) return { type: "patch", patch };
  return {
    type: "refused",
    reason: `${reading.file} holds what looks like a credential where the entry would stand`,
    hint: "Take it out of the file, and change the credential.",
  };
}
