import { describe, expect, it } from "vitest";
import { list, virtualService } from "./folder.ts";
import { readFiles } from "./live.ts";

describe("the writers of an object of a snapshot", () => {
  it("are known only where kubectl was asked for managedFields, which are not part of the object", async () => {
    const told = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: told
  namespace: shop
  uid: u-1
  generation: 3
  creationTimestamp: "2026-11-01T00:00:00Z"
  resourceVersion: "7"
  managedFields:
  - manager: kubectl-edit
    operation: Update
    time: "2026-11-20T00:00:00Z"
    fieldsV1: {"f:spec": {"f:hosts": {}, "f:exportTo": {'v:"hunter2"': {}}}}
spec: {}
---
`;
    const live = await readFiles({ "a.yaml": told, "b.yaml": list(virtualService("untold")) });
    const [first, second] = live.resources;
    expect(first?.owners).toMatchObject([
      { manager: "kubectl-edit", operation: "Update", time: "2026-11-20T00:00:00Z" },
    ]);
    expect(first?.object["metadata"]).toEqual({
      name: "told",
      namespace: "shop",
      uid: "u-1",
      generation: 3,
      creationTimestamp: "2026-11-01T00:00:00Z",
      resourceVersion: "7",
    });
    expect(JSON.stringify(first)).not.toContain("hunter2");
    expect(second).not.toHaveProperty("owners");
  });

  it("are known to be gone where an object of a file has none, and others have", async () => {
    const stripped = virtualService("stripped");
    const written = virtualService("written").replace("name: written", "name: written\n  managedFields: []");
    const live = await readFiles({
      "a.yaml": list(stripped, written),
      "b.yaml": list(virtualService("untold")),
    });
    const owners = live.resources.map(({ key, owners: told }) => [key.name, told]);
    expect(owners).toEqual([
      ["stripped", []],
      ["written", []],
      ["untold", undefined],
    ]);
  });
});
