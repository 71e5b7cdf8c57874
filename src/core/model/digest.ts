import { createHash, createHmac } from "node:crypto";

/** The SHA-256 of text or bytes, in lower-case hex. */
export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** A keyed fingerprint (HMAC-SHA-256, first 12 hex digits): equal texts have equal ones, and no text can be guessed without the key. */
export function fingerprint(key: string, text: string): string {
  return createHmac("sha256", key).update(text).digest("hex").slice(0, 12);
}
