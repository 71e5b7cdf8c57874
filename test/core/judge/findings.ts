import type { Change, Direction, Finding } from "../../../src/core/model/finding.ts";
import { keyOf } from "../../report/samples.ts";

/** A change of a field that does something harmless, unless told otherwise. */
export function change(path: string, direction: Direction | "unknown" = "neutral"): Change {
  const located = { pointer: "/spec", value: 1 };
  return {
    type: "changed",
    path,
    desired: located,
    live: { ...located, value: 2 },
    ...(direction !== "unknown" && { effect: { text: "something else happens", direction } }),
  };
}

/** A finding about shop/VirtualService/reviews with these changes. */
export function finding(changes: readonly Change[], more: Partial<Finding> = {}): Finding {
  return { type: "changed", key: keyOf("shop/VirtualService/reviews"), changes, ...more };
}
