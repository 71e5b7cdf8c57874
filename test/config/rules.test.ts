import { expect, it } from "vitest";
import { problemsOf, smallest } from "./config-text.ts";

it.for([
  ["clusters: { eu1: { context: a, namespaces: [shop, pay, shop] } }", "4:56 clusters.eu1.namespaces[2]"],
  ["clusters: { eu1: { snapshot: a, namespaces: [shop, shop] } }", "4:52 clusters.eu1.namespaces[1]"],
])("refuses a namespace that stands twice in %s", ([line, place]) => {
  expect(problemsOf(smallest.replace(/clusters:.*/, line ?? ""))).toEqual([
    `drift.yaml:${place ?? ""}: "shop" stands twice`,
  ]);
});

/** A configuration whose second target reads the same overlay for the same cluster, from these repositories. */
function twice(common: string, own: string): readonly string[] {
  const second = `- { name: again, overlay: ./overlays/eu1/, cluster: eu1, ${own} }`;
  return problemsOf(`
version: 1
repository: ${common}
clusters: { eu1: { snapshot: ./live/eu1 } }
targets:
  - { name: eu1, overlay: overlays/eu1, cluster: eu1 }
  ${second}
`);
}

it.for([
  [".", "repository: ./"],
  [".", "repository: { url: . }"],
  ["../mesh", "repository: ../x/../mesh/"],
  ["{ url: ., revision: main }", "revision: main"],
  ["{ url: ., revision: main }", "repository: { url: ., revision: main, allowStale: 1h }"],
  ["https://git.example.com/mesh", "repository: https://GIT.example.com/mesh.git"],
  ["git@git.example.com:acme/mesh", "repository: ssh://git@git.example.com/acme/mesh.git"],
])("takes the repository %s and a target's %s for the same pair", ([common = "", own = ""]) => {
  expect(twice(common, own)).toEqual([
    'drift.yaml:7:5 targets[1]: overlay "overlays/eu1" on cluster "eu1" is already targets[0]',
  ]);
});

it.for([
  [".", "repository: .."],
  [".", "revision: main"],
  ["{ url: ., revision: main }", "revision: next"],
  ["{ url: ., revision: main }", "repository: ."],
])("tells the repository %s from a target's %s", ([common = "", own = ""]) => {
  expect(twice(common, own)).toEqual([]);
});

it("compares each pair once, however many targets there are", () => {
  const targets = Array.from(
    { length: 4000 },
    (_, i) => `  - { name: t${String(i)}, overlay: overlays/${String(i % 3999)}, cluster: eu1 }`,
  );
  expect(problemsOf(smallest.replace(/targets:.*/, `targets:\n${targets.join("\n")}`))).toEqual([
    'drift.yaml:4005:5 targets[3999]: overlay "overlays/0" on cluster "eu1" is already targets[0]',
  ]);
});

it.for([
  "../x",
  "/srv/x",
  "*",
  "https://*",
  "https://gith*b.com/a",
  "https://example.com/*/a",
  "http://example.com/a",
  "https://example.com/%61",
])("refuses remote bases of %s, which no URL of a repository is like", (repository) => {
  expect(problemsOf(`${smallest}render: { remoteBases: [{ repository: "${repository}" }] }`)).toEqual([
    `drift.yaml:6:39 render.remoteBases[0].repository: expected the https or ssh URL of a repository, or of a folder of them with /* at its end; got "${repository}"`,
  ]);
});

it.for([
  "https://example.com/*",
  "https://example.com/acme/mesh.git",
  "git@example.com:acme/*",
  "ssh://git@example.com:22/a/b/",
  "file:///srv/*",
])("takes remote bases of %s", (repository) => {
  expect(problemsOf(`${smallest}render: { remoteBases: [{ repository: "${repository}" }] }`)).toEqual([]);
});

it.for([
  "https://git.example.com/mesh?access_key=hunter2",
  "https://git.example.com/mesh#hunter2",
  "git@git.example.com:mesh?token=hunter2",
  " https://git.example.com/mesh?token=hunter2",
])("refuses the URL %s once, without repeating what stands behind its path", (url) => {
  for (const [line, at] of [
    [`repository: "${url}"`, "repository"],
    [`repository: { url: "${url}" }`, "repository.url"],
    [
      `repository: .\nrender: { remoteBases: [{ repository: "${url}" }] }`,
      "render.remoteBases[0].repository",
    ],
  ] as const) {
    const problems = problemsOf(smallest.replace("repository: .", line));
    expect(problems).toEqual([expect.stringContaining(` ${at}: expected `)]);
    expect(problems.join()).not.toContain("hunter2");
  }
});

it.for([
  ["HTTP://example.com/y", "sshKeyFile", "is for ssh URLs only"],
  ["../y", "sshKeyFile", "is for ssh URLs only"],
  ["HTTPS://example.com/y", "sshKeyFile", "is for ssh URLs only"],
  ["SSH://git@example.com/y", "tokenFile", "is for https URLs only"],
  ["HTTPS://example.com/y", "tokenFile", ""],
  ["SSH://git@example.com/y", "sshKeyFile", ""],
  ["git@example.com:y", "sshKeyFile", ""],
] as const)("reads the scheme of %s in any case: %s %s", ([url, key, message]) => {
  const line = `repository: { url: "${url}", ${key}: x }`;
  const problems = problemsOf(smallest.replace("repository: .", line));
  expect(problems).toEqual(message === "" ? [] : [expect.stringContaining(`repository.${key}: ${message}`)]);
});

it.for(["https://h:999999", "https://:6443", "https://a b"])("refuses the server %s", (server) => {
  const text = smallest.replace("{ snapshot: ./live/eu1 }", `{ server: "${server}" }`);
  expect(problemsOf(text)).toEqual([
    expect.stringContaining("clusters.eu1.server: expected the https URL of an API server"),
  ]);
});
