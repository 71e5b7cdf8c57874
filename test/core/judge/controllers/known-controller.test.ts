import { describe, expect, it } from "vitest";
import {
  explainingKinds,
  knownController,
} from "../../../../src/core/judge/controllers/judge-controllers.ts";
import type { Change } from "../../../../src/core/model/finding.ts";
import { controllerRules } from "../../../judging/judge-case.ts";

const key = { group: "networking.istio.io", kind: "VirtualService", namespace: "shop", name: "reviews" };

function written(path: string, manager: string): Pick<Change, "path" | "attribution"> {
  return { path, attribution: { manager, class: "controller", wrote: "", precision: "around" } };
}

describe("the rules about controllers that ship", () => {
  it("name the controller beside a change at its place, and nowhere else", () => {
    const nameOf = (path: string, manager: string) =>
      knownController(controllerRules, key, written(path, manager))?.name;
    expect(nameOf("spec.http[name=a].route[host=b].weight", "flagger")).toBe("flagger");
    expect(nameOf("spec.http", "rollouts-controller")).toBe("argo-rollouts");
    expect(nameOf("spec.hosts", "flagger")).toBeUndefined();
    expect(nameOf("spec.http", "flagger2")).toBeUndefined();
    expect(nameOf("spec.http", "kubectl-edit")).toBeUndefined();
  });

  it("say which kinds to read, and none where nothing can be explained", () => {
    const kindsFor = (path: string) =>
      explainingKinds({ type: "changed", key, changes: [{ type: "changed", path }] }, controllerRules).map(
        ({ kind }) => kind,
      );
    expect(kindsFor("spec.http[0].route[host=a].weight")).toEqual(["Canary", "Rollout"]);
    expect(kindsFor("spec.hosts")).toEqual([]);
    expect(explainingKinds({ type: "missing", key, changes: [] }, controllerRules)).toEqual([]);
  });
});
