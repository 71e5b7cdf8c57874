import { describe, expect, it } from "vitest";
import { breakGlassOf, withoutBreakGlass } from "../../../src/core/judge/break-glass.ts";
import { resource } from "../../support/resources.ts";
import { judge, live, target, told } from "./cluster.ts";

const key = "mesh-drift/break-glass";

function noted(ticket: string, annotation = key): ReturnType<typeof resource> {
  return resource(`
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: in, namespace: shop, annotations: { ${annotation}: ${JSON.stringify(ticket)}, "a/b": c } }
spec: { gatewayClassName: istio }
`);
}

const namespace = resource(`
apiVersion: v1
kind: Namespace
metadata: { name: shop, annotations: { ${key}: INC-9 } }
`);

describe("breakGlassOf", () => {
  it("reads the note of an object, and of its Namespace where it is gone", () => {
    expect(breakGlassOf(noted("INC-4821"), namespace, key)).toEqual({ ticket: "INC-4821", on: "object" });
    expect(breakGlassOf(undefined, namespace, key)).toEqual({ ticket: "INC-9", on: "namespace" });
    expect(breakGlassOf(noted(""), namespace, key)).toBeUndefined();
    expect(breakGlassOf(undefined, undefined, key)).toBeUndefined();
    expect(breakGlassOf(noted("INC-1", "acme.com/ticket"), undefined, "acme.com/ticket")?.ticket).toBe(
      "INC-1",
    );
  });

  it.for([
    ["  INC-1\n see chat ", "INC-1 see chat"],
    ["\u001b[31mred\u202e", "\\u{1b}[31mred\\u{202e}"],
    ["x".repeat(5000), `${"x".repeat(200)}...`],
    ["https://user:hunter2@example.com/INC-1", "‹hidden: it looks like a secret›"],
    ["Bearer abcdefgh12345678", "‹hidden: it looks like a secret›"],
    ["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b", "‹hidden: it looks like a secret›"],
  ] as const)("cleans %j", ([value, ticket]) => {
    expect(breakGlassOf(noted(value), undefined, key)?.ticket).toBe(ticket);
  });
});

describe("a note on a live object", () => {
  const git = resource(`
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: in, namespace: shop, annotations: { "a/b": c } }
spec: { gatewayClassName: istio }
`);

  it("is itself neither drift nor a note, also where annotations are read", () => {
    const judgement = judge([target("eu1", [git])], live([noted("INC-1")]), { metadata: "all" }).get("eu1");
    expect(told(judgement)).toMatchObject({ findings: [], inSync: ["in"] });
    expect(judgement?.notes).toEqual([]);
  });

  it("is taken out under another key", () => {
    const other = noted("INC-1", "acme.com/ticket");
    const drifted = judge([target("eu1", [git])], live([other])).get("eu1");
    expect(told(drifted).findings).toEqual(["changed in"]);
    expect(withoutBreakGlass(other, "acme.com/ticket").object).toEqual(git.object);
    expect(withoutBreakGlass(git, "acme.com/ticket")).toBe(git);
  });
});
