import { execFileSync, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compare } from "../../src/core/compare/compare.ts";
import { remedyOf } from "../../src/core/judge/remedy.ts";
import { listAt } from "../../src/core/mesh/sites.ts";
import type { Finding } from "../../src/core/model/finding.ts";
import { type JsonObject, textField } from "../../src/core/model/json.ts";
import { formatKey, type ResourceKey } from "../../src/core/model/resource.ts";
import { shellLine } from "../../src/core/text/shell-word.ts";
import { type ControlPlane, controlPlaneBinary, startControlPlane } from "../support/control-plane.ts";
import { resource } from "../support/resources.ts";

const hasKubectl = spawnSync("kubectl", ["version", "--client"]).status === 0;

function object(kind: string, name: string, spec: string): JsonObject {
  const group = /Policy|Authentication/.test(kind) ? "security" : "networking";
  return resource(
    `{ apiVersion: ${group}.istio.io/v1, kind: ${kind}, metadata: { name: ${name}, namespace: shop }, spec: ${spec} }`,
  ).object;
}

const route = "route: [{ destination: { host: cart } }]";

const git = [
  object("VirtualService", "cart", `{ hosts: [cart], http: [{ timeout: 1s, ${route} }] }`),
  object("DestinationRule", "cart", "{ host: cart }"),
  object("PeerAuthentication", "default", "{ mtls: { mode: STRICT } }"),
];

const edited = [
  object(
    "VirtualService",
    "cart",
    `{ hosts: [cart, web], http: [{ fault: { abort: { httpStatus: 503, percentage: { value: 5 } } }, ${route} }] }`,
  ),
  object("DestinationRule", "cart", "{ host: cart, trafficPolicy: { tls: { mode: DISABLE } } }"),
  object("AuthorizationPolicy", "debug", "{ rules: [{}] }"),
];

const kinds = [
  "networking.istio.io/v1/namespaces/shop/virtualservices",
  "networking.istio.io/v1/namespaces/shop/destinationrules",
  "security.istio.io/v1/namespaces/shop/peerauthentications",
  "security.istio.io/v1/namespaces/shop/authorizationpolicies",
];

describe.skipIf(controlPlaneBinary() === undefined || !hasKubectl)(
  "the commands against a real API server",
  () => {
    let plane: ControlPlane;
    let folder: string;

    beforeAll(async () => {
      plane = await startControlPlane();
      folder = await mkdtemp(path.join(tmpdir(), "drift-remedy-"));
      await plane.apply([{ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } }, ...edited]);
      for (const one of git) {
        const { kind, metadata } = one as { kind?: string; metadata?: { name: string } };
        await writeFile(path.join(folder, `${kind ?? ""} ${metadata?.name ?? ""}`), JSON.stringify(one));
      }
    }, 120_000);

    afterAll(async () => {
      await plane.stop();
      await rm(folder, { recursive: true, force: true });
    });

    async function findings(): Promise<readonly Finding[]> {
      const lists = await Promise.all(kinds.map((kind) => plane.request("GET", `/apis/${kind}`)));
      // The answer of a real server to a list.
      const live = lists.flatMap(({ json }) => {
        const kind = textField(json, "kind").replace("List", "");
        return listAt(json, "items").map((item) => ({
          apiVersion: textField(json, "apiVersion"),
          kind,
          ...(item as JsonObject),
        }));
      });
      return compare(git, live).findings;
    }

    it("try out without a change, and then bring live back to Git", async () => {
      const printDesired = ({ kind, name }: ResourceKey) => ["cat", path.join(folder, `${kind} ${name}`)];
      const found = await findings();
      expect(found.map(({ type, key }) => `${type} ${formatKey(key)}`)).toEqual([
        "extra shop/AuthorizationPolicy/debug",
        "changed shop/DestinationRule/cart",
        "missing shop/PeerAuthentication/default",
        "changed shop/VirtualService/cart",
      ]);
      const { steps } = remedyOf(found, {
        context: "admin",
        kubeconfig: plane.kubeconfig("admin"),
        printDesired,
      });
      const run = (line: string): string =>
        execFileSync("sh", ["-c", line], { encoding: "utf8", stdio: "pipe" });
      for (const { tryOut } of steps) expect(run(shellLine(tryOut))).toContain("server dry run");
      expect(await findings()).toEqual(found);
      for (const step of steps) run(shellLine(step.run));
      expect(await findings()).toEqual([]);
    }, 120_000);
  },
);
