import { execFileSync } from "node:child_process";
import path from "node:path";
import { expect, it } from "vitest";
import { createAuthority } from "./test-authority.ts";
import { startServer } from "./test-servers.ts";
import {
  base64,
  createWorkspace,
  failureOf,
  get,
  kubeconfig,
  shown,
  type Workspace,
} from "./test-workspace.ts";

const current = { type: "context", context: "" } as const;
const named = (context: string) => ({ type: "context", context }) as const;

/** A kubeconfig of one context whose cluster is https://<host>. */
function config(name: string, host: string, currentContext = ""): string {
  const text = kubeconfig({ cluster: { server: `https://${host}` }, user: { token: `t-${host}` } }, name);
  return JSON.stringify({ ...(JSON.parse(text) as object), "current-context": currentContext });
}

/** Writes files and gives an environment whose KUBECONFIG lists them. */
function listed(
  { write, folder }: Workspace,
  files: Readonly<Record<string, string>>,
  more: readonly string[] = [],
) {
  const paths = Object.entries(files).map(([name, text]) => write(name, text));
  return { KUBECONFIG: [...paths, ...more.map((name) => path.join(folder, name))].join(path.delimiter) };
}

it("takes each name, and the current context, from the first file of KUBECONFIG that has it", async () => {
  const workspace = createWorkspace();
  const env = listed(workspace, {
    first: config("shared", "first.example.com"),
    second: config("shared", "second.example.com", "other"),
    third: config("other", "third.example.com", "shared"),
  });
  const shared = await workspace.open(named("shared"), { env });
  expect(shared.server.host).toBe("first.example.com");
  expect((await shared.credentials()).headers["Authorization"]).toBe("Bearer t-first.example.com");
  expect((await workspace.open(current, { env })).server.host).toBe("third.example.com");
});

it("skips files of KUBECONFIG that do not exist, and empty names", async () => {
  const workspace = createWorkspace();
  const { KUBECONFIG } = listed(workspace, { real: config("a", "a.example.com", "a") }, ["missing"]);
  const env = { KUBECONFIG: `${path.delimiter}/nowhere/config${path.delimiter}${KUBECONFIG}` };
  expect((await workspace.open(current, { env })).server.host).toBe("a.example.com");
});

it("reads ~/.kube/config where KUBECONFIG is empty, and not where it is set", async () => {
  const { open, write } = createWorkspace();
  write(".kube/config", config("home", "home.example.com", "home"));
  expect((await open(current, { env: { KUBECONFIG: "" } })).server.host).toBe("home.example.com");
  const failure = await failureOf(open(current, { env: { KUBECONFIG: "/nowhere/config" } }));
  expect(failure.code).toBe("KUBECONFIG_NOT_FOUND");
  expect(failure.message).toContain("/nowhere/config (KUBECONFIG)");
});

it("reads /dev/null as a kubeconfig that says nothing, as kubectl does", async () => {
  const workspace = createWorkspace();
  const { KUBECONFIG } = listed(workspace, { real: config("a", "a.example.com", "a") });
  const both = { KUBECONFIG: `/dev/null${path.delimiter}${KUBECONFIG}` };
  expect((await workspace.open(current, { env: both })).server.host).toBe("a.example.com");
  for (const access of [current, { ...current, kubeconfig: "/dev/null" }]) {
    const failure = await failureOf(workspace.open(access, { env: { KUBECONFIG: "/dev/null" } }));
    expect(failure).toMatchObject({
      code: "CONTEXT_NOT_FOUND",
      message: "no context was named and /dev/null has no current one",
    });
  }
});

it("says that KUBECONFIG names no file", async () => {
  const failure = await failureOf(createWorkspace().open(current, { env: { KUBECONFIG: path.delimiter } }));
  expect(failure).toMatchObject({
    code: "KUBECONFIG_NOT_FOUND",
    message: "there is no kubeconfig: KUBECONFIG is set and names no file",
  });
});

it("says that ~ is taken as it stands", async () => {
  const { open } = createWorkspace();
  const hint = "Write the whole path: ~ is taken for the name of a folder here.";
  const named = await failureOf(open({ ...current, kubeconfig: "/srv/shop/~/.kube/eu1" }));
  expect(named).toMatchObject({ code: "KUBECONFIG_NOT_FOUND", hint });
  const listed = await failureOf(open(current, { env: { KUBECONFIG: "~/.kube/eu1" } }));
  expect(listed).toMatchObject({ code: "KUBECONFIG_NOT_FOUND", hint });
});

it("says where it looked when there is no kubeconfig and no home folder", async () => {
  const { open } = createWorkspace();
  const homeFolder = () => {
    throw new Error("nobody");
  };
  const failure = await failureOf(open(current, { homeFolder }));
  expect(failure).toMatchObject({ code: "KUBECONFIG_NOT_FOUND" });
  expect(failure.message).toContain("~/.kube/config, but there is no home folder (nobody)");
});

it("fails for an explicit kubeconfig that does not exist, whatever KUBECONFIG says", async () => {
  const workspace = createWorkspace();
  const env = listed(workspace, { real: config("a", "a.example.com", "a") });
  const failure = await failureOf(workspace.open({ ...current, kubeconfig: "/nowhere/config" }, { env }));
  expect(failure).toMatchObject({
    code: "KUBECONFIG_NOT_FOUND",
    message: "there is no file /nowhere/config",
  });
});

it("resolves paths against the folder of the file that holds them", async () => {
  const authority = createAuthority();
  const server = await startServer(authority);
  const workspace = createWorkspace();
  workspace.write("one/pki/ca.crt", authority.cert);
  workspace.write("two/secrets/token", "from-file\n");
  const cluster = {
    server: `https://127.0.0.1:${String(server.port)}`,
    "certificate-authority": "pki/ca.crt",
  };
  const env = listed(workspace, {
    "one/config": JSON.stringify({
      clusters: [{ name: "c", cluster }],
      contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    }),
    "two/config": JSON.stringify({
      users: [{ name: "u", user: { tokenFile: "secrets/token", token: "not-this" } }],
    }),
  });
  expect(await get(await workspace.open(named("x"), { env }))).toBe(200);
  expect(server.seen[0]?.authorization).toBe("Bearer from-file");
});

it("reads YAML with anchors, comments and several styles", async () => {
  const { open, write } = createWorkspace();
  const file = write(
    "config",
    [
      "# mine",
      "clusters: [{name: a, cluster: &c {server: 'https://a.example.com'}}, {name: b, cluster: *c}]",
      "contexts:",
      '- {name: "x y", context: {cluster: b}}',
      "current-context: x y",
      "preferences: {}",
    ].join("\n"),
  );
  expect((await open({ ...current, kubeconfig: file })).label).toBe("context x y (https://a.example.com)");
});

it("suggests a near context, and lists those that there are where none is near", async () => {
  const workspace = createWorkspace();
  const env = listed(workspace, {
    a: config("prod-eu1", "a.example.com"),
    b: config("staging", "b.example.com"),
  });
  const near = await failureOf(workspace.open(named("prod-eu2"), { env }));
  expect(near).toMatchObject({ code: "CONTEXT_NOT_FOUND", hint: 'Did you mean "prod-eu1"?' });
  const far = await failureOf(workspace.open(named("something-else"), { env }));
  expect(far.hint).toBe("The contexts are: prod-eu1, staging.");
  const none = await failureOf(workspace.open(current, { env }));
  expect(none).toMatchObject({ code: "CONTEXT_NOT_FOUND" });
  expect(none.message).toContain("has no current one");
});

it("names a current context that does not exist as such", async () => {
  const workspace = createWorkspace();
  const env = listed(workspace, { a: config("prod", "a.example.com", "gone\u001b[31m") });
  const failure = await failureOf(workspace.open(current, { env }));
  expect(failure).toMatchObject({ code: "CONTEXT_NOT_FOUND" });
  expect(failure.message).toMatch(/^there is no context "gone" in .*, though it is the current one$/);
});

const secret = "s3cr3t-t0ken";

it.for([
  ["is no YAML", `users: [{name: a, user: {token: ${secret}}`, "not YAML"],
  ["is no mapping", `- ${secret}\n`, "not a mapping"],
  ["has two documents", `a: ${secret}\n---\nb: 1\n`, ":3 cannot be read: it holds more than one document"],
  ["is another object", `kind: Secret\ntoken: ${secret}\n`, "kind is not Config"],
  ["has users that are no list", `users: {token: ${secret}}\n`, "users is not a list"],
  ["has a user without a name", `users: [{user: {token: ${secret}}}]\n`, "users[0].name is missing"],
  [
    "has a user twice",
    `users: [{name: a, user: {token: ${secret}}}, {name: a}]\n`,
    "users[1].name occurs twice",
  ],
  ["nests too deep", `users: ${"[".repeat(5000)}${secret}\n`, "cannot be read"],
  [
    "is a bomb of aliases",
    `a: &a [${secret}]\n${"bcdefghij".replaceAll(
      /./g,
      (c) =>
        `${c}: &${c} [${Array(9)
          .fill(`*${String.fromCharCode(c.charCodeAt(0) - 1)}`)
          .join(",")}]\n`,
    )}`,
    "aliases",
  ],
] as const)("refuses a kubeconfig that %s, without quoting it", async ([, text, reason]) => {
  const { open, write } = createWorkspace();
  const failure = await failureOf(open({ ...current, kubeconfig: write("config", text) }));
  expect(failure.code).toBe("KUBECONFIG_INVALID");
  expect(failure.message).toContain(reason);
  expect(shown(failure)).not.toContain(secret);
});

it.for([
  ["a server that is missing", { cluster: {} }, "clusters[0].cluster.server is missing"],
  [
    "a token that is a number",
    { cluster: {}, user: { token: 123456 } },
    "users[0].user.token is not a string",
  ],
  [
    "a token and a password",
    { cluster: {}, user: { token: secret, username: "a" } },
    "has a token and a password",
  ],
  [
    "a key without a certificate",
    { cluster: {}, user: { "client-key-data": base64(secret) } },
    "client-certificate is missing",
  ],
  [
    "a certificate that is not base64",
    { cluster: {}, user: { "client-certificate-data": `!${secret}` } },
    "is not base64",
  ],
  ["groups without a user", { cluster: {}, user: { "as-groups": ["a"] } }, "user.as is missing"],
  ["an unknown auth-provider", { cluster: {}, user: { "auth-provider": { name: "gcp" } } }, "is not oidc"],
  [
    "a cluster that is missing",
    { cluster: {}, context: { cluster: "gone" } },
    'names "gone", which is not among the clusters',
  ],
  [
    "a user that is missing",
    { cluster: {}, context: { user: "gone" } },
    'names "gone", which is not among the users',
  ],
] as const)("refuses %s and names the place", async ([what, parts, reason]) => {
  const { openWith } = createWorkspace();
  const cluster = what.startsWith("a server") ? {} : { server: "https://api.example.com" };
  const opened = openWith({ ...parts, cluster }).then((connection) => connection.credentials());
  const failure = await failureOf(opened);
  expect(failure.code).toBe("KUBECONFIG_INVALID");
  expect(failure.message).toContain(reason);
  expect(shown(failure)).not.toContain(secret);
});

it("does not wait for a pipe, and refuses a folder, a device and a file of more than 1 MiB", async () => {
  const { folder, open, write } = createWorkspace();
  const pipe = path.join(folder, "pipe");
  execFileSync("mkfifo", [pipe]);
  const large = write("large", `# ${"x".repeat(1024 * 1024)}`);
  const reasons = [];
  for (const kubeconfig of [pipe, folder, "/dev/zero", large]) {
    const failure = await failureOf(open({ ...current, kubeconfig }));
    expect(failure.code).toBe("KUBECONFIG_INVALID");
    reasons.push(failure.message.replace(/^.* cannot be read: /, ""));
  }
  const noFile = "it is a pipe or a device, not a file";
  expect(reasons).toEqual([noFile, "it is a folder", noFile, "it is larger than 1 MiB"]);
});
