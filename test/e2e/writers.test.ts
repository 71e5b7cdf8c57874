import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAuditLog } from "../../src/adapters/files/audit-log.ts";
import { createKubernetesLive } from "../../src/adapters/kubernetes/kubernetes-live.ts";
import { readBuiltInRules } from "../../src/config/built-in.ts";
import { compare } from "../../src/core/compare/compare.ts";
import { addUser, attributeDeletion, type AuditIndex, indexAudit } from "../../src/core/judge/audit.ts";
import { attributeChange, attributeObject } from "../../src/core/judge/attribution.ts";
import { classifyWriter } from "../../src/core/judge/classify-writer.ts";
import type { AttributionContext } from "../../src/core/judge/writers.ts";
import type { Attribution } from "../../src/core/model/attribution.ts";
import type { Json, JsonObject } from "../../src/core/model/json.ts";
import type { Resource, ResourceKey } from "../../src/core/model/resource.ts";
import { ApiClient } from "../support/api-client.ts";
import { type ControlPlane, controlPlaneBinary, startControlPlane } from "../support/control-plane.ts";
import { plainConnect } from "../support/plain-connect.ts";
import { runDrift } from "../support/run-drift.ts";
import { makeWorld } from "./cluster-world.ts";
import { istio, namespace, object, virtualService } from "./cluster-objects.ts";

const group = "networking.istio.io";
const key = (kind: string, name: string): ResourceKey => ({ group, kind, namespace: "shop", name });
const folder = `/apis/${istio}/namespaces/shop`;
const rules = [(await readBuiltInRules(path.resolve(import.meta.dirname, "../.."))).managers];

/** What Git has of a route and of an entry with ports, and applies. */
const route = object(istio, "VirtualService", "shop/reviews", {
  hosts: ["reviews"],
  gateways: ["mesh"],
  exportTo: ["."],
  http: [{ name: "primary", timeout: "5s", route: [{ destination: { host: "reviews" } }] }],
});
const bank = object(istio, "ServiceEntry", "shop/bank", {
  hosts: ["bank.example.com"],
  location: "MESH_EXTERNAL",
  resolution: "DNS",
  ports: [
    { name: "https", number: 443, protocol: "TLS" },
    { name: "http", number: 80, protocol: "HTTP" },
    { name: "tcp", number: 9000, protocol: "TCP" },
  ],
});

describe.skipIf(controlPlaneBinary() === undefined)(
  "writers on a real API server",
  { timeout: 60_000 },
  () => {
    let plane: ControlPlane;
    let client: ApiClient;

    beforeAll(async () => {
      const policy = path.join(tmpdir(), `drift-audit-policy-${String(process.pid)}.yaml`);
      const bodies = `  - { level: Request, resources: [{ group: ${group} }] }\n  - { level: None }\n`;
      writeFileSync(policy, `apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n${bodies}`);
      plane = await startControlPlane({ apiServerFlags: [`--audit-policy-file=${policy}`] });
      rmSync(policy);
      client = new ApiClient(plane.server, readFileSync(plane.caFile));
      await plane.apply([namespace("shop")]);
      const apply = "?fieldManager=kustomize-controller&force=true";
      await send("PATCH", `${folder}/virtualservices/reviews${apply}`, route, applying);
      await send("PATCH", `${folder}/serviceentries/bank${apply}`, bank, applying);
    }, 180_000);

    afterAll(async () => {
      client.close();
      await plane.stop();
    });

    const applying = {
      "content-type": "application/apply-patch+yaml",
      "user-agent": "kustomize-controller/v1.7",
    };

    async function send(
      method: string,
      place: string,
      body: Json,
      headers: Readonly<Record<string, string>>,
    ) {
      const token = plane.token("admin");
      const { status, json } = await client.request({ method, path: place, body, token, headers });
      if (status >= 300) throw new Error(`${method} ${place}: ${String(status)} ${JSON.stringify(json)}`);
      return json as JsonObject; // What the server has now.
    }

    async function readLive(): Promise<readonly Resource[]> {
      const live = createKubernetesLive({
        access: { type: "context", context: "", kubeconfig: plane.kubeconfig("reader") },
        connect: plainConnect,
      });
      const kinds = ["VirtualService", "ServiceEntry"].map((kind) => ({ group, kind }));
      try {
        return (await live.read({ kinds, now: new Date(), namespacesOf: () => Promise.resolve([]) }))
          .resources;
      } finally {
        live.close();
      }
    }

    const context = (): AttributionContext => ({
      classify: (owner, live) => classifyWriter(rules, owner, live),
      now: new Date(),
    });

    /** Who wrote each change of an object, by its path. */
    async function writersOf(
      git: JsonObject,
      index?: AuditIndex,
    ): Promise<Readonly<Record<string, Attribution>>> {
      const live = (await readLive()).find(({ key }) => key.name === (git["metadata"] as JsonObject)["name"]);
      if (live === undefined) throw new Error("it is not live");
      const [finding] = compare([git], [live.object], {}).findings;
      const at = context();
      return Object.fromEntries(
        (finding?.changes ?? []).map((change) => {
          const found = attributeChange(live, change, at);
          if (found === undefined) throw new Error(`${change.path}: nobody`);
          return [change.path, index ? addUser(found, { key: live.key, change }, index) : found];
        }),
      );
    }

    async function audit(...keys: readonly ResourceKey[]): Promise<AuditIndex> {
      // The log is written just after the answer.
      await new Promise((resolve) => setTimeout(resolve, 500));
      const read = await createAuditLog({ files: [path.join(plane.folder, "audit.log")] }).read(keys);
      expect(read.warnings).toEqual([]);
      return indexAudit(read.entries);
    }

    it("are named, each with what it wrote, after four of them edited one route", async () => {
      const place = `${folder}/virtualservices/reviews`;
      const http = [{ name: "primary", timeout: "30s", route: [{ destination: { host: "reviews" } }] }];
      await send(
        "PATCH",
        `${place}?fieldManager=kubectl-edit`,
        { spec: { http } },
        { "user-agent": "kubectl/v1.34" },
      );
      const gateways = { ...route, spec: { gateways: ["edge"] } };
      const forced = `${place}?fieldManager=kubectl&force=true`;
      await send("PATCH", forced, gateways, { ...applying, "user-agent": "kubectl/v1.34" });
      const current = await send(
        "PATCH",
        place,
        { spec: { hosts: ["ratings"] } },
        { "user-agent": "kiali/v2.0" },
      );
      const spec = { ...(current["spec"] as JsonObject), exportTo: ["*"] };
      await send("PUT", place, { ...current, spec }, { "user-agent": "acme-sync/1.0" });

      const index = await audit(key("VirtualService", "reviews"));
      const admin = (verb: string, precision: string) => ({ user: { name: "admin", verb, precision } });
      expect(await writersOf(route, index)).toMatchObject({
        "spec.http[name=primary].timeout": {
          ...{ manager: "kubectl-edit", operation: "Update", class: "person" },
          ...{ wrote: "spec.http", precision: "around", ...admin("patch", "field") },
        },
        "spec.gateways[edge]": {
          ...{ manager: "kubectl", operation: "Apply", class: "person" },
          ...{ wrote: "spec.gateways", precision: "around", ...admin("patch", "field") },
        },
        "spec.gateways[mesh]": { manager: "kubectl", wrote: "spec.gateways", precision: "around" },
        "spec.hosts[ratings]": {
          manager: "kiali",
          operation: "Update",
          class: "person",
          wrote: "spec.hosts",
        },
        "spec.exportTo[.]": { manager: "acme-sync", wrote: "spec.exportTo", precision: "around" },
        "spec.exportTo[*]": { manager: "acme-sync", class: "unknown", ...admin("update", "object") },
      });
    });

    it("are told by a scan, as test/e2e/writers.txt shows", async () => {
      const audit = path.join(plane.folder, "audit.log");
      const world = makeWorld([namespace("shop"), route, bank], {
        context: "reader",
        kubeconfig: plane.kubeconfig("reader"),
        audit,
      });
      const scan = ["scan", "-c", path.join(world.folder, "drift.yaml"), "--width", "200"];
      const { stdout } = runDrift([...scan, "--cache-dir", path.join(world.folder, "cache")]);
      const screen = stdout
        .replaceAll(world.folder, "")
        .replaceAll(plane.server, "https://127.0.0.1")
        .replaceAll(/\d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC/g, "(a time)")
        .replaceAll(/\b(?:just now|\d+ (?:s|min) ago)/g, "just now")
        .replaceAll(
          /\((?:as its writer claims|when Git came to want another value|as drift saw it first)\)/g,
          "(why)",
        )
        .replaceAll(/due in \d+ h/g, "due in a day")
        .replaceAll(/\bage {3}\d+ (?:s|min)/g, "age   0 s")
        .replaceAll(/\b[0-9a-f]{7}(?=, Test)/g, "(commit)");
      const told = screen.slice(0, screen.indexOf("exit 1"));
      await expect(told).toMatchFileSnapshot("writers.txt");
    });

    it("are told apart by port where the ports go by their names", async () => {
      const place = `${folder}/serviceentries/bank`;
      const port = (name: string, number: number, protocol: string) => ({ name, number, protocol });
      const ports = [port("https", 8443, "TLS"), port("http", 80, "HTTP"), port("tcp", 9000, "TCP")];
      await send(
        "PATCH",
        `${place}?fieldManager=kubectl-edit`,
        { spec: { ports } },
        { "user-agent": "kubectl/v1.34" },
      );
      const applied = { ...bank, spec: { ports: [port("http", 8080, "HTTP")] } };
      const forced = `${place}?fieldManager=kubectl&force=true`;
      await send("PATCH", forced, applied, { ...applying, "user-agent": "kubectl/v1.34" });
      const kiali = [ports[0], port("http", 8080, "HTTP"), port("tcp", 9001, "TCP")] as JsonObject[];
      await send("PATCH", place, { spec: { ports: kiali } }, { "user-agent": "kiali/v2.0" });
      const more = [...kiali, port("grpc", 7000, "GRPC")];
      await send("PATCH", place, { spec: { ports: more } }, { "user-agent": "Mozilla/5.0" });

      const found = await writersOf(bank);
      expect(
        Object.entries(found).map(([at, { manager, operation, precision, wrote }]) =>
          [at, manager, operation, precision, wrote === at].join(" "),
        ),
      ).toEqual([
        "spec.ports[name=https].number kubectl-edit Update field true",
        "spec.ports[name=http].number kubectl Apply field true",
        "spec.ports[name=tcp].number kiali Update field true",
        "spec.ports[name=grpc] Mozilla Update field true",
      ]);
    });

    it("of what was made and of what was deleted are named", async () => {
      const token = plane.token("admin");
      for (const name of ["extra", "gone"]) {
        const body = virtualService(`shop/${name}`, "5s");
        await send("POST", `${folder}/virtualservices?fieldManager=kubectl-create`, body, {
          "user-agent": "kubectl/v1.34",
        });
      }
      const headers = {
        "user-agent": "kubectl/v1.34 (linux)",
        "impersonate-user": "mara",
        "impersonate-group": "system:masters",
      };
      await client.request({ method: "DELETE", path: `${folder}/virtualservices/gone`, token, headers });

      const [made, gone] = [key("VirtualService", "extra"), key("VirtualService", "gone")];
      const index = await audit(made, gone);
      const live = (await readLive()).find(({ key }) => key.name === "extra");
      const attribution = live && attributeObject(live, context());
      expect(attribution && addUser(attribution, { key: made }, index)).toMatchObject({
        ...{ manager: "kubectl-create", class: "person", operation: "Update", precision: "object" },
        user: { name: "admin", verb: "create", precision: "object" },
      });
      expect(attributeDeletion(gone, index, rules)).toMatchObject({
        ...{ manager: "kubectl", class: "person" },
        user: {
          name: "mara",
          groups: expect.arrayContaining(["system:masters"]) as unknown,
          impersonatedBy: "admin",
          verb: "delete",
        },
      });
    });
  },
);
