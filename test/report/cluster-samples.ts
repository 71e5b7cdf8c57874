import type { Finding, Unchecked } from "../../src/core/model/finding.ts";
import type { TargetResult } from "../../src/core/model/scan-result.ts";
import { keyOf, target } from "./samples.ts";

const vanished: Finding = {
  type: "missing",
  key: keyOf("/CustomResourceDefinition/virtualservices.networking.istio.io", "apiextensions.k8s.io"),
  changes: [],
  blocks: ["a", "b", "c", "d"].map((name) => keyOf(`shop/VirtualService/${name}`)),
};

const forbidden: Unchecked[] = ["Sidecar", "ServiceEntry"].map((kind) => ({
  what: `${kind}.networking.istio.io in namespace shop`,
  kind: { group: "networking.istio.io", kind },
  code: "FORBIDDEN",
  reason: 'the server answered 403: user "drift" may not list it',
  hint: "Allow get and list of this kind for the user that drift runs as.",
}));

/** A target of a real cluster, of which two namespaces were asked for. */
export const cluster = target("prod-ap1", {
  verdict: "drifted",
  namespaces: ["shop", "payments"],
  live: {
    cluster: "prod-ap1",
    source: "context prod-ap1 (https://10.0.0.1:6443)",
    asOf: "2026-11-21T10:15:00Z",
  },
  findings: [vanished],
  unchecked: forbidden,
  bases: [
    { repository: "https://git.example.com/acme/base", ref: "", commit: "1d2c3b4a5968778695a4b3c2d1e0" },
  ],
});

const { overlay, ...lab } = target("lab");

/** Manifests in sync, as far as a namespace goes, and as far as the cluster is the one that it seems. */
export const manifests: TargetResult = {
  ...lab,
  manifests: overlay ?? "",
  namespaces: ["shop"],
  live: {
    cluster: "lab",
    source: "context kind-lab (https://127.0.0.1:6443, certificate not checked)",
    asOf: "2026-11-21T10:15:00Z",
  },
};
