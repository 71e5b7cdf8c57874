import { describe, expect, it } from "vitest";
import { resolveScope } from "../../../src/core/judge/scope.ts";
import type { LiveSide } from "../../../src/core/judge/side.ts";
import type { LabelSelector } from "../../../src/core/model/label-selector.ts";
import { resource } from "../../support/resources.ts";

const namespace = (name: string, labels: string) =>
  resource(`{apiVersion: v1, kind: Namespace, metadata: {name: ${name}, labels: ${labels}}}`);
const resources = [
  namespace("shop", "{team: a}"),
  namespace("payments", "{team: b}"),
  namespace("bare", "null"),
  // Its labels are not those of a namespace.
  resource("{apiVersion: example.com/v1, kind: Namespace, metadata: {name: odd, labels: {team: a}}}"),
];
const whole: LiveSide = { resources, unchecked: [], unread: [], unserved: [], isComplete: () => true };
const selector: LabelSelector = [{ operator: "in", key: "team", values: ["a"] }];

describe("resolveScope", () => {
  it("is what it names where it has no selector, whatever was read", () => {
    const blind: LiveSide = { ...whole, resources: [], isComplete: () => false };
    expect(resolveScope({ namespaces: ["x", "y", "x"] }, blind)).toEqual({
      namespaces: ["x", "y"],
      unchecked: [],
    });
  });

  it("adds the live namespaces that the selector picks, each once", () => {
    expect(resolveScope({ namespaces: ["x", "shop"], selector }, whole)).toEqual({
      namespaces: ["x", "shop"],
      unchecked: [],
    });
    expect(resolveScope({ namespaces: ["x"], selector }, whole).namespaces).toEqual(["x", "shop"]);
  });

  it("is narrowed to the namespaces of a run", () => {
    expect(resolveScope({ namespaces: ["x"], selector }, whole, ["shop", "z"]).namespaces).toEqual(["shop"]);
    expect(resolveScope({ namespaces: ["x"], selector }, whole, []).namespaces).toEqual([]);
  });

  it("is not known in full without a complete list of namespaces, and says why", () => {
    const kind = { group: "", kind: "Namespace" };
    const unread = [{ kind, code: "FORBIDDEN", reason: "the server answered 403", hint: "Ask." }];
    const partly: LiveSide = { ...whole, unread, isComplete: ({ kind: name }) => name !== "Namespace" };
    expect(resolveScope({ namespaces: [], selector }, partly).unchecked).toMatchObject([
      {
        what: "the namespaces of scope.namespaceSelector",
        code: "FORBIDDEN",
        reason: "the server answered 403",
        hint: "Let drift list namespaces, or name them under scope.namespaces.",
      },
    ]);
    expect(resolveScope({ namespaces: [], selector }, { ...partly, unread: [] }).unchecked).toMatchObject([
      { code: "KIND_NOT_READ" },
    ]);
  });
});
