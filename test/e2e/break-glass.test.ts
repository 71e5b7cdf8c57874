import { appendFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { field, isList, type Json, textField } from "../../src/core/model/json.ts";
import { makeWorld, type Scan } from "./cluster-world.ts";

const annotation = "acme.com/ticket";

/** A Gateway, of which every annotation is compared. */
function gateway(name: string, className: string, ticket?: string) {
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "Gateway",
    metadata: {
      name,
      namespace: "shop",
      ...(ticket !== undefined && { annotations: { [annotation]: ticket } }),
    },
    spec: { gatewayClassName: className, listeners: [{ name: "web", port: 80, protocol: "HTTP" }] },
  };
}

function scanWith(settings: string): Scan {
  const world = makeWorld([gateway("noted", "istio"), gateway("edited", "istio")], { snapshot: "live.json" });
  appendFileSync(path.join(world.folder, "drift.yaml"), settings);
  const items = [gateway("noted", "istio", "INC-1"), gateway("edited", "other", "INC-2")];
  writeFileSync(
    path.join(world.folder, "live.json"),
    JSON.stringify({ apiVersion: "v1", kind: "List", items }),
  );
  return world.scan("--no-state");
}

function findings({ document }: Scan): readonly Json[] {
  const targets = field(document, "targets");
  const found = field(isList(targets) ? targets[0] : undefined, "findings");
  return isList(found) ? found : [];
}

it("tells a note under a key of the operator's as the ticket of an edit, and never as an edit", () => {
  const scan = scanWith(`breakGlass: { annotation: ${annotation} }\n`);
  expect(scan).toMatchObject({
    findings: ["changed shop/Gateway/edited"],
    inSync: 1,
  });
  const [edited] = findings(scan);
  expect(field(edited, "breakGlass")).toEqual({ ticket: "INC-2", on: "object" });
  const changes = field(edited, "changes");
  expect((isList(changes) ? changes : []).map((change) => textField(change, "path"))).toEqual([
    "spec.gatewayClassName",
  ]);
});

it("takes the same annotation for one like any other where nothing names it", () => {
  expect(scanWith("").findings).toHaveLength(2);
});
