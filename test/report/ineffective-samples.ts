import type { Finding } from "../../src/core/model/finding.ts";
import { changed, keyOf, target } from "./samples.ts";

const dropped = {
  path: "spec.http[name=primary].retries.per_try_timeout",
  desired: { pointer: "/spec/http/0/retries/per_try_timeout", value: "‹hidden 3f9a2c1b0d4e›", secret: [""] },
  reason: "the API server drops per_try_timeout; Istio's name is perTryTimeout",
};

/** The same on both sides but for what the API server drops. */
const ineffective: Finding = {
  type: "ineffective",
  key: keyOf("shop/VirtualService/checkout"),
  changes: [],
  ineffective: [dropped],
  provenance: { file: "base/checkout.yaml", changedBy: [] },
};

const both: Finding = {
  type: "changed",
  key: keyOf("shop/VirtualService/reviews"),
  changes: [changed("spec.http[name=primary].timeout", "1s", "5s")],
  ineffective: [dropped],
};

/** A target in sync with a field of Git that is never live, and one where that stands beside drift. */
export const neverLive = [
  target("prod-eu1", { findings: [ineffective], inSync: 41 }),
  target("prod-us1", { verdict: "drifted", findings: [both, ineffective], inSync: 40 }),
] as const;
