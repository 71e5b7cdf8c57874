import { describe, expect, it } from "vitest";
import { classifyWriter, type ManagerRules } from "../../../src/core/judge/classify-writer.ts";
import type { WriterClass } from "../../../src/core/model/attribution.ts";
import type { JsonObject } from "../../../src/core/model/json.ts";
import type { ManagerRule } from "../../../src/core/model/manager-rule.ts";
import { builtIn, live } from "./writers.ts";

const argo: JsonObject = { annotations: { "argocd.argoproj.io/tracking-id": "mesh" } };
const flux: JsonObject = { labels: { "kustomize.toolkit.fluxcd.io/name": "mesh" } };
const release: JsonObject = { annotations: { "meta.helm.sh/release-name": "mesh" } };

function classOf(manager: string, operation = "Update", metadata: JsonObject = {}): WriterClass {
  return classifyWriter([builtIn], { manager, operation }, live([], { metadata })).class;
}

describe("the built-in rules", () => {
  it.for<readonly [manager: string, expected: WriterClass]>([
    ...[
      "edit",
      "patch",
      "replace",
      "create",
      "label",
      "annotate",
      "run",
      "expose",
      "rollout",
      "taint",
      "neat",
    ].map((command) => [`kubectl-${command}`, "person"] as const),
    ...[
      "kubectl",
      "Mozilla",
      "rancher",
      "node-fetch",
      "Freelens",
      "Headlamp",
      "kiali",
      "OpenAPI-Generator",
    ].map((manager) => [manager, "person"] as const),
    ...["unknown", "oc", "Go-http-client", "k9s", "helm", "argocd-server"].map(
      (manager) => [manager, "person"] as const,
    ),
    ...["argocd-controller", "argocd-application-controller", "kustomize-controller", "helm-controller"].map(
      (manager) => [manager, "gitops"] as const,
    ),
    ...[
      "source-controller",
      "flux",
      "configsync.gke.io",
      "configsync",
      "fleetagent",
      "terraform-provider",
      "Terraform",
      "pulumi-kubernetes",
    ].map((manager) => [manager, "gitops"] as const),
    ...[
      "flagger",
      "rollouts-controller",
      "pilot-discovery",
      "istio.io/gateway-controller",
      "controller",
      "manager",
      "cert-manager-certificates-issuing",
    ].map((manager) => [manager, "controller"] as const),
    ...["kubectl-last-applied", "before-first-apply", "", "acme", "Kubectl-edit", "kubectl2", "flagger2"].map(
      (manager) => [manager, "unknown"] as const,
    ),
  ])("call %s: %s", ([manager, expected]) => {
    expect(classOf(manager)).toBe(expected);
  });

  it.for<readonly [JsonObject, WriterClass]>([
    [argo, "gitops"],
    [flux, "gitops"],
    [release, "person"],
    [{}, "person"],
  ])("decide about kubectl apply by the marks of a deployer: %j", ([metadata, expected]) => {
    expect(classOf("kubectl-client-side-apply", "Update", metadata)).toBe(expected);
  });

  it("tell what stands for no writer from a name that nobody knows", () => {
    const isArtefact = (manager: string) =>
      classifyWriter([builtIn], { manager, operation: "Update" }).isArtefact;
    expect(["before-first-apply", "kubectl-last-applied", "acme", "kubectl-edit"].map(isArtefact)).toEqual([
      ...[true, true, false, false],
    ]);
  });

  it("say why and who says so, each once", () => {
    const ids = builtIn.map(({ name, operation, onlyDelivered }) =>
      JSON.stringify([name, operation, onlyDelivered]),
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(builtIn.length).toBeGreaterThan(40);
  });
});

describe("classifyWriter", () => {
  const rule = (name: string, of: WriterClass, operation?: "Apply" | "Update"): ManagerRule => ({
    ...{ name, class: of, reason: `${name} ${operation ?? ""}` },
    ...(operation !== undefined && { operation }),
  });

  it.for<readonly [what: string, rules: ManagerRules, manager: string, expected: WriterClass]>([
    ["takes the user's rule, however short", [[rule("k*", "gitops")], builtIn], "kubectl-edit", "gitops"],
    [
      "takes the built-in one where no rule of the user fits",
      [[rule("x*", "gitops")], builtIn],
      "kubectl-edit",
      "person",
    ],
    [
      "takes the longest",
      [[rule("a*", "person"), rule("acme*", "gitops"), rule("ac*", "controller")]],
      "acme-1",
      "gitops",
    ],
    [
      "takes the exact name before a beginning of the same length",
      [[rule("acme*", "person"), rule("acme", "gitops")]],
      "acme",
      "gitops",
    ],
    [
      "takes the rule for the operation before one for both",
      [[rule("acme", "person"), rule("acme", "gitops", "Update")]],
      "acme",
      "gitops",
    ],
    ["passes over a rule for the other operation", [[rule("acme", "person", "Apply")]], "acme", "unknown"],
    ["takes the first of two alike", [[rule("acme", "person"), rule("acme", "gitops")]], "acme", "person"],
    ["takes * for every name", [[rule("*", "controller")]], "anything", "controller"],
  ])("%s", ([, rules, manager, expected]) => {
    expect(classifyWriter(rules, { manager, operation: "Update" }).class).toBe(expected);
  });
});
