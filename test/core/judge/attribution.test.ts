import { describe, expect, it } from "vitest";
import { attributeChange, attributeObject } from "../../../src/core/judge/attribution.ts";
import type { Change } from "../../../src/core/model/finding.ts";
import type { Json, JsonObject } from "../../../src/core/model/json.ts";
import { changed, context, entry, live, removed } from "./writers.ts";

const routes = {
  spec: {
    hosts: ["a", "b"],
    http: [{ name: "beta" }, { name: "primary", timeout: "30s" }],
    gateways: [],
    tls: { mode: "SIMPLE", names: ["x"] },
    ports: [
      { name: "http", number: 80, targetPort: 8080 },
      { name: "tls", number: 443 },
    ],
  },
};
const timeout = changed("spec.http[name=primary].timeout", "/spec/http/1/timeout");
const deployed = entry("argocd-controller Apply 01-01T00:00", {
  "f:spec": {
    "f:hosts": {},
    "f:tls": { "f:mode": {}, "f:names": { 'v:"x"': {} } },
    "f:ports": {
      'k:{"name":"http"}': { ".": {}, "f:name": {}, "f:number": {} },
      'k:{"name":"tls"}': { ".": {}, "f:name": {}, "f:number": {} },
    },
  },
});
const edited = (fields: JsonObject, who = "kubectl-edit Update 03-01T10:00") =>
  entry(who, { "f:spec": fields });

describe("the writer of a change", () => {
  it.for<readonly [what: string, entries: readonly Json[], change: Change, expected: JsonObject]>([
    [
      "is who wrote the list around it last, where the list is written as a whole",
      [deployed, edited({ "f:http": {} })],
      timeout,
      {
        manager: "kubectl-edit",
        class: "person",
        operation: "Update",
        time: "2026-03-01T10:00:00Z",
        wrote: "spec.http",
        precision: "around",
      },
    ],
    [
      "is who holds the field",
      [deployed, edited({ "f:tls": { "f:mode": {} } })],
      changed("spec.tls.mode", "/spec/tls/mode"),
      {
        manager: "kubectl-edit",
        wrote: "spec.tls.mode",
        precision: "field",
        doubts: ["argocd-controller wrote the same"],
      },
    ],
    [
      "is nobody who holds another field of the same mapping later",
      [deployed, edited({ "f:gateways": {} })],
      changed("spec.tls.mode", "/spec/tls/mode"),
      { manager: "argocd-controller", class: "gitops", precision: "field" },
    ],
    [
      "is who holds the field of the item that goes by its name, wherever it stands",
      [deployed, edited({ "f:ports": { 'k:{"name":"tls"}': { "f:number": {} } } })],
      changed("spec.ports[name=http].number", "/spec/ports/0/number"),
      { manager: "argocd-controller", wrote: "spec.ports[name=http].number", precision: "field" },
    ],
    [
      "is who added a field to an item of somebody else",
      [deployed, edited({ "f:ports": { 'k:{"name":"http"}': { "f:targetPort": {} } } })],
      changed("spec.ports[name=http].targetPort", "/spec/ports/0/targetPort"),
      { manager: "kubectl-edit", wrote: "spec.ports[name=http].targetPort", precision: "field" },
    ],
    [
      "is who added the member of a set",
      [deployed, edited({ "f:tls": { "f:names": { 'v:"y"': {} } } })],
      changed("spec.tls.names[x]", "/spec/tls/names/0"),
      { manager: "argocd-controller", wrote: "spec.tls.names[x]", precision: "field" },
    ],
    [
      "is who holds the item by its position, where a list goes by that",
      [
        entry("a Update 02-01T00:00", { "f:spec": { "f:http": { "i:0": {} } } }),
        edited({ "f:http": { "i:1": {} } }),
      ],
      timeout,
      { manager: "kubectl-edit", wrote: "spec.http[name=primary]", precision: "around" },
    ],
    [
      "is the one who wrote something in it, where it is a mapping",
      [edited({ "f:tls": { "f:mode": {} } })],
      { type: "added", path: "spec.tls", live: { pointer: "/spec/tls", value: {} } },
      { manager: "kubectl-edit", wrote: "spec.tls", precision: "field" },
    ],
    [
      "is the latest of several",
      [
        edited({ "f:http": {} }, "kubectl-patch Update 02-02T00:00"),
        edited({ "f:http": {} }),
        edited({ "f:http": {} }, "kiali Update 02-03T00:00"),
      ],
      timeout,
      { manager: "kubectl-edit" },
    ],
    [
      "is the same of two at one time, in whatever order they stand",
      [
        edited({ "f:http": {} }, "kubectl-patch Update 03-01T10:00"),
        edited({ "f:http": {} }),
        edited({ "f:http": {} }, "kubectl Apply 03-01T10:00"),
      ],
      timeout,
      { manager: "kubectl-edit" },
    ],
    [
      "goes deeper than who wrote an empty mapping there before",
      [edited({}, "kubectl-create Update 03-02T08:00"), edited({ "f:tls": { "f:mode": {} } })],
      changed("spec.tls.mode", "/spec/tls/mode"),
      { manager: "kubectl-edit", precision: "field" },
    ],
    [
      "is not what stands for earlier writers, where anybody else is named",
      [
        edited({ "f:http": {} }, "before-first-apply Update 03-02T00:00"),
        edited({ "f:http": {} }, "kubectl Apply 02-01T00:00"),
      ],
      timeout,
      { manager: "kubectl", class: "person", operation: "Apply" },
    ],
    [
      "is nobody for sure where only what stands for earlier writers is left",
      [edited({ "f:http": {} }, "before-first-apply Update 03-02T00:00")],
      timeout,
      {
        manager: "before-first-apply",
        class: "unknown",
        doubts: ["it stands for whoever wrote before the first server-side apply"],
      },
    ],
    [
      "is not who wrote the status",
      [
        edited({ "f:http": {} }, "kubectl-edit Update 02-01T00:00"),
        entry(
          "pilot-discovery Update 03-01T00:00",
          { "f:spec": { "f:http": {} } },
          { subresource: "status" },
        ),
      ],
      timeout,
      { manager: "kubectl-edit" },
    ],
    [
      "is unknown by class where no rule names it",
      [edited({ "f:http": {} }, "acme-sync Update 03-01T10:00")],
      timeout,
      { manager: "acme-sync", class: "unknown", precision: "around" },
    ],
    [
      "of an order is who wrote the list",
      [edited({ "f:http": {} })],
      {
        type: "reordered",
        path: "spec.http",
        desired: { pointer: "/spec/http", value: [] },
        live: { pointer: "/spec/http", value: [] },
      },
      { manager: "kubectl-edit", wrote: "spec.http", precision: "field" },
    ],
    [
      "of a part of a text is who wrote the text",
      [entry("helm Update 03-01T10:00", { "f:data": { "f:mesh": {} } })],
      changed("data.mesh.accessLogFile", "/data/mesh"),
      { manager: "helm", wrote: "data.mesh", precision: "around" },
    ],
    [
      "is named with names and positions where the path says another thing than the pointer",
      [edited({ "f:tls": { "f:names": {} } })],
      changed("spec.subjectAltNames[x]", "/spec/tls/names/0"),
      { wrote: "spec.tls.names", precision: "around" },
    ],
  ])("%s", ([, entries, change, expected]) => {
    const object = { ...routes, data: { mesh: "accessLogFile: x" } };
    const found = attributeChange(live(entries, object), change, context);
    expect(found).toMatchObject(expected);
    if (!Object.hasOwn(expected, "doubts")) expect(found).not.toHaveProperty("doubts");
    expect(attributeChange(live(entries.toReversed(), object), change, context)).toEqual(found);
  });
});

describe("the writer of a field that live lacks", () => {
  it.for<readonly [what: string, entries: readonly Json[], change: Change, expected: JsonObject]>([
    [
      "is who wrote the list around it last",
      [deployed, edited({ "f:http": {} })],
      removed("spec.http[name=primary].retries", "/spec/http/0/retries"),
      { manager: "kubectl-edit", wrote: "spec.http", precision: "around" },
    ],
    [
      "is who wrote the object last, with a doubt, where nothing around it is written as a whole",
      [deployed, edited({ "f:gateways": {} })],
      removed("spec.tls.caCertificates", "/spec/tls/caCertificates"),
      { manager: "kubectl-edit", wrote: "", precision: "object", doubts: ["who removed it is not recorded"] },
    ],
    [
      "is who wrote the whole of a part of the item that the path names",
      [deployed, edited({ "f:ports": { 'k:{"name":"tls"}': { "f:number": {} } } })],
      removed("spec.ports[name=tls].number.x", "/spec/ports/9/number/x"),
      { manager: "kubectl-edit", wrote: "spec.ports[name=tls].number", precision: "around" },
    ],
    [
      "is not recorded where the item is gone, too",
      [deployed],
      removed("spec.ports[name=grpc].number.x", "/spec/ports/0/number/x"),
      { manager: "argocd-controller", wrote: "", precision: "object" },
    ],
    [
      "is not recorded where live has nothing of it, not even by entries without fields",
      [entry("kubectl-edit Update 03-01T10:00", null)],
      removed("data.mesh", "/data/mesh"),
      { manager: "kubectl-edit", wrote: "", precision: "object", doubts: ["who removed it is not recorded"] },
    ],
  ])("%s", ([, entries, change, expected]) => {
    expect(attributeChange(live(entries, routes), change, context)).toMatchObject(expected);
  });
});

describe("the writer of an object", () => {
  const byJob = entry("kubectl-create Update 02-01T00:00", {});

  it("is who wrote to it last, and who did before is told", () => {
    expect(attributeObject(live([entry("kubectl-label Update 03-01T10:00", {}), byJob]), context)).toEqual({
      ...{ manager: "kubectl-label", class: "person", operation: "Update", time: "2026-03-01T10:00:00Z" },
      ...{ wrote: "", precision: "object", doubts: ["kubectl-create wrote to it before"] },
    });
    expect(attributeObject(live([byJob]), context)).not.toHaveProperty("doubts");
  });

  it("is unknown where nobody is told of", () => {
    expect(attributeObject(live(undefined), context)).toBeUndefined();
    expect(attributeChange(live(undefined, routes), timeout, context)).toBeUndefined();
  });
});
