import * as fc from "fast-check";
import { expect, it } from "vitest";
import { parseConfig } from "../../src/config/parse.ts";
import { formatProblem } from "../../src/config/problem.ts";
import { plainJudging } from "../support/plain-judging.ts";
import { file, problemsOf, smallest } from "./config-text.ts";

it("fills in what the smallest configuration leaves out", () => {
  expect(parseConfig(smallest, file)).toEqual({
    type: "valid",
    warnings: [],
    config: {
      path: file,
      clusters: new Map([
        [
          "eu1",
          {
            name: "eu1",
            live: { type: "snapshot", path: "/srv/shop/live/eu1", label: "live/eu1" },
            istio: {},
          },
        ],
      ]),
      targets: [
        {
          name: "eu1",
          desired: { type: "overlay", overlay: "overlays/eu1" },
          repository: { url: "/srv/shop", revision: "", allowStaleMs: 0 },
          cluster: "eu1",
          scope: { namespaces: [] },
        },
      ],
      compare: { equality: "istio", metadata: "declared" },
      render: { engine: "builtin", remoteBases: [] },
      judging: plainJudging,
    },
  });
});

it("keeps everything that a configuration says", () => {
  const text = `
# yaml-language-server: $schema=./drift.schema.json
version: 1
repository: { url: https://git.example.com/mesh.git, revision: main, allowStale: 1h30m }
clusters:
  eu1:
    snapshot: /live/eu1.yaml
    maxAge: 24h
    kinds: [VirtualService, Gateway.networking.istio.io]
    namespaces: [shop]
    istio: { version: "1.30", domain: mesh.example, rootNamespace: istio-config, sharedMeshConfig: shared }
  us1: { snapshot: "-" }
targets:
  - { name: eu1, overlay: ./overlays/eu1/, cluster: eu1, environment: prod, scope: { namespaces: [shop] } }
  - { name: us1, overlay: ., cluster: us1 }
compare: { equality: envoy, metadata: all }
render: { timeout: 20s, workers: 2 }
`;
  const repository = {
    url: "https://git.example.com/mesh.git",
    revision: "main",
    allowStaleMs: 5_400_000,
  };
  expect(parseConfig(text, file)).toEqual({
    type: "valid",
    warnings: [],
    config: {
      path: file,
      clusters: new Map([
        [
          "eu1",
          {
            name: "eu1",
            live: {
              type: "snapshot",
              path: "/live/eu1.yaml",
              label: "/live/eu1.yaml",
              maxAgeMs: 86_400_000,
              kinds: ["VirtualService", "Gateway.networking.istio.io"],
            },
            namespaces: ["shop"],
            istio: {
              version: "1.30",
              domain: "mesh.example",
              rootNamespace: "istio-config",
              sharedMeshConfig: "shared",
            },
          },
        ],
        ["us1", { name: "us1", live: { type: "snapshot", path: "-", label: "-" }, istio: {} }],
      ]),
      targets: [
        {
          name: "eu1",
          desired: { type: "overlay", overlay: "overlays/eu1" },
          repository,
          cluster: "eu1",
          environment: "prod",
          scope: { namespaces: ["shop"] },
        },
        {
          name: "us1",
          desired: { type: "overlay", overlay: "" },
          repository,
          cluster: "us1",
          scope: { namespaces: [] },
        },
      ],
      compare: { equality: "envoy", metadata: "all" },
      render: { engine: "builtin", remoteBases: [], timeoutMs: 20_000, workers: 2 },
      judging: plainJudging,
    },
  });
});

it("reports every problem at once, with its place, in the order of the text", () => {
  const text = `version: 2
repositry: ../mesh
clusters:
  prod: { context: prod }
  eu1:
    snapshot: live/eu1
    maxAge: 24 hours
    istio: { version: 1.30, domain: "x y" }
  "bad name": { snapshot: x }
  other: { snapshot: "-" }
  another: { snapshot: "-" }
targets:
  - name: a
    overlay: ../x
    cluster: eu2
  - name: a
    overlay: overlays/a/
    cluster: eu1
    scope: { namespaces: [shop, Shop, shop] }
    enviroment: prod
  - { name: b, overlay: ./overlays/a, cluster: eu1, manifests: x }
  - 5
  - { name: c, cluster: eu1 }
compare: { equality: istoi }
render: { workers: 0, timeout: 5 }
publish: { forge: github }
`;
  expect(problemsOf(text)).toEqual([
    "drift.yaml:1:10 version: expected 1; got 2",
    'drift.yaml:2:1 repositry: unknown key (did you mean "repository"?); expected one of version, repository, clusters, targets, compare, render, breakGlass, ignore, exemptions, managers, controllers, risk, maintenance, state',
    'drift.yaml:7:13 clusters.eu1.maxAge: expected a duration such as 24h, 10m or 90s; got "24 hours"',
    'drift.yaml:8:23 clusters.eu1.istio.version: expected a version in quotes, such as "1.30"; got 1.3',
    'drift.yaml:8:37 clusters.eu1.istio.domain: expected a domain such as cluster.local; got "x y"',
    'drift.yaml:9:3 clusters["bad name"]: expected a name: letters, digits and . _ : / @ -, starting with a letter or digit',
    'drift.yaml:11:24 clusters.another.snapshot: standard input is already read by cluster "other"',
    'drift.yaml:14:14 targets[0].overlay: expected a folder inside the repository, such as overlays/prod; got "../x"',
    'drift.yaml:15:14 targets[0].cluster: "eu2" names no cluster (did you mean "eu1"?); expected one of prod, eu1, bad name, other, another',
    'drift.yaml:16:11 targets[1].name: "a" is already the name of targets[0]',
    'drift.yaml:19:33 targets[1].scope.namespaces[1]: expected the name of a namespace; got "Shop"',
    'drift.yaml:19:39 targets[1].scope.namespaces[2]: "shop" stands twice',
    'drift.yaml:20:5 targets[1].enviroment: unknown key (did you mean "environment"?); expected one of name, overlay, manifests, cluster, environment, repository, revision, transform, scope, deployer',
    'drift.yaml:21:5 targets[2]: overlay "overlays/a" on cluster "eu1" is already targets[1]',
    "drift.yaml:21:53 targets[2].manifests: stands beside overlay: expected one of overlay or manifests",
    "drift.yaml:22:5 targets[3]: expected a mapping; got 5",
    "drift.yaml:23:5 targets[4]: expected overlay or manifests",
    'drift.yaml:24:22 compare.equality: expected one of strict, istio, envoy; got "istoi" (did you mean "istio"?)',
    "drift.yaml:25:20 render.workers: expected a whole number from 1 to 64; got 0",
    "drift.yaml:25:32 render.timeout: expected a duration such as 24h, 10m or 90s; got 5",
    "drift.yaml:26:1 publish: is not supported by this version",
  ]);
});

it.for([
  ["publish: { forge: github }", "publish"],
  ["schedule: { cron: '* * * * *' }", "schedule"],
] as const)("says of %s that this version does not support it", ([line, path]) => {
  const rest = smallest.split("\n").filter((other) => other.split(":")[0] !== line.split(":")[0]);
  const problems = problemsOf([...rest, line].join("\n"));
  expect(problems).toEqual([expect.stringContaining(`${path}: is not supported by this version`)]);
});

it.for([
  ["an empty file", "", "drift.yaml:1:1 expected a mapping; got nothing"],
  ["a list", "- a", "drift.yaml:1:1 expected a mapping; got a list"],
  ["text", "hello", 'drift.yaml:1:1 expected a mapping; got "hello"'],
  ["broken YAML", "version: 1\ntargets: [", "drift.yaml:2:11 Flow sequence"],
  ["a key that stands twice", "version: 1\nversion: 1", 'drift.yaml:2:1 the key "version" stands twice'],
  ["the key __proto__", `${smallest}__proto__: {}`, 'drift.yaml:6:1 "__proto__" cannot be a key'],
  ["20,000-deep nesting", "a: ".concat("[".repeat(20_000)), "drift.yaml:1:1 nested deeper"],
  ["two documents", "version: 1\n---\nversion: 1", "drift.yaml:2:1 Source contains multiple documents"],
  [
    "no target",
    smallest.replace(/targets.*/, "targets: []"),
    "targets: expected a list of targets; got a list",
  ],
  [
    "no cluster",
    smallest.replace(/clusters.*/, "clusters: {}"),
    "expected at least one cluster; got a mapping",
  ],
] as const)("reports %s", ([, text, expected]) => {
  expect(problemsOf(text).join("\n")).toContain(expected);
});

it.for(["1s", "24h", "1h30m"])("takes %s for the time that one overlay may take", (timeout) => {
  expect(problemsOf(`${smallest}render: { timeout: ${timeout} }`)).toEqual([]);
});

it.for(["0s", "999ms", "25h", "1000h"])("refuses %s for the time that one overlay may take", (timeout) => {
  expect(problemsOf(`${smallest}render: { timeout: ${timeout} }`)).toEqual([
    `drift.yaml:6:20 render.timeout: expected a duration from 1s to 24h; got "${timeout}"`,
  ]);
});

it("tells one mistake once: a misspelt key is not missing, and its targets are not at fault", () => {
  expect(problemsOf(smallest.replace("clusters:", "clustres:"))).toEqual([
    expect.stringMatching(/^drift.yaml:4:1 clustres: unknown key \(did you mean "clusters"\?\);/),
  ]);
  expect(problemsOf(smallest.replace(/clusters:.*/, ""))).toEqual([
    "drift.yaml:2:1 clusters: is missing; expected a mapping",
  ]);
});

it("reports a key that stands twice once, and nothing of what comes after it", () => {
  expect(problemsOf("version: 1\nversion: 2\nunknown: x")).toEqual([
    'drift.yaml:2:1 the key "version" stands twice',
  ]);
});

it("stops an alias bomb", () => {
  const levels = Array.from(
    { length: 12 },
    (_, i) =>
      `l${String(i + 1)}: &l${String(i + 1)} [${Array<string>(12)
        .fill(`*l${String(i)}`)
        .join(", ")}]`,
  );
  expect(problemsOf(["l0: &l0 [x]", ...levels].join("\n"))).toEqual([
    expect.stringContaining("Excessive alias count"),
  ]);
});

it.for([
  "repository: https://user:hunter2@git.example.com/mesh.git",
  "repository: { url: https://hunter2@git.example.com/mesh.git }",
  "repository: { url: [https://user:hunter2@git.example.com/mesh.git] }",
  "repository: { url: .., revision: 'https://user:hunter2@git.example.com/mesh.git -' }",
])("refuses %s without repeating the credential", (line) => {
  const problems = problemsOf(smallest.replace("repository: .", line));
  expect(problems).toHaveLength(1);
  expect(problems.join()).not.toContain("hunter2");
});

it("warns of a cluster that no target uses", () => {
  const outcome = parseConfig(smallest.replace("clusters: {", "clusters: { us1: { snapshot: x },"), file);
  expect(outcome.type === "valid" && outcome.warnings.map((w) => formatProblem("drift.yaml", w))).toEqual([
    "drift.yaml:4:13 clusters.us1: no target uses this cluster",
  ]);
});

it("never throws, whatever the text", () => {
  const word = fc.constantFrom(
    ..."version repository clusters targets name - : [ ] { } & * ! | > ' \" # 1 -\n  \n".split(" "),
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(word, { maxLength: 40 }).map((words) => words.join(" ")),
  );
  fc.assert(
    fc.property(text, (content) => {
      const outcome = parseConfig(content, file);
      expect(outcome.type).toBe("invalid");
    }),
    { numRuns: 500 },
  );
});
