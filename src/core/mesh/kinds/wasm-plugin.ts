import { proxySelector } from "../selectors.ts";
import * as s from "../shapes.ts";
import type { KindTable } from "../table.ts";
import { targetFields, targetTwin } from "../targets.ts";
import { codeFields, priority, trafficMatch } from "./wasm.ts";

/** WasmPlugin (extensions.istio.io): code of one's own in the proxies. */
export const wasmPlugin: KindTable = {
  group: "extensions.istio.io",
  kind: "WasmPlugin",
  fields: {
    spec: s.messageBy([targetTwin], {
      selector: proxySelector,
      ...targetFields,
      ...codeFields,
      phase: s.enumeration("UNSPECIFIED_PHASE"),
      priority,
      match: trafficMatch,
    }),
  },
};
