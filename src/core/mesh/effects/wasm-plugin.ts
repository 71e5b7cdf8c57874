import type { KindEffects } from "../effect.ts";
import { any } from "../effect-words.ts";
import { codePlaceRows, codeRows } from "./proxy-code.ts";
import { scopeAndTargetRows } from "./scope-rows.ts";

/** What changes of a WasmPlugin do. */
export const wasmPluginEffects: KindEffects = {
  group: "extensions.istio.io",
  kind: "WasmPlugin",
  fields: {
    spec: [any("other code runs in the proxies", "weakens")],
    ...scopeAndTargetRows("the plugin", () => "weakens"),
    ...codePlaceRows,
    ...codeRows("spec"),
  },
  missing: () => ({ text: "requests no longer pass the plugin", direction: "weakens" }),
  extra: () => ({ text: "code that Git does not have sees and may change traffic", direction: "weakens" }),
};
