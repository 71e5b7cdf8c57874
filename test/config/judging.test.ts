import { expect, it } from "vitest";
import type { JudgingConfig } from "../../src/config/config-judging.ts";
import { parseConfig } from "../../src/config/parse.ts";
import { file, problemsOf, smallest } from "./config-text.ts";

function judgingOf(lines: string): JudgingConfig | undefined {
  const outcome = parseConfig(smallest + lines, file);
  expect(outcome.type === "valid" ? [] : problemsOf(smallest + lines)).toEqual([]);
  return outcome.type === "valid" ? outcome.config.judging : undefined;
}

it("keeps everything that a configuration says about judging", () => {
  const judging = judgingOf(`
breakGlass: { syncWithin: 8h, annotation: acme.com/ticket }
ignore:
  - { kinds: [VirtualService], paths: ["spec.http[*].fault"], namespaces: [chaos-*], reason: chaos experiments }
  - { names: [canary-*], managers: [flagger], targets: [eu1], reason: canaries }
exemptions: { file: mesh/exemptions.yaml, maxLength: 14d, tier0: true }
managers:
  - { name: acme-portal*, class: person, reason: the portal acts for who clicks }
  - { name: deployer, class: gitops, operation: Apply, reason: our own deployer }
controllers:
  - { name: Acme canaries, managers: [acme], kinds: [VirtualService], paths: ["spec.http[*].route[*].weight"], check: flagger, reason: ours }
risk:
  - { tier: 0, namespaces: [pay], types: [changed, missing], direction: weakens, reason: money }
  - { tier: 3, kinds: [Gateway.networking.istio.io], paths: [metadata.labels], reason: labels only }
maintenance:
  - { days: [mon, tue], from: "22:00", to: "04:00", targets: [eu1], reason: nobody buys }
state: { file: var/state.json }
`);
  expect(judging).toEqual({
    breakGlass: { syncWithinMs: 28_800_000, annotation: "acme.com/ticket" },
    ignore: [
      {
        id: "ignore[0]",
        kinds: ["VirtualService"],
        paths: ["spec.http[*].fault"],
        namespaces: ["chaos-*"],
        reason: "chaos experiments",
      },
      { id: "ignore[1]", names: ["canary-*"], managers: ["flagger"], targets: ["eu1"], reason: "canaries" },
    ],
    exemptions: { file: "mesh/exemptions.yaml", maxLengthMs: 1_209_600_000, tier0: true },
    managers: [
      { name: "acme-portal*", class: "person", reason: "the portal acts for who clicks" },
      { name: "deployer", class: "gitops", operation: "Apply", reason: "our own deployer" },
    ],
    controllers: [
      {
        name: "Acme canaries",
        managers: ["acme"],
        kinds: ["VirtualService"],
        paths: ["spec.http[*].route[*].weight"],
        check: "flagger",
        reason: "ours",
      },
    ],
    risk: [
      {
        id: "risk[0]",
        tier: 0,
        namespaces: ["pay"],
        types: ["changed", "missing"],
        direction: "weakens",
        reason: "money",
      },
      {
        id: "risk[1]",
        tier: 3,
        kinds: ["Gateway.networking.istio.io"],
        paths: ["metadata.labels"],
        reason: "labels only",
      },
    ],
    maintenance: [
      { days: ["mon", "tue"], from: "22:00", to: "04:00", targets: ["eu1"], reason: "nobody buys" },
    ],
    stateFile: "/srv/shop/var/state.json",
  });
});

it("reads where an audit log lies and what delivers a target", () => {
  const text = smallest
    .replace("{ snapshot: ./live/eu1 }", "{ snapshot: ./live/eu1, audit: logs/audit.jsonl }")
    .replace("cluster: eu1 }]", "cluster: eu1, deployer: { argocd: argocd/mesh-eu1 } }]");
  const outcome = parseConfig(text, file);
  expect(outcome).toMatchObject({
    type: "valid",
    config: { targets: [{ deployer: { type: "argocd", namespace: "argocd", name: "mesh-eu1" } }] },
  });
  expect(outcome.type === "valid" && outcome.config.clusters.get("eu1")?.audit).toBe(
    "/srv/shop/logs/audit.jsonl",
  );
});

it("tells every problem about judging at once", () => {
  const lines = `breakGlass: { syncWithin: 31s, annotation: networking.istio.io/ticket, hide: true }
ignore:
  - { kinds: [virtualservice], reason: x }
  - { reason: everything }
  - { names: ["*"], reason: x }
  - { names: [a] }
  - { paths: [/spec/http, "spec.http[].x"], reason: x }
  - { targets: [eu2], reason: x }
  - { pathes: [spec], reason: x }
exemptions: { file: ../x.yaml, maxLength: 400d, tier0: maybe }
managers: [{ name: x, class: human, reason: x }, { name: y, class: person, operation: apply, reason: x }]
controllers: [{ name: x, managers: [x], kinds: [VirtualService], paths: [spec], check: knative, reason: x }]
risk: [{ tier: 4, kinds: [Sidecar], reason: x }, { tier: 1, reason: x }, { tier: 1, types: [ineffective], reason: x }]
maintenance: [{ days: [Monday], from: 22:00, to: "24:00" }]
state: { path: x }
`;
  expect(problemsOf(smallest + lines)).toEqual([
    'drift.yaml:6:27 breakGlass.syncWithin: expected a duration from 1m to 30d, such as 24h; got "31s"',
    'drift.yaml:6:44 breakGlass.annotation: expected the key of an annotation, and none that Istio reads, such as acme.com/break-glass; got "networking.istio.io/ticket"',
    "drift.yaml:6:72 breakGlass.hide: unknown key; expected one of syncWithin, annotation",
    'drift.yaml:8:15 ignore[0].kinds[0]: expected a kind such as VirtualService or Gateway.networking.istio.io; got "virtualservice"',
    "drift.yaml:9:5 ignore[1]: says nothing of what it is about: expected kinds, namespaces, names, paths, managers or targets",
    'drift.yaml:10:15 ignore[2].names[0]: expected a name; * may stand at its end, after something; got "*"',
    "drift.yaml:11:5 ignore[3].reason: is missing; expected a reason, one sentence for the people who read the report",
    'drift.yaml:12:15 ignore[4].paths[0]: expected a path such as spec.http[*].fault: it is a JSON pointer. Write it as reports do, from the root of the object: spec.http[name=primary].timeout; got "/spec/http"',
    'drift.yaml:12:27 ignore[4].paths[1]: expected a path such as spec.http[*].fault: [] has no meaning: [*] is any item. Write it as reports do, from the root of the object: spec.http[name=primary].timeout; got "spec.http[].x"',
    'drift.yaml:13:17 ignore[5].targets[0]: "eu2" names no target (did you mean "eu1"?)',
    'drift.yaml:14:7 ignore[6].pathes: unknown key (did you mean "paths"?); expected one of kinds, namespaces, names, paths, managers, targets, reason',
    'drift.yaml:15:21 exemptions.file: expected a file inside the repository, such as .drift/exemptions.yaml: letters, digits and . _ - / only; got "../x.yaml"',
    'drift.yaml:15:43 exemptions.maxLength: expected a duration from 1h to 366d, such as 30d; got "400d"',
    'drift.yaml:15:56 exemptions.tier0: expected true or false; got "maybe"',
    'drift.yaml:16:30 managers[0].class: expected one of person, gitops, controller, unknown; got "human"',
    'drift.yaml:16:87 managers[1].operation: expected one of Apply, Update; got "apply" (did you mean "Apply"?)',
    'drift.yaml:17:88 controllers[0].check: expected one of flagger, argo-rollouts; got "knative"',
    "drift.yaml:18:16 risk[0].tier: expected a tier: 0, 1, 2 or 3; got 4",
    "drift.yaml:18:50 risk[1]: says nothing of what it is about: expected kinds, namespaces, names, paths, types or direction",
    'drift.yaml:18:93 risk[2].types[0]: expected one of changed, missing, extra, conflict, dangling; got "ineffective"',
    'drift.yaml:19:24 maintenance[0].days[0]: expected one of mon, tue, wed, thu, fri, sat, sun; got "Monday"',
    'drift.yaml:19:50 maintenance[0].to: expected a time in UTC, in quotes, such as "22:00"; got "24:00"',
    "drift.yaml:20:8 state.file: is missing; expected the path of a file",
    "drift.yaml:20:10 state.path: unknown key; expected one of file",
  ]);
});

it.for([
  ["{}", "targets[0].deployer: expected argocd or flux"],
  [
    "{ argocd: a/b, flux: c/d }",
    "targets[0].deployer.flux: stands beside argocd: expected one of argocd or flux",
  ],
  [
    "{ argocd: mesh }",
    "targets[0].deployer.argocd: expected a namespace and a name, such as argocd/mesh-prod",
  ],
  ["{ argo: a/b }", "targets[0].deployer.argo: unknown key"],
] as const)("refuses the deployer %s", ([deployer, problem]) => {
  const problems = problemsOf(smallest.replace("cluster: eu1 }]", `cluster: eu1, deployer: ${deployer} }]`));
  expect(problems).toEqual([expect.stringContaining(problem)]);
});
