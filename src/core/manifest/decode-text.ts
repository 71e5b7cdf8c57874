import type { ManifestProblem } from "./problem.ts";

/** The text of some bytes, or why they are none. */
export type Decoded =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "refused"; readonly problem: ManifestProblem };

/**
 * Decodes the bytes of a manifest, which must be UTF-8 (a byte order mark is dropped). Nothing is replaced silently:
 * UTF-16, which PowerShell's `>` writes, and bytes that are no text at all are refused with a reason.
 */
export function decodeText(bytes: Uint8Array): Decoded {
  if (isUtf16(bytes)) return refuse("it is UTF-16, not UTF-8");
  try {
    return { type: "text", text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return refuse("it is not text in UTF-8");
  }
}

/** A byte order mark of UTF-16, or a NUL byte among the first four, as ASCII has it in UTF-16 and UTF-32. */
function isUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  const hasMark = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return hasMark || bytes.subarray(0, 4).includes(0);
}

function refuse(reason: string): Decoded {
  const hint = "Save it as UTF-8 (in PowerShell: `| Out-File -Encoding utf8`).";
  return { type: "refused", problem: { code: "MANIFEST_ENCODING", reason, hint } };
}
