import type { Difference, EffectTable } from "../effect.ts";
import { valueOf } from "../effect-values.ts";
import { added, any, changed, from, removed, to, where } from "../effect-words.ts";

/**
 * Sentences about code of one's own in the proxies, which may see and change everything and may be what guards a
 * service: whatever changes it may weaken. Facts: istio.io/api extensions/v1alpha1/wasm.proto.
 */

/** Rows about the code below `prefix`, and how it is fetched and run. */
export function codeRows(prefix: string): EffectTable {
  return {
    [`${prefix}.url`]: [
      changed("other code runs in the proxies: {value} in place of {git}", "weakens"),
      any("other code runs in the proxies", "weakens"),
    ],
    [`${prefix}.sha256`]: [
      added("only code with the given checksum runs", "strengthens"),
      removed("code runs whatever its checksum", "weakens"),
      any("code with another checksum runs", "weakens"),
    ],
    [`${prefix}.imagePullPolicy`]: [
      to("Always", "code is fetched again whenever the plugin changes", "weakens"),
      any("when code is fetched again is decided differently", "weakens"),
    ],
    [`${prefix}.imagePullSecret`]: [any("code is fetched with another Secret", "weakens")],
    [`${prefix}.verificationKey`]: [any("the signature of code is checked with another key", "weakens")],
    [`${prefix}.pluginConfig`]: [any("the code in the proxies does something else", "weakens")],
    [`${prefix}.pluginName`]: [any("another part of the code runs in the proxies", "weakens")],
    [`${prefix}.failStrategy`]: [
      to("FAIL_OPEN", "requests pass unchecked where the plugin fails", "weakens"),
      ...where(failsClosed, [
        from("FAIL_OPEN", "requests are refused where the plugin fails", "strengthens"),
      ]),
      any("what happens where the plugin fails is decided differently", "weakens"),
    ],
    [`${prefix}.vmConfig`]: [any("the code in the proxies runs with other variables", "weakens")],
    [`${prefix}.type`]: [any("the code in the proxies is for another protocol", "weakens")],
  };
}

/** Closed is what holds where nothing is said; a reload that fails is closed, too. */
function failsClosed({ live }: Difference): boolean {
  return live === undefined || ["FAIL_CLOSE", "FAIL_RELOAD"].includes(String(valueOf(live)));
}

/** Rows about when code runs, and what it gets to see. */
export const codePlaceRows: EffectTable = {
  "spec.phase": [any("the plugin runs at another place among the filters of the proxies", "weakens")],
  "spec.priority": [any("the plugin runs before or after others than in Git", "weakens")],
  "spec.match": [
    added("the plugin sees only some traffic", "weakens"),
    removed("the plugin sees all traffic", "weakens"),
    any("the plugin sees other traffic", "weakens"),
  ],
};
