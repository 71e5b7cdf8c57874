import { describe, expect, it } from "vitest";
import { appliedRevision, type DeployedTarget } from "../../../src/core/judge/applied-revision.ts";
import type { Resource } from "../../../src/core/model/resource.ts";
import { resource } from "../../support/resources.ts";

const [a, b] = ["a".repeat(40), "b".repeat(40)];
const target: DeployedTarget = { repository: "https://github.com/acme/mesh.git", path: "overlays/eu1" };

function application(spec: string, status: string, name = "shop"): Resource {
  return resource(
    `{ apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: { name: ${name}, namespace: argocd }, spec: ${spec}, status: ${status} }`,
  );
}

function kustomization(path: string, revision: string, name = "shop"): Resource {
  return resource(
    `{ apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, metadata: { name: ${name}, namespace: flux-system }, spec: { path: "${path}" }, status: { lastAppliedRevision: "${revision}" } }`,
  );
}

const source = (path = "overlays/eu1", url = "git@github.com:acme/mesh"): string =>
  `{ repoURL: "${url}", path: ${path} }`;
const synced = (revision: string): string => `{ sync: { status: Synced, revision: "${revision}" } }`;

describe("appliedRevision", () => {
  it.for<
    readonly [
      what: string,
      objects: readonly Resource[],
      target: DeployedTarget,
      revision: string | undefined,
    ]
  >([
    ["an Application that is in sync", [application(`{ source: ${source()} }`, synced(a))], target, a],
    [
      "one that only looked at a newer commit",
      [
        application(
          `{ source: ${source()} }`,
          `{ sync: { status: OutOfSync, revision: "${b}" }, history: [{ revision: "${a}" }] }`,
        ),
      ],
      target,
      a,
    ],
    [
      "the last operation, where it succeeded",
      [
        application(
          `{ source: ${source()} }`,
          `{ operationState: { phase: Succeeded, syncResult: { revision: "${b}" } }, history: [{ revision: "${a}" }] }`,
        ),
      ],
      target,
      b,
    ],
    [
      "the last operation, where it failed",
      [
        application(
          `{ source: ${source()} }`,
          `{ operationState: { phase: Failed, syncResult: { revision: "${b}" } }, history: [{ revision: "${a}" }] }`,
        ),
      ],
      target,
      a,
    ],
    [
      "one of several sources",
      [
        application(
          `{ sources: [${source("charts")}, ${source()}] }`,
          `{ history: [{ revisions: ["${b}", "${a}"] }] }`,
        ),
      ],
      target,
      a,
    ],
    ["another path", [application(`{ source: ${source("overlays/us1")} }`, synced(a))], target, undefined],
    [
      "another repository",
      [application(`{ source: ${source("overlays/eu1", "https://github.com/acme/web")} }`, synced(a))],
      target,
      undefined,
    ],
    [
      "the one that is named, whatever its URL",
      [
        application(`{ source: ${source("x", "https://mirror/mesh")} }`, synced(a)),
        application(`{ source: ${source()} }`, synced(b), "other"),
      ],
      { ...target, deployer: { argocd: "argocd/shop" } },
      a,
    ],
    [
      "two that fit",
      [
        application(`{ source: ${source()} }`, synced(a)),
        application(`{ source: ${source()} }`, synced(b), "twin"),
      ],
      target,
      undefined,
    ],
    [
      "a name without the namespace, as marks have it",
      [application(`{ source: ${source("x")} }`, synced(a))],
      { ...target, deployer: { argocd: "shop" } },
      undefined,
    ],
    ["no status", [application(`{ source: ${source()} }`, "{}")], target, undefined],
    ["a Helm version", [application(`{ source: ${source()} }`, synced("1.2.3"))], target, undefined],
    ["a Kustomization", [kustomization("./overlays/eu1", `main@sha1:${a}`)], target, a],
    ["an old Kustomization", [kustomization("./overlays/eu1/", `main/${a}`)], target, a],
    [
      "a Kustomization of another path",
      [kustomization("./overlays/us1", `main@sha1:${a}`)],
      target,
      undefined,
    ],
    [
      "the Kustomization that is named",
      [kustomization("./x", `main@sha1:${a}`), kustomization("./overlays/eu1", `main@sha1:${b}`, "other")],
      { ...target, deployer: { flux: "flux-system/shop" } },
      a,
    ],
    ["nothing", [], target, undefined],
  ])("%s", ([, objects, of, revision]) => {
    expect(appliedRevision(objects, of)?.revision).toBe(revision);
  });

  it("says who says so", () => {
    expect(appliedRevision([kustomization("./overlays/eu1", `main@sha1:${a}`)], target)?.by).toBe(
      "Kustomization flux-system/shop",
    );
  });
});
