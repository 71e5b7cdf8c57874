import { holdsSecret } from "../text/conceal-text.ts";
import { type LineEdit, linesOf } from "./exemption-text.ts";

/** How many lines around an edit are shown, so that Git finds the place. */
const around = 3;

/**
 * An edit of one file as a patch that `git apply` takes. `text` is what the file holds, undefined where there is none
 * yet. The name of the file must need no quotes. Lines around the edit that look like a secret, and those beyond, are not
 * shown; undefined where Git could not find the place without them, or the edit itself shows one.
 */
export function unifiedDiff(file: string, text: string | undefined, edit: LineEdit): string | undefined {
  const lines = linesOf(text ?? "");
  const behind = edit.start + edit.removed.length;
  const before = upToSecret(lines.slice(Math.max(0, edit.start - around), edit.start).reverse()).reverse();
  const after = upToSecret(lines.slice(behind, behind + around));
  const first = edit.start - before.length;
  // Without a line behind it, Git looks for it at the end of the file only.
  const isFound = behind === lines.length || (after.length > 0 && (before.length > 0 || edit.start === 0));
  if (!isFound || edit.removed.some(holdsSecret)) return undefined;
  const kept = before.length + after.length;
  const old = span(first, kept + edit.removed.length);
  const now = span(first, kept + edit.added.length);
  const head =
    text === undefined
      ? [`diff --git a/${file} b/${file}`, "new file mode 100644", "--- /dev/null", `+++ b/${file}`]
      : [`diff --git a/${file} b/${file}`, `--- a/${file}`, `+++ b/${file}`];
  return [
    ...head.map((line) => `${line}\n`),
    `@@ -${old} +${now} @@\n`,
    ...before.map(marked(" ")),
    ...edit.removed.map(marked("-")),
    ...edit.added.map(marked("+")),
    ...after.map(marked(" ")),
  ].join("");
}

function upToSecret(lines: readonly string[]): string[] {
  const end = lines.findIndex(holdsSecret);
  return lines.slice(0, end === -1 ? lines.length : end);
}

/** Lines of a side: an empty span names the line before it. */
function span(first: number, count: number): string {
  return `${String(count === 0 ? first : first + 1)},${String(count)}`;
}

function marked(sign: string): (line: string) => string {
  return (line) => `${sign}${line.endsWith("\n") ? line : `${line}\n\\ No newline at end of file\n`}`;
}

/** The text after an edit. */
export function edited(text: string | undefined, { start, removed, added }: LineEdit): string {
  const lines = linesOf(text ?? "");
  return [...lines.slice(0, start), ...added, ...lines.slice(start + removed.length)].join("");
}
