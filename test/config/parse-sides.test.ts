import { expect, it } from "vitest";
import { parseConfig } from "../../src/config/parse.ts";
import { file, problemsOf, smallest } from "./config-text.ts";

/** The configuration with other clusters. */
function withCluster(cluster: string): string {
  return smallest.replace("{ snapshot: ./live/eu1 }", cluster);
}

it.for([
  ["{ context: prod }", { type: "context", context: "prod" }],
  [
    "{ context: prod, kubeconfig: kube/config }",
    { type: "context", context: "prod", kubeconfig: "/srv/shop/kube/config" },
  ],
  ["{ inCluster: true }", { type: "in-cluster" }],
  [
    "{ server: 'https://10.0.0.1:6443', caFile: ca.crt, tokenFile: /run/token }",
    {
      type: "server",
      server: "https://10.0.0.1:6443",
      caFile: "/srv/shop/ca.crt",
      tokenFile: "/run/token",
    },
  ],
] as const)("reads the live side %s", ([cluster, live]) => {
  const outcome = parseConfig(withCluster(cluster), file);
  expect(outcome.type === "valid" && outcome.config.clusters.get("eu1")?.live).toEqual(live);
});

it.for([
  ["{ istio: {} }", "clusters.eu1: expected snapshot, context, inCluster or server"],
  ["{ snapshot: x, context: y }", "clusters.eu1.context: stands beside snapshot"],
  ["{ context: y, maxAge: 1h }", "clusters.eu1.maxAge: belongs to snapshot"],
  ["{ snapshot: x, tokenFile: y }", "clusters.eu1.tokenFile: belongs to server"],
  ["{ server: 'http://10.0.0.1' }", "clusters.eu1.server: expected the https URL of an API server"],
  ["{ server: 'https://user:secret@10.0.0.1' }", "clusters.eu1.server: expected the https URL"],
  ["{ contxt: x }", 'clusters.eu1.contxt: unknown key (did you mean "context"?)'],
] as const)("refuses the cluster %s", ([cluster, problem]) => {
  const problems = problemsOf(withCluster(cluster));
  expect(problems).toEqual([expect.stringContaining(problem)]);
  expect(problems.join()).not.toContain("secret");
});

/** The configuration with another target. */
function withTarget(fields: string): string {
  return smallest.replace("overlay: overlays/eu1, cluster: eu1", fields);
}

it("reads manifests, another repository and what the deployer adds", () => {
  const text = withTarget(`
    manifests: rendered/eu1, cluster: eu1, revision: v1.2,
    repository: { url: "https://git.example.com/other.git", tokenFile: token },
    transform: { substitute: { REGION: eu } }, scope: { namespaceSelector: "team=mesh,env in (prod, stage)" }`);
  const outcome = parseConfig(text, file);
  expect(outcome.type === "valid" && outcome.config.targets).toEqual([
    {
      name: "eu1",
      desired: { type: "manifests", manifests: "rendered/eu1", substitute: { REGION: "eu" } },
      repository: {
        url: "https://git.example.com/other.git",
        revision: "v1.2",
        allowStaleMs: 0,
        access: { type: "token", tokenFile: "/srv/shop/token" },
      },
      cluster: "eu1",
      scope: {
        namespaces: [],
        selector: [
          { operator: "in", key: "team", values: ["mesh"] },
          { operator: "in", key: "env", values: ["prod", "stage"] },
        ],
      },
    },
  ]);
});

it("needs no repository of all targets where each names its own", () => {
  const text = withTarget("overlay: x, cluster: eu1, repository: ../mesh").replace("repository: .\n", "");
  const outcome = parseConfig(text, file);
  expect(outcome.type === "valid" && outcome.config.targets[0]?.repository.url).toBe("/srv/mesh");
});

it.for([
  [
    "manifests: x, cluster: eu1, transform: { namespace: shop }",
    "targets[0].transform.namespace: manifests are not rendered: only substitute has an effect on them",
  ],
  [
    "overlay: x, cluster: eu1, transform: { patches: [{ target: { kind: Gateway } }] }",
    "targets[0].transform.patches[0]: expected patch or path",
  ],
  [
    "overlay: x, cluster: eu1, scope: { namespaceSelector: 'a b' }",
    "targets[0].scope.namespaceSelector: expected a label selector",
  ],
  [
    "overlay: x, cluster: eu1, repository: { url: 'git@example.com:x/y', tokenFile: t }",
    "targets[0].repository.tokenFile: is for https URLs only",
  ],
  [
    "overlay: x, cluster: eu1, repository: { url: 'https://example.com/y', sshKeyFile: t, tokenFile: u }",
    "targets[0].repository.sshKeyFile: stands beside tokenFile",
  ],
  [
    "overlay: x, cluster: eu1, repository: { url: 'https://example.com/y', username: u }",
    "targets[0].repository.username: belongs to tokenFile",
  ],
] as const)("refuses the target %s", ([fields, problem]) => {
  expect(problemsOf(withTarget(fields)).join("\n")).toContain(problem);
});

it("reads which remote bases are allowed, and which command renders", () => {
  const builtin = `${smallest}render: { remoteBases: [{ repository: "https://git.example.com/acme/*", branches: true }, { repository: "ssh://git@git.example.com/base.git", sshKeyFile: key }] }`;
  const outcome = parseConfig(builtin, file);
  expect(outcome.type === "valid" && outcome.config.render).toEqual({
    engine: "builtin",
    remoteBases: [
      { repository: "https://git.example.com/acme/*", allowBranches: true },
      {
        repository: "ssh://git@git.example.com/base",
        allowBranches: false,
        access: { type: "ssh-key", keyFile: "/srv/shop/key" },
      },
    ],
  });
  const command = parseConfig(`${smallest}render: { engine: kubectl, binary: bin/kubectl }`, file);
  expect(command.type === "valid" && command.config.render).toEqual({
    engine: "kubectl",
    binary: "/srv/shop/bin/kubectl",
    remoteBases: [],
  });
});

it.for([
  ["render: { binary: x }", "render.binary: needs engine kustomize or kubectl"],
  [
    "render: { engine: kubectl, remoteBases: [{ repository: 'https://example.com/x' }] }",
    'render.remoteBases: engine "kubectl" takes no remote bases',
  ],
  ["render: { engine: helm }", "render.engine: expected one of builtin, kustomize, kubectl"],
] as const)("refuses %s", ([line, problem]) => {
  expect(problemsOf(smallest + line)).toEqual([expect.stringContaining(problem)]);
});
