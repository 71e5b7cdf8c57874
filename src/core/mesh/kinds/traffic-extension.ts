import { proxySelector } from "../selectors.ts";
import * as s from "../shapes.ts";
import type { KindTable } from "../table.ts";
import { targetRefs } from "../targets.ts";
import { codeFields, priority, trafficMatch } from "./wasm.ts";

/** TrafficExtension (extensions.istio.io): code of one's own in the proxies, as WebAssembly or Lua. */
export const trafficExtension: KindTable = {
  group: "extensions.istio.io",
  kind: "TrafficExtension",
  fields: {
    spec: s.message({
      selector: proxySelector,
      targetRefs,
      phase: s.enumeration("UNSPECIFIED"),
      priority,
      match: trafficMatch,
      wasm: s.message(codeFields),
      lua: s.message({ inlineCode: s.secretText() }),
    }),
  },
};
