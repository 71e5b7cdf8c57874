import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { Agent } from "node:https";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { Json } from "../../src/core/model/json.ts";
import { askOnce, type Outcome } from "./ask-once.ts";
import type { ChooseFault, FaultRequest } from "./fault.ts";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";
import { lists, type ListServer, pageFor, startListServer, tokenOf } from "./list-server.ts";

let upstream: ListServer;
let proxy: FaultProxy;
let agent: Agent;

beforeEach(async () => {
  upstream = await startListServer();
  proxy = await startFaultProxy({ upstream: upstream.server, upstreamCaFile: upstream.caFile });
  agent = new Agent({ keepAlive: true, ca: readFileSync(proxy.caFile) });
});

afterEach(async () => {
  agent.destroy();
  await proxy.stop();
  await upstream.stop();
});

function ask(url = lists): Promise<Outcome> {
  return askOnce(proxy.server + url, agent);
}

const whole = JSON.stringify(pageFor(null));

describe("a proxy without a fault", () => {
  it("passes request and answer on, over one connection", async () => {
    const first = await ask(`${lists}?limit=1`);
    await ask(`${lists}?limit=1&continue=${tokenOf(2)}`);
    expect(first).toMatchObject({ status: 200, error: undefined });
    expect(first.headers["x-upstream"]).toBe("yes");
    expect(first.body.toString()).toBe(whole);
    expect(upstream.requests.map(({ url }) => url)).toEqual([
      `${lists}?limit=1`,
      `${lists}?limit=1&continue=${tokenOf(2)}`,
    ]);
    expect(upstream.requests[0]?.headers.authorization).toBe("Bearer secret-token");
    expect(new Set(upstream.requests.map(({ socket }) => socket)).size).toBe(1);
    expect(proxy.mostInFlight()).toBe(1);
  });

  it("keeps a log of requests without tokens", async () => {
    await ask(`${lists}?limit=1`);
    await ask("/version");
    expect(proxy.requests).toEqual([
      { index: 0, method: "GET", path: lists, query: "limit=1", authorization: true },
      { index: 1, method: "GET", path: "/version", query: "", authorization: true },
    ]);
  });

  it("counts what is in flight at the same time", async () => {
    await Promise.all([ask(), ask(), ask()]);
    expect(proxy.mostInFlight()).toBe(3);
    expect(proxy.connections()).toBe(3);
  });

  it("breaks the connection where the server behind is gone", async () => {
    await upstream.stop();
    expect(await ask()).toMatchObject({ status: undefined, error: "ECONNRESET" });
  });

  it("writes a kubeconfig that leads to it", async () => {
    const file = path.join(upstream.folder, "reader.kubeconfig");
    await writeFile(
      file,
      "clusters: [{name: c, cluster: {server: 'https://127.0.0.1:1', certificate-authority: gone}}]\nusers: [{name: u, user: {token: t}}]\n",
    );
    const copy = parse(readFileSync(await proxy.rewriteKubeconfig(file), "utf8")) as Json;
    const certificate = readFileSync(proxy.caFile).toString("base64");
    expect(copy).toEqual({
      clusters: [{ name: "c", cluster: { server: proxy.server, "certificate-authority-data": certificate } }],
      users: [{ name: "u", user: { token: "t" } }],
    });
  });
});

describe("the choice of a fault", () => {
  async function requestsOf(urls: readonly string[]): Promise<readonly FaultRequest[]> {
    const seen: FaultRequest[] = [];
    const choose: ChooseFault = (one) => {
      seen.push(one);
      return { type: "answer", code: 503 };
    };
    proxy.setFault(choose);
    for (const url of urls) await ask(url);
    return seen;
  }

  it.for([
    [lists, "networking.istio.io", "virtualservices", ""],
    ["/apis/networking.istio.io/v1/namespaces/shop/gateways/a", "networking.istio.io", "gateways", "shop"],
    ["/api/v1/namespaces", "", "namespaces", ""],
    ["/api/v1/namespaces/shop", "", "namespaces", ""],
    ["/api/v1/namespaces/shop/configmaps", "", "configmaps", "shop"],
    ["/apis/networking.istio.io/v1", "networking.istio.io", "", ""],
    ["/apis", "", "", ""],
    ["/version", "", "", ""],
  ] as const)("sees what %s is about", async ([url, group, resource, namespace]) => {
    expect(await requestsOf([url])).toMatchObject([{ index: 0, method: "GET", group, resource, namespace }]);
  });

  it("counts pages and attempts", async () => {
    const seen = await requestsOf(
      ["", "?continue=a", "?continue=a", "?continue=b", "", "?continue=c"].map((query) => lists + query),
    );
    expect(seen.map(({ page }) => page)).toEqual([1, 2, 2, 3, 1, 2]);
    expect(seen.map(({ attempt }) => attempt)).toEqual([1, 1, 2, 1, 2, 1]);
    expect(seen.map(({ continued }) => continued)).toEqual([false, true, true, true, false, true]);
  });
});
