import { lineAt } from "./limits.ts";
import type { ManifestProblem } from "./problem.ts";

/**
 * Control characters, which YAML forbids, and characters that some readers of YAML take for line breaks or drop (a
 * carriage return alone, U+0085, U+2028, U+2029, U+FEFF): with them a text may say one thing to us and another to kubectl.
 */
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const forbidden = /[\0-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F\u2028\u2029\uFEFF\uFFFE\uFFFF]|\r(?!\n)/;

/** The first character of a text that no manifest may hold as it is; in a quoted string its escape is fine. */
export function findForbiddenCharacter(text: string): ManifestProblem | undefined {
  const at = text.search(forbidden);
  if (at < 0) return undefined;
  const unit = text.charCodeAt(at);
  const code = unit.toString(16).toUpperCase().padStart(4, "0");
  return {
    code: "MANIFEST_CHARACTER",
    reason:
      unit === 0 ? "it holds NUL characters: it is no text in UTF-8" : `it holds the character U+${code}`,
    hint: unit === 0 ? "Save it as UTF-8." : "Remove it, or write it as an escape in double quotes.",
    line: lineAt(text, at),
  };
}
