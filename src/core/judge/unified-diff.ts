import { type LineEdit, linesOf } from "./exemption-text.ts";

/** How many lines around an edit are shown, so that Git finds the place. */
const around = 3;

/**
 * An edit of one file as a patch that `git apply` takes. `text` is what the file holds, undefined where there is none
 * yet. The name of the file must need no quotes.
 */
export function unifiedDiff(file: string, text: string | undefined, edit: LineEdit): string {
  const lines = linesOf(text ?? "");
  const first = Math.max(0, edit.start - around);
  const behind = edit.start + edit.removed.length;
  const before = lines.slice(first, edit.start);
  const after = lines.slice(behind, behind + around);
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
