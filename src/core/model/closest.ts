import { editDistance } from "./edit-distance.ts";

/** Longer words (contexts of cloud providers have some 150 letters) are not compared: it takes time by both lengths. */
const maxLength = 200;

/**
 * The candidate that `word` is most likely a misspelling of: at most a third of its letters apart (two at least
 * for words of four letters or more), letter case aside. Undefined where none is near.
 */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > maxLength) return undefined;
  let best: string | undefined;
  let bestDistance = Math.max(word.length < 4 ? 1 : 2, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** ` (did you mean "x"?)`, or "" where no candidate is near. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const found = closest(word, candidates);
  return found === undefined ? "" : ` (did you mean ${JSON.stringify(found)}?)`;
}
