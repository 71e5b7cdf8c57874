import { printable, withoutControls } from "../../lib/printable.ts";

const maxLineLength = 400;

/**
 * What a command wrote to standard error, line by line, fit to be shown: without `root` (the temporary folder) in front
 * of paths, without control characters and credentials, and without what stands in brackets or backticks where it is
 * long: Kustomize quotes whole patches and generators there, which may hold secrets.
 */
export function stderrLines(stderr: string, root: string): readonly string[] {
  const shown = root === "" ? stderr : stderr.replaceAll(`${root}/`, "").replaceAll(root, ".");
  return withoutControls(shown)
    .replace(/:\/\/[^\s/@]*@/g, "://")
    .replace(/`[^`]{40,}(?:`|$)|\[[^\]]{40,}(?:\]|$)|\{[^}]{40,}(?:\}|$)/g, "...")
    .split("\n")
    .map((line) => printable(line.replace(logHead, ""), maxLineLength))
    .filter((line) => line !== "");
}

/** What kubectl's log puts before a line ("E1121 17:09:01.327950    4875 run.go:72] "): different each time. */
const logHead = /^[EFIW]\d{4} [\d:.]+ +\d+ [\w.]+:\d+\] /;

/** "# Warning: 'vars' is deprecated." -> "'vars' is deprecated.", as the renderer inside of drift has it. */
export function warningsOf(lines: readonly string[]): readonly string[] {
  const warnings = lines.map((line) => line.replace(/^#? ?(?:Warning: )?/, "").trim());
  return [...new Set(warnings)].filter((line) => line !== "").slice(0, maxWarnings);
}

const maxWarnings = 20;
