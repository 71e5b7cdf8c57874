import type http from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import { createKubernetesLive } from "../../../src/adapters/kubernetes/kubernetes-live.ts";
import type { Json } from "../../../src/core/model/json.ts";
import type { LivePort, WholeRead } from "../../../src/ports/live.ts";
import { plainConnect } from "../../support/plain-connect.ts";
import { type Answer, sendJson, startApiServer, testTiming } from "./api-server.ts";

const canary = { group: "flagger.app", kind: "Canary" };
const rollout = { group: "argoproj.io", kind: "Rollout" };

const canaries: Json = {
  kind: "CanaryList",
  apiVersion: "flagger.app/v1beta1",
  metadata: { resourceVersion: "7" },
  items: [
    {
      metadata: { name: "reviews", namespace: "shop", managedFields: [{ manager: "flagger" }] },
      spec: { targetRef: { name: "reviews" } },
      status: { phase: "Progressing", canaryWeight: 50 },
    },
  ],
};

/** A server with Canaries and without Rollouts. */
function server(lists: Readonly<Record<string, (response: http.ServerResponse) => void>> = {}): Answer {
  return (asked, response) => {
    const { pathname } = new URL(asked.url ?? "/", "http://127.0.0.1");
    const list = lists[pathname];
    if (list !== undefined) list(response);
    else if (pathname === "/apis") sendJson(response, groups);
    else if (pathname.endsWith("/canaries")) sendJson(response, canaries);
    else sendJson(response, { kind: "Status", message: "not found" }, 404);
  };
}

const groups: Json = {
  kind: "APIGroupDiscoveryList",
  items: [
    {
      metadata: { name: canary.group },
      versions: [
        {
          version: "v1beta1",
          resources: [{ resource: "canaries", responseKind: { kind: "Canary" }, scope: "Namespaced" }],
        },
      ],
    },
  ],
};

function liveAt(address: string): LivePort {
  const live = createKubernetesLive({
    access: { type: "server", server: address },
    connect: { ...plainConnect, now: () => new Date("2026-01-02T00:00:00Z") },
    timing: testTiming(),
  });
  onTestFinished(() => {
    live.close();
  });
  return live;
}

async function read(answer: Answer): Promise<WholeRead> {
  const api = await startApiServer(answer);
  return liveAt(api.url.href).readWhole({
    kinds: [canary, rollout],
    namespaces: ["shop"],
    now: new Date("2026-01-02T00:00:00Z"),
  });
}

function forbid(response: http.ServerResponse): void {
  sendJson(response, { kind: "Status", message: "no" }, 403);
}

describe("readWhole of a cluster", () => {
  it("gives objects with their status, and says which kinds the cluster does not know", async () => {
    const { objects, unread, isComplete } = await read(server());
    expect([isComplete(canary), isComplete(rollout)]).toEqual([true, true]);
    expect(objects).toEqual([
      {
        key: { ...canary, namespace: "shop", name: "reviews" },
        object: {
          apiVersion: "flagger.app/v1beta1",
          kind: "Canary",
          metadata: { name: "reviews", namespace: "shop" },
          spec: { targetRef: { name: "reviews" } },
          status: { phase: "Progressing", canaryWeight: 50 },
        },
      },
    ]);
    expect(unread).toMatchObject([{ kind: rollout, code: "KIND_NOT_SERVED" }]);
  });

  it("keeps of Pods only what selectors look at", async () => {
    const pods: Json = {
      kind: "PodList",
      apiVersion: "v1",
      metadata: { resourceVersion: "7" },
      items: [
        {
          metadata: { name: "web-0", namespace: "shop", labels: { app: "web" } },
          spec: { containers: [{ name: "web", env: [{ name: "PASSWORD", value: "hunter2" }] }] },
          status: { phase: "Running" },
        },
      ],
    };
    const list = (response: http.ServerResponse) => {
      sendJson(response, pods);
    };
    const api = await startApiServer(server({ "/api/v1/pods": list }));
    const pod = { group: "", kind: "Pod" };
    const { objects, isComplete } = await liveAt(api.url.href).readWhole({ kinds: [pod], now: new Date(0) });
    expect(isComplete(pod)).toBe(true);
    expect(objects.map(({ object }) => object)).toEqual([
      {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "web-0", namespace: "shop", labels: { app: "web" } },
      },
    ]);
  });

  it("looks in the namespaces where the whole cluster may not be listed", async () => {
    const { objects, unread, isComplete } = await read(
      server({ "/apis/flagger.app/v1beta1/canaries": forbid }),
    );
    expect([isComplete(canary, "shop"), isComplete(canary, "bank")]).toEqual([true, false]);
    expect(objects).toHaveLength(1);
    expect(unread[0]).toMatchObject({ kind: canary, code: "FORBIDDEN" });
  });

  it("says what may not be read at all, and throws nothing", async () => {
    const { objects, unread } = await read(
      server({
        "/apis/flagger.app/v1beta1/canaries": forbid,
        "/apis/flagger.app/v1beta1/namespaces/shop/canaries": forbid,
      }),
    );
    expect(objects).toEqual([]);
    expect(unread.filter(({ code }) => code === "FORBIDDEN").map(({ namespace }) => namespace)).toEqual([
      undefined,
      "shop",
    ]);
  });

  it("throws nothing where discovery fails, or nobody is there", async () => {
    const { unread } = await read(server({ "/apis": forbid }));
    expect(unread.map(({ code }) => code)).toEqual(["FORBIDDEN", "FORBIDDEN"]);
    const away = await liveAt("http://127.0.0.1:9").readWhole({ kinds: [canary], now: new Date(0) });
    expect(away).toMatchObject({ objects: [], unread: [{ kind: canary, code: "CLUSTER_UNREACHABLE" }] });
  });
});
