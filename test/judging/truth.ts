/**
 * The truth about how long differences of one object are there, in minutes since a history began, and nothing of how the
 * product finds it: five places that are known by name, and which of them are the same edit told in other words.
 */

/** Two routes; the list that holds both; something beside them; and all of the object. */
export type Place = "route a" | "route b" | "routes" | "hosts" | "object";

const kin: Readonly<Record<Place, readonly Place[]>> = {
  "route a": ["route a", "routes", "object"],
  "route b": ["route b", "routes", "object"],
  routes: ["routes", "route a", "route b", "object"],
  hosts: ["hosts", "object"],
  object: ["object", "route a", "route b", "routes", "hosts"],
};

/** How long an edit is remembered after it is gone. */
const rememberedMinutes = 72 * 60;

/** One place as somebody looks at it: since when its writer claims to have written it, if that is a time at all. */
export interface Told {
  readonly place: Place;
  readonly claim: number | undefined;
}

/** What an honest observer with a good memory knows. */
export class Truth {
  readonly #start = new Map<Place, number>();
  readonly #gone = new Map<Place, number>();
  /** When everything about the object was last seen. */
  #looked: number | undefined;
  /** "unsure": nobody could tell what time it was when that began. */
  #hiddenSince: number | "unsure" | undefined;

  /** Somebody sees the whole object. */
  look(now: number, told: readonly Told[]): void {
    for (const [place, gone] of this.#gone) if (now - gone > rememberedMinutes) this.#forget(place);
    const before = new Map(this.#start);
    for (const { place, claim } of told) {
      const isRunning = before.has(place) && !this.#gone.has(place);
      if (isRunning) continue;
      const starts = kin[place].flatMap((other) => before.get(other) ?? []);
      this.#start.set(place, Math.min(this.#credible(claim, now), ...starts));
    }
    const present = new Set(told.map(({ place }) => place));
    for (const place of this.#start.keys()) {
      if (present.has(place)) this.#gone.delete(place);
      else if (!this.#gone.has(place)) this.#gone.set(place, now);
    }
    this.#looked = now;
    this.#hiddenSince = undefined;
  }

  /** Somebody would like to look, and cannot. */
  miss(now: number | "unsure"): void {
    this.#hiddenSince ??= now;
  }

  /** The memory is lost. */
  forgetAll(): void {
    for (const place of [...this.#start.keys()]) this.#forget(place);
    this.#looked = undefined;
    this.#hiddenSince = undefined;
  }

  /** Since when a place that was just seen must be taken to be different. */
  since(place: Place): number {
    return this.#start.get(place) ?? Number.NaN;
  }

  /** Since when nobody could look. */
  get hiddenSince(): number | "unsure" | undefined {
    return this.#hiddenSince;
  }

  /** A claim may reach back to when the place was last seen without the edit, and no claim reaches into the future. */
  #credible(claim: number | undefined, now: number): number {
    if (claim === undefined || claim > now) return now;
    if (this.#looked === undefined || claim > this.#looked) return claim;
    return Math.min(this.#looked, now);
  }

  #forget(place: Place): void {
    this.#start.delete(place);
    this.#gone.delete(place);
  }
}
