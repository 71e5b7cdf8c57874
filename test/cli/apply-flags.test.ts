import { expect, it } from "vitest";
import { applyFlags } from "../../src/cli/apply-flags.ts";
import type { ClusterConfig, Config, LiveConfig, TargetConfig } from "../../src/config/config.ts";
import { plainJudging } from "../support/plain-judging.ts";

const live: Readonly<Record<string, LiveConfig>> = {
  eu1: { type: "context", context: "eu1" },
  us1: { type: "context", context: "us1", kubeconfig: "/kube/us1" },
  lab: { type: "snapshot", path: "/live/lab", label: "lab" },
};

function target(cluster: string): TargetConfig {
  return {
    name: cluster,
    desired: { type: "overlay", overlay: cluster },
    repository: { url: "/shop", revision: "", allowStaleMs: 0 },
    cluster,
    scope: { namespaces: [] },
  };
}

const config: Config = {
  path: "/drift.yaml",
  clusters: new Map(
    Object.entries(live).map(([name, side]): [string, ClusterConfig] => [
      name,
      { name, live: side, istio: {} },
    ]),
  ),
  targets: Object.keys(live).map(target),
  compare: { equality: "istio", metadata: "declared" },
  render: { engine: "builtin", remoteBases: [] },
  judging: plainJudging,
};

function liveAfter(
  names: readonly string[],
  flags: Parameters<typeof applyFlags>[2],
): Record<string, LiveConfig> {
  const targets = config.targets.filter(({ name }) => names.includes(name));
  return Object.fromEntries(
    [...applyFlags(config, targets, flags).clusters].map(([name, one]) => [name, one.live]),
  );
}

it("changes nothing without flags", () => {
  expect(applyFlags(config, config.targets, {})).toEqual(config);
});

it("reads the one cluster of the targets from another context, also instead of a snapshot", () => {
  expect(liveAfter(["lab"], { context: "kind" })).toEqual({
    ...live,
    lab: { type: "context", context: "kind" },
  });
  expect(liveAfter(["us1"], { context: "kind" })["us1"]).toEqual({
    type: "context",
    context: "kind",
    kubeconfig: "/kube/us1",
  });
  expect(liveAfter(["us1"], { context: "kind", kubeconfig: "/other" })["us1"]).toEqual({
    type: "context",
    context: "kind",
    kubeconfig: "/other",
  });
});

it("takes contexts of all clusters from another kubeconfig, and leaves snapshots alone", () => {
  expect(liveAfter(["eu1", "us1", "lab"], { kubeconfig: "/other" })).toEqual({
    eu1: { type: "context", context: "eu1", kubeconfig: "/other" },
    us1: { type: "context", context: "us1", kubeconfig: "/other" },
    lab: live["lab"],
  });
});

it("refuses one context for several clusters: all but one would be compared with the wrong one", () => {
  expect(() => liveAfter(["eu1", "us1"], { context: "kind" })).toThrow(
    '--context "kind": the targets are on several clusters (eu1, us1)',
  );
});

it("refuses a kubeconfig that nothing of what was chosen would be read from", () => {
  expect(() => liveAfter(["lab"], { kubeconfig: "/other" })).toThrow(
    "--kubeconfig: no cluster of the targets is read by a context",
  );
});
