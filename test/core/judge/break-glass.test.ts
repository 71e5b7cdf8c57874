import { describe, expect, it } from "vitest";
import { breakGlassOf } from "../../../src/core/judge/break-glass.ts";
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
    ["9f86d081884c7d659a2feaa0c55ad015", "‹hidden: it looks like a secret›"],
    ["https://tickets.example.com/browse/INCIDENT-4821", "https://tickets.example.com/browse/INCIDENT-4821"],
    ["reverts 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b", "reverts 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b"],
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

  it.for(["mesh", "declared", "all"] as const)(
    "is neither under another key, with metadata: %s",
    (metadata) => {
      const other = noted("INC-1", "acme.com/ticket");
      const by = (breakGlass: string | undefined, sides: readonly [typeof git, typeof git]) =>
        judge([target("eu1", [sides[0]])], live([sides[1]]), { metadata, ...(breakGlass && { breakGlass }) });
      expect(told(by(undefined, [git, other]).get("eu1")).findings).toEqual(["changed in"]);
      for (const sides of [
        [git, other],
        [other, git],
        [other, noted("INC-2", "acme.com/ticket")],
      ] as const) {
        const judgement = by("acme.com/ticket", sides).get("eu1");
        expect(told(judgement)).toMatchObject({ findings: [], inSync: ["in"] });
        expect(judgement?.notes).toEqual([]);
      }
      const kept = by("acme.com/ticket", [git, other]).get("eu1")?.liveOf(other.key);
      expect(breakGlassOf(kept, undefined, "acme.com/ticket")?.ticket).toBe("INC-1");
    },
  );

  it("is no difference of a Namespace either, nor between targets", () => {
    const named = (annotations: string) =>
      resource(`{apiVersion: v1, kind: Namespace, metadata: {name: shop, annotations: ${annotations}}}`);
    const [plain, one, two] = ["{a: b}", "{a: b, acme/t: INC-1}", "{a: b, acme/t: INC-2}"].map(named);
    if (plain === undefined || one === undefined || two === undefined) throw new Error("no Namespace");
    const options = { breakGlass: "acme/t", metadata: "all" } as const;
    const judged = judge([target("eu1", [plain]), target("eu2", [two])], live([one]), options);
    for (const judgement of judged.values()) {
      expect(told(judgement)).toMatchObject({ findings: [], inSync: ["shop"] });
      expect(judgement.notes).toEqual([]);
    }
  });

  it("leaves a change of a field the only difference", () => {
    const other = resource(`
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: in, namespace: shop, annotations: { acme/t: INC-1, "a/b": c } }
spec: { gatewayClassName: other }
`);
    const judgement = judge([target("eu1", [git])], live([other]), { breakGlass: "acme/t" }).get("eu1");
    expect(judgement?.findings[0]?.changes.map(({ path }) => path)).toEqual(["spec.gatewayClassName"]);
  });
});
