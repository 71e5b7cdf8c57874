import type { EqualBy } from "../model/finding.ts";
import { keyId } from "../model/resource.ts";
import type { EqualPlace } from "../model/scan-result.ts";

/** The places that were treated as equal, in their order, each once with all the rules that it took. */
export function equalPlaces(equalBy: readonly EqualBy[]): readonly EqualPlace[] {
  const places = new Map<string, EqualPlace>();
  for (const { key, path, rule, desired, live } of equalBy) {
    // Two items that one side each leaves out may have one position, and so one path.
    const id = JSON.stringify([keyId(key), path, desired?.pointer, live?.pointer]);
    const rules = places.get(id)?.rules ?? [];
    const all = rules.includes(rule) ? rules : [...rules, rule];
    places.set(id, { key, path, rules: all, ...(desired && { desired }), ...(live && { live }) });
  }
  return [...places.values()];
}
