/** The text of a configuration file, or what the bytes are instead: "UTF-16, not UTF-8". */
type DecodedConfig =
  { readonly type: "text"; readonly text: string } | { readonly type: "refused"; readonly reason: string };

/** Decodes a configuration file, which must be UTF-8 (a byte order mark is dropped); nothing is replaced silently. */
export function decodeConfig(bytes: Uint8Array): DecodedConfig {
  const [first, second] = bytes;
  const hasMark = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  // ASCII in UTF-16 has a NUL byte in every character.
  if (hasMark || bytes.subarray(0, 4).includes(0)) return { type: "refused", reason: "UTF-16, not UTF-8" };
  try {
    return { type: "text", text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return { type: "refused", reason: "no text in UTF-8" };
  }
}
