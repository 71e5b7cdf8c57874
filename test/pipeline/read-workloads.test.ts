import { expect, it } from "vitest";
import type { Resource } from "../../src/core/model/resource.ts";
import { runScan } from "../../src/pipeline/scan.ts";
import type { WholeRead, WholeRequest } from "../../src/ports/live.ts";
import { resource } from "../support/resources.ts";
import { configOf, eu1, options, portsOf, reviews, slower } from "./scan-world.ts";

function gateway(app: string): Resource {
  return resource(`
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: web, namespace: shop }
spec: { selector: { app: ${app} }, servers: [{ hosts: ["*"], port: { number: 80, name: http, protocol: HTTP } }] }
`);
}

const pod = resource(
  "{ apiVersion: v1, kind: Pod, metadata: { name: web-0, namespace: shop, labels: { app: web } } }",
);

const everyPod: WholeRead = { objects: [pod], unread: [], isComplete: () => true };
const noLeave: WholeRead = { objects: [], unread: [], isComplete: () => false };

/** What is found, and which kinds beside those of the mesh were asked for. */
async function scan(git: Resource, live: Resource, pods: WholeRead) {
  const world = { overlays: { "overlays/eu1": [git] }, clusters: { eu1: [live] }, targets: [eu1] };
  const config = configOf(world);
  const ports = portsOf(world);
  const asked: string[] = [];
  const readWhole = ({ kinds }: WholeRequest): Promise<WholeRead> => {
    asked.push(...kinds.map(({ kind }) => kind));
    return Promise.resolve(kinds.some(({ kind }) => kind === "Pod") ? pods : noLeave);
  };
  const { targets } = await runScan(
    config,
    { ...ports, live: (cluster) => ({ ...ports.live(cluster), readWhole }) },
    { ...options, targets: config.targets },
  );
  const findings = targets.flatMap((target) => target.findings);
  return {
    dangling: findings.flatMap(({ dangling }) => dangling?.reason ?? []),
    types: findings.map(({ type }) => type),
    unchecked: targets.flatMap((target) => target.unchecked),
    asksForPods: asked.includes("Pod"),
  };
}

it("tells of a selector that selects nothing since somebody changed it", async () => {
  const told = await scan(gateway("web"), gateway("wbe"), everyPod);
  expect(told).toMatchObject({
    types: ["changed", "dangling"],
    dangling: ["it selects no workload any more"],
    unchecked: [],
  });
});

it("tells nothing of one that selects what Git did not want", async () => {
  expect(await scan(gateway("wbe"), gateway("web"), everyPod)).toMatchObject({
    dangling: [],
    asksForPods: true,
  });
});

it("says nothing where Pods may not be read, and leaves the verdict", async () => {
  const told = await scan(gateway("web"), gateway("wbe"), noLeave);
  expect(told).toEqual({ types: ["changed"], dangling: [], unchecked: [], asksForPods: true });
});

it("asks for no Pods where no selector was changed", async () => {
  expect(await scan(reviews, slower, everyPod)).toMatchObject({ types: ["changed"], asksForPods: false });
  expect(await scan(gateway("web"), gateway("web"), everyPod)).toMatchObject({
    types: [],
    asksForPods: false,
  });
});
