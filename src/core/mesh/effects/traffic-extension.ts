import type { KindEffects } from "../effect.ts";
import { added, any, removed } from "../effect-words.ts";
import { codePlaceRows, codeRows } from "./proxy-code.ts";
import { scopeRows } from "./scope-rows.ts";

/** What changes of a TrafficExtension do. */
export const trafficExtensionEffects: KindEffects = {
  group: "extensions.istio.io",
  kind: "TrafficExtension",
  fields: {
    spec: [any("other code runs in the proxies", "weakens")],
    ...scopeRows("the plugin", () => "weakens"),
    ...codePlaceRows,
    "spec.wasm": [
      added("WebAssembly runs in the proxies that Git does not have", "weakens"),
      removed("requests no longer pass the WebAssembly", "weakens"),
      any("other code runs in the proxies", "weakens"),
    ],
    ...codeRows("spec.wasm"),
    "spec.lua": [
      added("Lua runs in the proxies that Git does not have", "weakens"),
      removed("requests no longer pass the Lua", "weakens"),
      any("other Lua runs in the proxies", "weakens"),
    ],
  },
  missing: () => ({ text: "requests no longer pass the extension", direction: "weakens" }),
  extra: () => ({ text: "code that Git does not have sees and may change traffic", direction: "weakens" }),
};
