import { expect, it } from "vitest";
import { runScan } from "../../src/pipeline/scan.ts";
import type { ScanPorts } from "../../src/pipeline/scan-ports.ts";
import { configOf, eu1, options, portsOf, reviews, slower } from "./scan-world.ts";

const file = ".drift/exemptions.yaml";
const text = `version: 1
exemptions:
  - { resource: shop/VirtualService/reviews, reason: a test of timeouts, until: 2026-01-03 }
`;
const world = { overlays: { "overlays/eu1": [reviews] }, clusters: { eu1: [slower] }, targets: [eu1] };

/** Ports of a repository with an exemption, and an API server that tells this time beside the one of the options. */
function portsWith(server: string): ScanPorts {
  const ports = portsOf(world);
  return {
    ...ports,
    source: {
      checkout: async (...asked) => ({
        ...(await ports.source.checkout(...asked)),
        tree: new Map([[file, { type: "file", oid: "1" }]]),
        readBlobs: () => Promise.resolve([new TextEncoder().encode(text)]),
      }),
    },
    live: (cluster) => {
      const live = ports.live(cluster);
      const local = options.now().toISOString();
      return {
        ...live,
        read: async (asked) => ({ ...(await live.read(asked)), serverTime: { server, local } }),
      };
    },
  };
}

it.for([
  ["accepts while it runs by the cluster's clock", "2026-01-02T00:00:10Z", 0],
  ["has ended when it has by the cluster's clock, whatever this machine's says", "2026-01-05T00:00:00Z", 1],
] as const)("an exemption %s", async ([, server, exitCode]) => {
  const config = configOf(world);
  const result = await runScan(config, portsWith(server), { ...options, targets: config.targets });
  expect(result.exitCode, JSON.stringify(result.targets[0]?.warnings)).toBe(exitCode);
});
