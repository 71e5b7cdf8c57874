import type { DecoderVerdict, SpecPair } from "../../support/istio-decoder.ts";

/** A pair of specs on which Istio's decoder and our texts do not agree, and why ours are right about the mesh. */
export interface DecoderDifference {
  readonly what: string;
  readonly why: string;
  readonly pair: SpecPair;
  readonly decoder: DecoderVerdict;
  readonly ours: "equal" | "different";
}

/**
 * Every class there is. Most are spellings that the definitions of the kinds never let through to the decoder
 * (istio.io/api kubernetes/customresourcedefinitions.gen.yaml); generated pairs hold none of these but the first two.
 */
export const decoderDifferences: readonly DecoderDifference[] = [
  {
    what: "an empty map of tags is not none",
    why: "istiod asks whether the map is nil (pilot/pkg/model/telemetry.go:351), which proto.Equal does not.",
    pair: {
      kind: "Telemetry",
      one: { tracing: [{ customTags: {} }] },
      other: { tracing: [{}] },
    },
    decoder: "equal",
    ours: "different",
  },
  {
    what: "an empty map of labels is not none on what ambient mesh reads",
    why: "istiod 1.18 asks whether the map is nil (serviceregistry/kube/controller/ambientindex.go, getPodsInPolicy).",
    pair: { kind: "PeerAuthentication", one: { selector: { matchLabels: {} } }, other: { selector: {} } },
    decoder: "equal",
    ours: "different",
  },
  {
    what: "a null in a map is no entry",
    why: "The API server drops it (PruneNonNullableNullsWithoutDefaults), so the decoder never reads it.",
    pair: {
      kind: "WorkloadEntry",
      one: { labels: { app: null, version: "v1" } },
      other: { labels: { version: "v1" } },
    },
    decoder: "different",
    ours: "equal",
  },
  {
    what: "a null in a list is an item of its own",
    why: "The API server refuses it, so it is the same as nothing that can be live.",
    pair: { kind: "VirtualService", one: { hosts: [null] }, other: { hosts: [""] } },
    decoder: "equal",
    ours: "different",
  },
  {
    what: "a field that the messages do not have is a difference",
    why: "The API server drops it: Git says something that has no effect, which is worth telling.",
    pair: { kind: "VirtualService", one: { hosts: ["a"], host: "b" }, other: { hosts: ["a"] } },
    decoder: "equal",
    ours: "different",
  },
  {
    what: "a field by the name of its message is a difference",
    why: "The API server drops names in snake_case, so what Git says there has no effect.",
    pair: { kind: "VirtualService", one: { export_to: ["."] }, other: { exportTo: ["."] } },
    decoder: "equal",
    ours: "different",
  },
  {
    what: "an enumeration by number is a difference",
    why: "The API server refuses numbers there, so it is the same as nothing that can be live.",
    pair: { kind: "PeerAuthentication", one: { mtls: { mode: 3 } }, other: { mtls: { mode: "STRICT" } } },
    decoder: "equal",
    ours: "different",
  },
  {
    what: "the first of two members of a oneof counts as well",
    why: "The API server refuses two, so it is the same as nothing that can be live.",
    pair: {
      kind: "WorkloadGroup",
      one: { probe: { httpGet: { port: 80 }, exec: { command: ["a"] } } },
      other: { probe: { exec: { command: ["a"] } } },
    },
    decoder: "equal",
    ours: "different",
  },
  {
    what: "a whole number in quotes may have a fraction of nothing",
    why: "The API server refuses numbers in quotes, so it is the same as nothing that can be live.",
    pair: { kind: "WorkloadEntry", one: { weight: "80.0" }, other: { weight: 80 } },
    decoder: "refused one",
    ours: "equal",
  },
];
