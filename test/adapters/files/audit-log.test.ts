import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { type AuditLogOptions, createAuditLog } from "../../../src/adapters/files/audit-log.ts";
import type { Json, JsonObject } from "../../../src/core/model/json.ts";

const key = { group: "networking.istio.io", kind: "VirtualService", namespace: "shop", name: "reviews" };
const policy = { group: "security.istio.io", kind: "AuthorizationPolicy", namespace: "shop", name: "admin" };
const about = {
  resource: "virtualservices",
  apiGroup: "networking.istio.io",
  namespace: "shop",
  name: "reviews",
};
const place = "/apis/networking.istio.io/v1/namespaces/shop/virtualservices/reviews";

/** An event as the API server writes it. */
function event(more: JsonObject = {}): JsonObject {
  return {
    ...{
      kind: "Event",
      apiVersion: "audit.k8s.io/v1",
      level: "Request",
      auditID: "1",
      stage: "ResponseComplete",
    },
    requestURI: `${place}?fieldManager=kubectl-edit&fieldValidation=Strict`,
    verb: "patch",
    user: { username: "mara", groups: ["mesh", "system:authenticated"] },
    sourceIPs: ["192.0.2.1"],
    userAgent: "kubectl/v1.34.0 (linux/amd64) kubernetes/f28b4c9",
    objectRef: about,
    responseStatus: { metadata: {}, code: 200 },
    requestReceivedTimestamp: "2026-03-01T10:00:00.123456Z",
    stageTimestamp: "2026-03-01T10:00:00.223456Z",
    ...more,
  };
}

function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), "drift-audit-"));
  onTestFinished(() => {
    rmSync(made, { recursive: true });
  });
  return made;
}

async function read(lines: readonly (Json | string)[], options: Partial<AuditLogOptions> = {}) {
  const file = path.join(folder(), "audit.log");
  writeFileSync(
    file,
    lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join(""),
  );
  const { entries, warnings } = await createAuditLog({ files: [file], ...options }).read([key, policy]);
  return { entries, warnings: warnings.map((text) => text.replace(file, "audit.log")) };
}

describe("an event", () => {
  it("tells who wrote an object, when and as what, and no value", async () => {
    const requestObject = {
      spec: { http: [{ name: "hunter2" }], tls: { mode: "hunter2" } },
      metadata: { labels: { a: null } },
    };
    const { entries, warnings } = await read([event({ requestObject, responseObject: { spec: "hunter2" } })]);
    expect(warnings).toEqual([]);
    expect(entries).toEqual([
      {
        ...{ key, verb: "patch", user: "mara", groups: ["mesh", "system:authenticated"] },
        ...{ time: "2026-03-01T10:00:00.123456Z", manager: "kubectl-edit" },
        userAgent: "kubectl/v1.34.0 (linux/amd64) kubernetes/f28b4c9",
        paths: ["/spec/http", "/spec/tls/mode", "/metadata/labels/a"],
      },
    ]);
  });

  it.for<readonly [string, JsonObject, JsonObject]>([
    [
      "the User-Agent where no manager is named",
      { requestURI: place, userAgent: "kiali/v2.0" },
      { manager: "kiali" },
    ],
    [
      "the impersonated user",
      { impersonatedUser: { username: "olga", groups: ["b"] } },
      { user: "olga", groups: ["b"], impersonatedBy: "mara" },
    ],
    [
      "the name of a new object from what was sent",
      { verb: "create", objectRef: { ...about, name: "" }, requestObject: { metadata: { name: "reviews" } } },
      { key, verb: "create" },
    ],
    [
      "the name of a new object from the answer",
      {
        verb: "create",
        objectRef: { ...about, name: "" },
        responseObject: { metadata: { name: "reviews" } },
      },
      { key, verb: "create" },
    ],
    [
      "a deletion of many, without a name",
      { verb: "deletecollection", objectRef: { ...about, name: "" } },
      { key: { ...key, name: "" }, verb: "deletecollection" },
    ],
    [
      "the paths of a JSON patch",
      {
        requestObject: [
          { op: "test", path: "/spec/a" },
          { op: "move", from: "/spec/b", path: "/spec/c" },
        ],
      },
      { paths: ["/spec/c", "/spec/b"] },
    ],
    [
      "no directives of a strategic patch",
      { requestObject: { spec: { $setElementOrder: [1], hosts: ["x"] } } },
      { paths: ["/spec/hosts"] },
    ],
    ["nobody where there is no user", { user: 7 }, { user: "", groups: [] }],
  ])("tells %s", async ([, more, expected]) => {
    expect((await read([event(more)])).entries).toMatchObject([expected]);
  });

  it.for<readonly [string, JsonObject]>([
    ["of an earlier stage", { stage: "RequestReceived" }],
    ["that failed", { responseStatus: { code: 409 } }],
    ["without an answer", { responseStatus: null }],
    ["that only reads", { verb: "get" }],
    ["about the status", { objectRef: { ...about, subresource: "status" } }],
    ["of a dry run", { requestURI: `${place}?dryRun=All` }],
    ["about another object", { objectRef: { ...about, name: "ratings" } }],
    ["about another group", { objectRef: { ...about, apiGroup: "example.com" } }],
    ["about nothing", { objectRef: null }],
    [
      "that deletes many of another kind",
      { verb: "deletecollection", objectRef: { ...about, resource: "gateways", name: "" } },
    ],
  ])("%s is passed over, and nothing is wrong with it", async ([, more]) => {
    expect(await read([event(more)])).toEqual({ entries: [], warnings: [] });
  });

  it.for<readonly [string, Json]>([
    ["no request body (level Metadata)", null],
    ["a body that is no patch", "x"],
    ["too many fields", Object.fromEntries(Array.from({ length: 501 }, (_, at) => [`f${String(at)}`, 1]))],
    ["too many operations", Array.from({ length: 501 }, () => ({ op: "add", path: "/a" }))],
  ])("with %s does not tell what it wrote", async ([, requestObject]) => {
    const { entries } = await read([event({ requestObject })]);
    expect(entries).toHaveLength(1);
    expect(entries[0]).not.toHaveProperty("paths");
  });

  it("whose patch nests 100,000 deep does not tell what it wrote either", async () => {
    const deep = `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`;
    const { entries, warnings } = await read([
      JSON.stringify(event({ requestObject: "@" })).replace('"@"', deep),
    ]);
    expect(warnings).toEqual([]);
    expect(entries[0]).not.toHaveProperty("paths");
  });
});

describe("a log", () => {
  it("with broken lines is read for the others, and they are counted in one warning", async () => {
    const cut = JSON.stringify(event()).slice(0, 200);
    const { entries, warnings } = await read([
      event(),
      "",
      "{",
      cut,
      event(),
      "null",
      { kind: "Event" },
      event({ requestReceivedTimestamp: "soon" }),
    ]);
    expect(entries).toHaveLength(2);
    expect(warnings).toEqual([
      "audit log audit.log: 5 of 8 lines are no events of audit.k8s.io/v1 and were left out, the first is line 3. It has to be a file of the API server's log backend: JSON, one event a line, not compressed.",
    ]);
  });

  it("with a line that is too long is read for the others", async () => {
    const { entries, warnings } = await read([`"${"x".repeat(5000)}"`, event()], { maxLineBytes: 2048 });
    expect(entries).toHaveLength(1);
    expect(warnings).toEqual([
      "audit log audit.log: 1 of 2 lines are no events of audit.k8s.io/v1 and were left out, 1 of them longer than 2 KiB, the first is line 1. It has to be a file of the API server's log backend: JSON, one event a line, not compressed.",
    ]);
  });

  it("that is too large is read from its end, at the start of a line", async () => {
    const line = JSON.stringify(event());
    for (const maxFileBytes of [line.length, line.length + 1, 2 * line.length + 1]) {
      const { entries, warnings } = await read([event(), event(), event()], { maxFileBytes });
      expect(entries).toHaveLength(Math.floor(maxFileBytes / (line.length + 1)));
      expect(warnings).toEqual([
        `audit log audit.log: only its last ${String(maxFileBytes)} bytes were read`,
      ]);
    }
  });

  it("with too many requests keeps the last, and says so", async () => {
    const at = (second: number) =>
      event({ requestReceivedTimestamp: `2026-03-01T10:00:${String(second + 10)}Z` });
    const { entries, warnings } = await read(
      Array.from({ length: 9 }, (_, second) => at(second)),
      { maxEntries: 2 },
    );
    expect(entries.map(({ time }) => time)).toEqual(["2026-03-01T10:00:17Z", "2026-03-01T10:00:18Z"]);
    expect(warnings).toEqual(["audit logs: of 9 requests only the last 2 were looked at"]);
  });

  it("in several files is read in their order; what is not there, no file or compressed is told", async () => {
    const place = folder();
    const [first, last, pipe, packed] = ["a.log", "b.log", "pipe", "c.gz"].map((name) =>
      path.join(place, name),
    );
    if (first === undefined || last === undefined || pipe === undefined || packed === undefined)
      throw new Error();
    writeFileSync(first, `${JSON.stringify(event())}\n`);
    writeFileSync(last, "");
    appendFileSync(last, JSON.stringify(event({ verb: "delete" })));
    execFileSync("mkfifo", [pipe]);
    writeFileSync(packed, Buffer.from([0x1f, 0x8b, 8, 0, 10, 0xff]));
    const files = [first, last, path.join(place, "gone"), place, pipe, packed];
    const { entries, warnings } = await createAuditLog({ files }).read([key]);
    expect(entries.map(({ verb }) => verb)).toEqual(["patch", "delete"]);
    expect(warnings.map((text) => text.replace(place, "."))).toEqual([
      expect.stringMatching(/^audit log \.\/gone cannot be read: ENOENT/),
      "audit log . is no file. Users are not named by it: check `audit` of the cluster in drift.yaml.",
      "audit log ./pipe is no file. Users are not named by it: check `audit` of the cluster in drift.yaml.",
      "audit log ./c.gz: 2 of 2 lines are no events of audit.k8s.io/v1 and were left out, the first is line 1. It has to be a file of the API server's log backend: JSON, one event a line, not compressed.",
    ]);
  });

  it("of 40,000 events is read in seconds", { timeout: 30_000 }, async () => {
    const lines = Array.from({ length: 40_000 }, () => event({ objectRef: { ...about, name: "other" } }));
    const started = performance.now();
    expect(await read(lines)).toEqual({ entries: [], warnings: [] });
    expect(performance.now() - started).toBeLessThan(15_000);
  });
});
