import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/core/model/json.ts";
import { type ControlPlane, controlPlaneBinary, startControlPlane } from "../support/control-plane.ts";
import { resource } from "../support/resources.ts";
import { runDrift } from "../support/run-drift.ts";
import { makeWorld } from "./cluster-world.ts";

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

const main = fileURLToPath(new URL("../../dist/main.mjs", import.meta.url));

/** A folder to be put in PATH, with the built command as `drift`. */
function commandIn(folder: string): string {
  const bin = path.join(folder, "bin");
  mkdirSync(bin);
  writeFileSync(path.join(bin, "drift"), `#!/bin/sh\nexec ${process.execPath} ${main} "$@"\n`);
  chmodSync(path.join(bin, "drift"), 0o755);
  return bin;
}

interface Step {
  readonly tryOut: string;
  readonly run: string;
}

describe.skipIf(controlPlaneBinary() === undefined || !hasKubectl)(
  "the commands of drift revert against a real API server",
  () => {
    let plane: ControlPlane;

    beforeAll(async () => {
      plane = await startControlPlane();
      await plane.apply([{ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } }, ...edited]);
    }, 120_000);

    afterAll(async () => {
      await plane.stop();
    });

    it("try out without a change, and then bring live back to Git", () => {
      const kubeconfig = plane.kubeconfig("admin");
      const world = makeWorld(git, { context: "admin", kubeconfig }, { namespaces: ["shop"] });
      const found = [
        "extra shop/AuthorizationPolicy/debug",
        "changed shop/DestinationRule/cart",
        "missing shop/PeerAuthentication/default",
        "changed shop/VirtualService/cart",
      ];
      expect([...world.scan().findings].sort()).toEqual([...found].sort());
      const config = path.join(world.folder, "drift.yaml");
      const { stdout } = runDrift(["revert", "-c", config, "t", "-o", "json"]);
      const { steps } = JSON.parse(stdout) as { readonly steps: readonly Step[] };
      const PATH = `${commandIn(world.folder)}${path.delimiter}${process.env["PATH"] ?? ""}`;
      const env = { ...process.env, PATH };
      const run = (line: string): string =>
        execFileSync("sh", ["-c", line], { encoding: "utf8", stdio: "pipe", env });
      for (const { tryOut } of steps) expect(run(tryOut)).toContain("server dry run");
      expect(world.scan().findings).toHaveLength(found.length);
      for (const step of steps) run(step.run);
      expect(world.scan()).toMatchObject({ verdict: "in-sync", findings: [], unchecked: [] });
    }, 120_000);
  },
);
