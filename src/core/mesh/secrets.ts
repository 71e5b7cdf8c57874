import type { Site } from "./table.ts";

/** Whether a value may hold a secret, for fields whose values mostly do not. */

/** An expression that spells out a text, which may be a secret that it compares with. */
export function spellsText({ value }: Site): boolean {
  return typeof value === "string" && /["'`]/.test(value);
}
