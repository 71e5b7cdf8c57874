/** Pairs that Istio treats as the same and that are called drift all the same, each with the reason. */
export const remaining: Readonly<Record<string, string>> = {
  "vs/host-case-gateway":
    "virtual-service/gateway-host-case decides it by the Gateway that is named, whose own hosts are compared by case, " +
    "and the pair comes without one: undecided, and the report says what is missing.",
  "gw/host-own-namespace":
    "`./a` takes VirtualServices of the Gateway's own namespace and `a` those of every namespace (gateway.go:674-698; " +
    "host/names.go:110-133). They are the same only as long as no other namespace has one, which is so in the " +
    "judge's mesh.",
  "EnvoyFilter/fdc5e68f17/change/spec.configPatches.0.match.app":
    "Both sides have a field that Istio does not have, with two values. An API server that drops it would have " +
    "dropped it live, so the definition of this cluster has it, and nobody knows what it means.",
  "EnvoyFilter/b10cd2b53a/reverse/spec.configPatches.1.patch.value.route.rate_limits":
    "A list in Envoy's own configuration. No fact says that the order of rate limits means nothing.",
};
