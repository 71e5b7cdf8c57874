import { describe, expect, it } from "vitest";
import { Coverage } from "../../../src/adapters/kubernetes/coverage.ts";
import type { ApiFailure } from "../../../src/adapters/kubernetes/failure.ts";
import type { Listed } from "../../../src/adapters/kubernetes/list.ts";
import { virtualService } from "../../support/resources.ts";

const kind = { group: "networking.istio.io", kind: "VirtualService" };
const gateway = { group: "networking.istio.io", kind: "Gateway" };
const otherGateway = { group: "gateway.networking.k8s.io", kind: "Gateway" };
const list: Listed = { type: "listed", resources: [virtualService("{}")], unclear: [], resourceVersion: "7" };
const failure: ApiFailure = { type: "failed", status: 403, code: "FORBIDDEN", reason: "no", hint: "Ask." };

describe("Coverage", () => {
  it("is complete nowhere at first", () => {
    const coverage = new Coverage();
    expect(["", "shop"].map((namespace) => coverage.isComplete(kind, namespace))).toEqual([false, false]);
  });

  it("is complete everywhere behind the list of a cluster, for that kind of that group only", () => {
    const coverage = new Coverage();
    coverage.addList(gateway, undefined, list);
    expect(coverage.isComplete(gateway, "shop")).toBe(true);
    expect(coverage.isComplete(gateway, "")).toBe(true);
    expect(coverage.isComplete(otherGateway, "shop")).toBe(false);
    expect(coverage.resources).toEqual(list.resources);
  });

  it("is complete in the namespaces that were listed", () => {
    const coverage = new Coverage();
    coverage.addList(kind, "a", list);
    coverage.addList(kind, "b", list);
    coverage.addFailure(kind, "c", failure);
    expect(["a", "b", "c", ""].map((namespace) => coverage.isComplete(kind, namespace))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(coverage.unread).toEqual([
      { kind, namespace: "c", code: "FORBIDDEN", reason: "no", hint: "Ask." },
    ]);
  });

  it("takes as many objects that cannot be compared as there are", () => {
    const coverage = new Coverage();
    const object = {
      what: "x",
      key: { ...kind, namespace: "a", name: "x" },
      code: "C",
      reason: "r",
      hint: "h",
    };
    const unclear = Array.from({ length: 200_000 }, () => object);
    coverage.addList(kind, undefined, { ...list, unclear });
    expect(coverage.unclear).toHaveLength(200_000);
  });

  it("stays complete where a namespace is listed besides the cluster", () => {
    const coverage = new Coverage();
    coverage.addList(kind, undefined, list);
    coverage.addList(kind, "a", { ...list, resources: [] });
    expect(coverage.isComplete(kind, "b")).toBe(true);
  });

  it("says of what no namespace's list covers that it has no place", () => {
    const coverage = new Coverage();
    coverage.addFailure(kind, undefined, failure);
    expect(coverage.unread).toEqual([{ kind, code: "FORBIDDEN", reason: "no", hint: "Ask." }]);
  });
});
