import type { Seeded } from "../support/seeded.ts";
import type { Told, Place } from "./truth.ts";

/** What may happen between two scans, or to one. */
export type Deed =
  | "edit"
  | "revert"
  | "change"
  | "forge"
  | "strip"
  | "coarser"
  | "delete"
  | "restore"
  | "crash"
  | "lose"
  | "hide"
  | "partial"
  | "jump"
  | "away"
  | "wait";

/** The kinds of histories: what may happen in them, beside waiting. */
export const kinds: Readonly<Record<string, readonly Deed[]>> = {
  "edit, revert, edit again": ["edit", "revert", "edit", "change"],
  "forged and stripped claims": ["edit", "revert", "forge", "strip", "change"],
  "coarser and finer words": ["edit", "revert", "coarser", "change"],
  "deleted and made again": ["edit", "revert", "delete", "restore", "restore"],
  "crashes before the write": ["edit", "revert", "crash", "delete", "restore"],
  "lost state": ["edit", "revert", "lose", "forge"],
  "hidden from the scan": ["edit", "revert", "hide", "hide", "partial"],
  "wrong local clock": ["edit", "revert", "jump", "away", "forge"],
  everything: [
    ...["edit", "edit", "revert", "change", "forge", "strip", "coarser", "delete", "restore", "restore"],
    ...["crash", "lose", "hide", "partial", "jump", "away"],
  ] as readonly Deed[],
};

/** What really is: which edits are in the object now, since when, and what is claimed of them. In minutes. */
export class World {
  readonly #edits = new Map<"route a" | "route b" | "hosts", { claim: number | undefined }>();
  #isDeleted = false;
  #isCoarse = false;
  readonly #chance: Seeded;

  constructor(chance: Seeded) {
    this.#chance = chance;
  }

  /** Does something to the object; what is no deed to the object changes nothing. */
  do(deed: Deed, now: number): void {
    const place = this.#chance.pick(["route a", "route a", "route b", "hosts"] as const);
    if (deed === "edit" && !this.#edits.has(place)) this.#edits.set(place, { claim: now });
    if (deed === "revert") this.#edits.delete(place);
    if (deed === "coarser") this.#isCoarse = !this.#isCoarse;
    if (deed === "delete") this.#isDeleted = true;
    if (deed === "restore") this.#isDeleted = false;
    this.#claim(deed, now, this.#edits.get(place));
  }

  #claim(deed: Deed, now: number, edit: { claim: number | undefined } | undefined): void {
    if (edit === undefined) return;
    if (deed === "change") edit.claim = now;
    if (deed === "forge") edit.claim = now + this.#chance.below(20_000) - 14_000;
    if (deed === "strip") edit.claim = undefined;
  }

  /** How a scan would tell what is there. */
  tell(): readonly Told[] {
    if (this.#isDeleted) return [{ place: "object", claim: undefined }];
    const told = new Map<Place, number | undefined>();
    for (const [place, { claim }] of this.#edits) {
      const isRoute = place !== "hosts";
      told.set(this.#isCoarse && isRoute ? "routes" : place, claim);
    }
    return [...told].map(([place, claim]) => ({ place, claim }));
  }
}
