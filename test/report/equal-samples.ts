import type { EqualPlace } from "../../src/core/model/scan-result.ts";
import { keyOf } from "./samples.ts";

/** Places that rules made equal: of one rule, of two, and written on one side only. */
export const equal: readonly EqualPlace[] = [
  {
    key: keyOf("shop/VirtualService/reviews"),
    path: "spec.http[name=primary].timeout",
    rules: ["duration-spelling"],
    desired: { pointer: "/spec/http/0/timeout", value: "1m" },
    live: { pointer: "/spec/http/0/timeout", value: "60s" },
  },
  {
    key: keyOf("shop/VirtualService/reviews"),
    path: "spec.hosts[reviews]",
    rules: ["host-in-full"],
    desired: { pointer: "/spec/hosts/0", value: "reviews" },
    live: { pointer: "/spec/hosts/0", value: "reviews.shop.svc.cluster.local" },
  },
  {
    key: keyOf("shop/VirtualService/reviews"),
    path: "spec.http[name=primary].mirror",
    rules: ["host-in-full", "duration-spelling"],
    desired: {
      pointer: "/spec/http/0/mirror",
      value: { host: "shadow.observability.svc.cluster.local", port: { number: 9080 }, subset: "next" },
    },
  },
  {
    key: keyOf("shop/ServiceEntry/payments"),
    path: "spec.resolution",
    rules: ["duration-spelling"],
    live: { pointer: "/spec/resolution", value: "NONE" },
  },
];
