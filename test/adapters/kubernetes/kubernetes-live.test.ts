import type http from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import type { ConnectOptions } from "../../../src/adapters/kubernetes/connect/access.ts";
import {
  createKubernetesLive,
  type KubernetesOptions,
} from "../../../src/adapters/kubernetes/kubernetes-live.ts";
import type { Json } from "../../../src/core/model/json.ts";
import type { LivePort, LiveRequest } from "../../../src/ports/live.ts";
import { type Answer, type ApiServer, sendJson, startApiServer, testTiming } from "./api-server.ts";
import { page } from "./read-script.ts";
import { plainConnect } from "../../support/plain-connect.ts";

const istio = "networking.istio.io";
const kinds = ["VirtualService", "DestinationRule", "Gateway"].map((kind) => ({ group: istio, kind }));

const discovery: Json = {
  kind: "APIGroupDiscoveryList",
  items: [
    {
      metadata: { name: istio },
      versions: [
        {
          version: "v1",
          resources: kinds.map(({ kind }) => ({
            resource: `${kind.toLowerCase()}s`,
            responseKind: { kind },
            scope: "Namespaced",
          })),
        },
      ],
    },
  ],
};

const connect: ConnectOptions = { ...plainConnect, now: () => new Date("2026-01-02T00:00:00Z") };

const request: LiveRequest = {
  kinds,
  now: new Date("2026-01-02T00:00:00Z"),
  namespacesOf: () => Promise.resolve(["shop"]),
};

function liveOf(server: ApiServer, more: Partial<KubernetesOptions> = {}): LivePort {
  const live = createKubernetesLive({
    access: { type: "server", server: server.url.href },
    connect,
    timing: testTiming(),
    ...more,
  });
  onTestFinished(() => {
    live.close();
  });
  return live;
}

/** Discovery, and one object of each kind by default. */
function cluster(
  answers: Readonly<Record<string, (response: http.ServerResponse) => void | Promise<void>>> = {},
): Answer {
  return async (asked, response) => {
    const { pathname } = new URL(asked.url ?? "/", "http://127.0.0.1");
    const plural = pathname.split("/").at(-1) ?? "";
    const kind = kinds.find((one) => `${one.kind.toLowerCase()}s` === plural)?.kind;
    const answer = answers[plural];
    if (answer !== undefined) await answer(response);
    else if (kind === undefined) sendJson(response, discovery);
    else sendJson(response, page([plural], { kind }));
  };
}

describe("createKubernetesLive", () => {
  it("reads every kind and says where and when", async () => {
    const server = await startApiServer(cluster());
    const read = await liveOf(server).read(request);
    expect(read.resources.map(({ key }) => key.name)).toEqual([
      "virtualservices",
      "destinationrules",
      "gateways",
    ]);
    expect(kinds.every((kind) => read.isComplete(kind, "shop"))).toBe(true);
    expect(read).toMatchObject({
      unchecked: [],
      unread: [],
      unserved: [],
      source: `server (${server.url.origin})`,
      asOf: "2026-01-02T00:00:00.000Z",
    });
    expect(server.requests).toHaveLength(1 + kinds.length);
  });

  it("gives objects in the order of the kinds, whichever answer comes first", async () => {
    let release: () => void = () => undefined;
    const others = new Promise<void>((resolve) => {
      release = resolve;
    });
    const server = await startApiServer(
      cluster({
        virtualservices: async (response) => {
          await others;
          sendJson(response, page(["first"]));
        },
        gateways: async (response) => {
          sendJson(response, page(["last"], { kind: "Gateway" }));
          await wait(20);
          release();
        },
      }),
    );
    const read = await liveOf(server).read(request);
    expect(read.resources.map(({ key }) => key.name)).toEqual(["first", "destinationrules", "last"]);
  });

  it("gives what cannot be compared in the order of the kinds, too", async () => {
    let deep: Json = {};
    for (let level = 0; level < 200; level++) deep = { a: deep };
    const item = { metadata: { name: "a", namespace: "shop" }, spec: deep };
    const server = await startApiServer(
      cluster({
        virtualservices: async (response) => {
          await wait(30);
          sendJson(response, { ...page([]), items: [item] });
        },
        gateways: (response) => {
          sendJson(response, { ...page([], { kind: "Gateway" }), items: [item] });
        },
      }),
    );
    const { unchecked } = await liveOf(server).read(request);
    expect(unchecked.map(({ key }) => key?.kind)).toEqual(["VirtualService", "Gateway"]);
  });

  it("goes on with the other kinds where one fails, and tells the failures in the order of the kinds", async () => {
    const refuse = (response: http.ServerResponse) => {
      sendJson(response, {}, 400);
    };
    const server = await startApiServer(
      cluster({
        virtualservices: async (response) => {
          await wait(20);
          refuse(response);
        },
        gateways: refuse,
      }),
    );
    const read = await liveOf(server).read(request);
    expect(read.unread.map(({ kind }) => kind.kind)).toEqual(["VirtualService", "Gateway"]);
    expect(read.resources.map(({ key }) => key.name)).toEqual(["destinationrules"]);
    expect(kinds.map((kind) => read.isComplete(kind, "shop"))).toEqual([false, true, false]);
  });

  it("discovers, then lists, with nothing but GET, and uses its connections again", async () => {
    const sockets = new Set<unknown>();
    const server = await startApiServer((asked, response, index) => {
      sockets.add(asked.socket);
      return cluster()(asked, response, index);
    });
    const live = liveOf(server);
    await live.read(request);
    await live.read(request);
    expect(server.requests.filter((line) => !line.startsWith("GET "))).toEqual([]);
    expect(sockets.size).toBeLessThanOrEqual(4);
  });

  it("asks the next time for nothing older than it read", async () => {
    const server = await startApiServer(cluster());
    const live = liveOf(server);
    await live.read(request);
    await live.read(request);
    expect(server.requests.filter((line) => line.includes("virtualservices"))).toEqual([
      `GET /apis/${istio}/v1/virtualservices?limit=500`,
      `GET /apis/${istio}/v1/virtualservices?limit=500&resourceVersion=7&resourceVersionMatch=NotOlderThan`,
    ]);
  });

  it("lists the namespaces of the run, else those of the cluster", async () => {
    const server = await startApiServer(cluster());
    const live = liveOf(server, { namespaces: ["payments"] });
    await live.read({ ...request, kinds: kinds.slice(0, 1) });
    await live.read({ ...request, kinds: kinds.slice(0, 1), namespaces: ["shop"] });
    expect(server.requests.filter((line) => line.includes("?")).map((line) => line.split("?")[0])).toEqual([
      `GET /apis/${istio}/v1/namespaces/payments/virtualservices`,
      `GET /apis/${istio}/v1/namespaces/shop/virtualservices`,
    ]);
  });
});

describe("a server of which nothing can be read", () => {
  it.for<readonly [name: string, answer: Answer, code: string, reason: RegExp]>([
    [
      "does not know who asks",
      (_, response) => {
        sendJson(response, { message: "Unauthorized" }, 401);
      },
      "CLUSTER_UNAUTHORIZED",
      /the server answered 401: Unauthorized$/,
    ],
    [
      "answers with HTML",
      (_, response) => {
        response.writeHead(200, { "content-type": "text/html" }).end("<html>");
      },
      "CLUSTER_FAILED",
      /the server answered with text\/html instead of JSON$/,
    ],
    ["says nothing", () => undefined, "CLUSTER_UNREACHABLE", /no answer within 0\.03 s$/],
  ])("stops all where it $0", async ([, answer, code, reason]) => {
    const server = await startApiServer(answer);
    const live = liveOf(server, { limits: { headersTimeoutMs: 30 } });
    await expect(live.read(request)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(reason) as string,
    });
  });

  it("is named with the way to it", async () => {
    const live = createKubernetesLive({
      access: { type: "server", server: "https://127.0.0.1:1" },
      connect,
      timing: testTiming(),
    });
    await expect(live.read(request)).rejects.toMatchObject({
      code: "CLUSTER_UNREACHABLE",
      message: "server (https://127.0.0.1:1): the connection was refused",
    });
  });
});

describe("the time that a request may take", () => {
  const slow = (afterMs: number): Answer => {
    return async (asked, response, index) => {
      await wait(afterMs);
      await cluster()(asked, response, index);
    };
  };

  it("is at most what was asked for", async () => {
    const server = await startApiServer(slow(1000));
    const live = liveOf(server, { requestTimeoutMs: 30 });
    await expect(live.read(request)).rejects.toMatchObject({
      code: "CLUSTER_UNREACHABLE",
      message: expect.stringContaining("no complete answer within 0.03 s") as string,
    });
  });

  it("is all that was asked for, also where no answer comes for long", async () => {
    const server = await startApiServer(slow(80));
    const limits = { headersTimeoutMs: 30, idleTimeoutMs: 30 };
    const read = await liveOf(server, { limits, requestTimeoutMs: 5_000 }).read(request);
    expect(read.unread).toEqual([]);
  });

  it("may be longer than a list takes by default", async () => {
    const server = await startApiServer(slow(80));
    const read = await liveOf(server, { listTimeoutMs: 30, requestTimeoutMs: 5_000 }).read(request);
    expect(read.unread).toEqual([]);
  });
});

describe("close", () => {
  it("ends what is being read, which says so", async () => {
    let asked: () => void = () => undefined;
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const server = await startApiServer(() => {
      asked();
    });
    const live = liveOf(server);
    const reading = live.read(request);
    await isAsked;
    live.close();
    await expect(reading).rejects.toMatchObject({ code: expect.stringMatching(/^CLUSTER_/) as string });
  });

  it("may come before anything was read", () => {
    expect(() => {
      createKubernetesLive({ access: { type: "in-cluster" }, connect }).close();
    }).not.toThrow();
  });
});
