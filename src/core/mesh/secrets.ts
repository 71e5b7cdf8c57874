import { holdsCredential } from "../text/credential.ts";
import { looksSecret } from "../text/looks-secret.ts";
import { pathTo } from "./place.ts";
import type { Field, Site } from "./table.ts";

/** Whether a value may hold a secret, for fields whose values mostly do not. */

/** An expression that spells out a text, which may be a secret that it compares with. */
export function spellsText({ value }: Site): boolean {
  return typeof value === "string" && /["'`]/.test(value);
}

/** An address with a user's password in it, or the like. */
export function holdsLogin({ value }: Site): boolean {
  return typeof value === "string" && holdsCredential(value);
}

/** A value without a table of meaning: every field as it stands, strings that look secret as fingerprints. */
export const asItStands: Field = { shape: { type: "free" }, secret: looksSecretHere };

function looksSecretHere(at: Site): boolean {
  return at.value !== undefined && looksSecret(pathTo(at), at.value);
}
