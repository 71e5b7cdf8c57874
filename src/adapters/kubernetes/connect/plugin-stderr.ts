import { printable } from "../../../lib/printable.ts";

/** The shapes in which programs print what must stay secret. */
const secrets: readonly (readonly [shape: RegExp, shown: string])[] = [
  [/([a-z][a-z\d+.-]*:\/\/)[^\s/@]+@/gi, "$1***@"],
  [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, "$1 ***"],
  [/\beyJ[\w-]+(?:\.[\w-]*){1,4}/g, "***"],
  [/\bk8s-aws-v1\.[\w-]+/g, "***"],
  [/-----BEGIN[\s\S]*?(?:-----END [A-Z ]*-----|$)/g, "***"],
  [
    /((?:token|password|passwd|secret|credential|api_?key|key_?data)["']?\s*[:=]\s*)["']?[^\s"',;&]+/gi,
    "$1***",
  ],
];

/** The last lines that a plugin wrote to standard error: without control characters and without what looks secret. */
export function stderrLines(stderrTail: string): readonly string[] {
  let text = stderrTail;
  for (const [shape, shown] of secrets) text = text.replaceAll(shape, shown);
  const lines = text.split(/[\r\n]+/).map((line) => printable(line));
  return lines.filter((line) => line !== "").slice(-10);
}
