import type { Hidden } from "../model/hidden.ts";
import { keyId } from "../model/resource.ts";

/** Above this share of a target's resources a rule most likely hides more than it was meant to. */
const mostShare = 0.2;

/**
 * One warning for each rule or exemption that hides something of more than a fifth of what was compared for a target.
 * `compared` is the number of its resources that were compared, whatever came out.
 */
export function hidesTooMuch(hidden: readonly Hidden[], target: string, compared: number): readonly string[] {
  const objects = new Map<string, Set<string>>();
  for (const { rule, key } of hidden) {
    const known = objects.get(rule) ?? new Set();
    objects.set(rule, known.add(keyId(key)));
  }
  return [...objects]
    .filter(([, { size }]) => size > compared * mostShare)
    .map(([rule, { size }]) => {
      const percent = String(Math.round((100 * size) / Math.max(compared, size)));
      const share = `${String(size)} of ${String(compared)} compared resources (${percent} %)`;
      return `${rule} hides something of ${share} of target ${target}: check that it means no more than it should`;
    });
}
