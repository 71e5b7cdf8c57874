import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { field, type JsonObject, textField } from "../../src/core/model/json.ts";
import { type ControlPlane, controlPlaneBinary, startControlPlane } from "../support/control-plane.ts";
import { destinationRule, namespace, virtualService } from "./cluster-objects.ts";
import { makeWorld } from "./cluster-world.ts";

/** The objects that README.md gives for a cluster, as they stand there. */
function readmeObjects(): readonly JsonObject[] {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const block = readme.split(/^```.*\n/m).find((one) => one.includes("kind: ClusterRole"));
  // YAML without tags: what JSON can hold.
  return parseAllDocuments(block ?? "").map((one) => one.toJS() as JsonObject);
}

const desired = [virtualService("shop/reviews", "5s"), destinationRule("shop/reviews", "reviews")];
const meshConfig: JsonObject = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "istio", namespace: "istio-system" },
  data: { mesh: "accessLogFile: /dev/stdout\n" },
};

describe.skipIf(controlPlaneBinary() === undefined)("the roles of README.md", { timeout: 60_000 }, () => {
  let plane: ControlPlane;

  beforeAll(async () => {
    plane = await startControlPlane();
    await plane.apply([namespace("shop"), namespace("istio-system"), meshConfig, ...desired]);
  }, 180_000);

  afterAll(async () => {
    await plane.stop();
  });

  /** The cluster as the service account of README.md reaches it. */
  async function asServiceAccount(): Promise<JsonObject> {
    const place = "/api/v1/namespaces/drift/serviceaccounts/drift-reader/token";
    const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} };
    const { json } = await plane.request("POST", place, request);
    const tokenFile = path.join(plane.folder, "drift-reader.token");
    writeFileSync(tokenFile, textField(field(json, "status"), "token"), { mode: 0o600 });
    return { server: plane.server, caFile: plane.caFile, tokenFile };
  }

  it("are enough for a whole cluster", async () => {
    await plane.apply(readmeObjects());
    const world = makeWorld(desired, await asServiceAccount(), { namespaces: ["shop"] });
    expect(world.scan()).toMatchObject({ verdict: "in-sync", unchecked: [], inSync: 2, stderr: "" });
    const changed = makeWorld(
      [...desired, { ...meshConfig, data: { mesh: "{}" } }],
      await asServiceAccount(),
    );
    expect(changed.scan()).toMatchObject({ findings: ["changed istio-system/ConfigMap/istio"] });
  });

  it("are enough for one namespace with a binding there instead of the one of the cluster", async () => {
    const binding = readmeObjects().find(({ kind }) => kind === "ClusterRoleBinding") ?? {};
    const roles = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/drift-reader";
    await plane.request("DELETE", roles);
    await plane.apply([
      { ...binding, kind: "RoleBinding", metadata: { name: "drift-reader", namespace: "shop" } },
    ]);
    const cluster = { ...(await asServiceAccount()), namespaces: ["shop"] };
    const world = makeWorld(desired, cluster, { namespaces: ["shop"] });
    expect(world.scan()).toMatchObject({ verdict: "in-sync", unchecked: [], inSync: 2, stderr: "" });
  });
});
