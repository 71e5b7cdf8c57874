import { holdsCredential } from "../text/credential.ts";
import type { Site } from "./table.ts";

/** Whether a value may hold a secret, for fields whose values mostly do not. */

/** An expression that spells out a text, which may be a secret that it compares with. */
export function spellsText({ value }: Site): boolean {
  return typeof value === "string" && /["'`]/.test(value);
}

/** An address with a user's password in it, or the like. */
export function holdsLogin({ value }: Site): boolean {
  return typeof value === "string" && holdsCredential(value);
}
