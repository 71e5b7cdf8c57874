import { once } from "node:events";
import { existsSync, readFileSync, watch } from "node:fs";
import net from "node:net";
import path from "node:path";
import { expect, it } from "vitest";
import type { Connection } from "../../../../src/adapters/kubernetes/connect/access.ts";
import { createAuthority } from "./test-authority.ts";
import { listen, startServer } from "./test-servers.ts";
import { base64, createWorkspace, failureOf, get, shown, type Workspace } from "./test-workspace.ts";

const cluster = { server: "https://api.example.com" };
const v1 = "client.authentication.k8s.io/v1";

async function authorizationOf(connection: Connection): Promise<unknown> {
  return (await connection.credentials()).headers["Authorization"];
}

/** The source of a plugin that prints an ExecCredential with this status (JavaScript). */
function printing(status: string, apiVersion = v1): string {
  return `console.log(JSON.stringify({apiVersion: ${JSON.stringify(apiVersion)}, kind: "ExecCredential", status: ${status}}))`;
}

/** The source of a plugin that gives the tokens run-1, run-2, ... and leaves one line for each run. */
const counting = `
const { appendFileSync, readFileSync } = require("node:fs");
appendFileSync(__dirname + "/runs", process.env.KUBERNETES_EXEC_INFO + "\\n");
const runs = readFileSync(__dirname + "/runs", "utf8").trim().split("\\n").length;
${printing('{token: "run-" + runs, expirationTimestamp: process.env.EXPIRES}')}`;

function runsOf({ folder }: Workspace): readonly string[] {
  return readFileSync(path.join(folder, "runs"), "utf8").trim().split("\n");
}

const exec = (command: string, more: object = {}) => ({ exec: { apiVersion: v1, command, ...more } });

it("runs a plugin once for requests that ask at the same time, and once more for a 401", async () => {
  const workspace = createWorkspace();
  workspace.program("plugin", counting);
  const connection = await workspace.openWith({ cluster, user: exec("./plugin") });
  const first = await Promise.all([1, 2, 3, 4].map(() => connection.credentials()));
  expect(new Set(first).size).toBe(1);
  const [rejected] = first;
  const again = { ...(rejected === undefined ? {} : { rejected }) };
  const second = await Promise.all([1, 2, 3, 4].map(() => connection.credentials(again)));
  expect(new Set(second.map(({ headers }) => headers["Authorization"]))).toEqual(new Set(["Bearer run-2"]));
  expect(await connection.credentials(again)).toBe(second[0]);
  expect(runsOf(workspace)).toHaveLength(2);
});

it("runs a plugin again shortly before its credentials expire", async () => {
  const workspace = createWorkspace();
  workspace.program("plugin", counting);
  const env = [{ name: "EXPIRES", value: "2026-03-01T12:10:00Z" }];
  const connection = await workspace.openWith({ cluster, user: exec("./plugin", { env }) });
  expect(await authorizationOf(connection)).toBe("Bearer run-1");
  workspace.pass(9 * 60_000 + 49_000);
  expect(await authorizationOf(connection)).toBe("Bearer run-1");
  workspace.pass(1_000);
  expect(await authorizationOf(connection)).toBe("Bearer run-2");
  workspace.pass(10_000);
  const failure = await failureOf(connection.credentials());
  expect(failure.message).toContain("expired at 2026-03-01T12:10:00.000Z, before they were used");
});

it("tells a plugin the version, and the cluster only where the kubeconfig asks for that", async () => {
  const workspace = createWorkspace();
  const { cert } = createAuthority();
  workspace.program("plugin", counting);
  const full = {
    ...cluster,
    "certificate-authority-data": base64(cert),
    "tls-server-name": "name.example.com",
    extensions: [{ name: "client.authentication.k8s.io/exec", extension: { audience: "mesh" } }],
  };
  await authorizationOf(await workspace.openWith({ cluster: full, user: exec("./plugin") }));
  const asking = exec("./plugin", { provideClusterInfo: true, interactiveMode: "IfAvailable" });
  await authorizationOf(await workspace.openWith({ cluster: full, user: asking }));
  const infos = runsOf(workspace).map((line): unknown => JSON.parse(line));
  expect(infos).toEqual([
    { apiVersion: v1, kind: "ExecCredential", spec: { interactive: false } },
    {
      apiVersion: v1,
      kind: "ExecCredential",
      spec: {
        interactive: false,
        cluster: {
          server: "https://api.example.com",
          "tls-server-name": "name.example.com",
          "certificate-authority-data": base64(cert),
          config: { audience: "mesh" },
        },
      },
    },
  ]);
});

it("gives a plugin our environment, its own variables over it, and its arguments", async () => {
  const { openWith, program } = createWorkspace();
  const beta = "client.authentication.k8s.io/v1beta1";
  program(
    "bin/plugin",
    printing("{token: [process.env.A, process.env.B, ...process.argv.slice(2)].join('-')}", beta),
  );
  const user = {
    exec: {
      apiVersion: beta,
      command: "bin/plugin",
      args: ["x", "$(y)"],
      env: [{ name: "B", value: "own" }],
    },
  };
  const connection = await openWith({ cluster, user }, { env: { A: "ours", B: "not-this" } });
  expect(await authorizationOf(connection)).toBe("Bearer ours-own-x-$(y)");
});

it("takes a client certificate from a plugin", async () => {
  const authority = createAuthority();
  const clients = createAuthority("clients");
  const server = await startServer(authority, ["127.0.0.1"], clients);
  const { openWith, program } = createWorkspace();
  const { cert, key } = clients.issue("from plugin");
  program("plugin", printing(JSON.stringify({ clientCertificateData: cert, clientKeyData: key })));
  const connection = await openWith({
    cluster: {
      server: `https://127.0.0.1:${String(server.port)}`,
      "certificate-authority-data": base64(authority.cert),
    },
    user: exec("./plugin"),
  });
  expect(await get(connection)).toBe(200);
  expect(server.seen[0]?.client).toBe("from plugin");
});

it("says how to install a plugin that is missing, without what steers a terminal", async () => {
  const { openWith } = createWorkspace();
  const installHint = `Install it:\n\u001b[31m brew install it\u0007 ${"x".repeat(2000)}`;
  const connection = await openWith({ cluster, user: exec("no-such-plugin", { installHint }) });
  const failure = await failureOf(connection.credentials());
  expect(failure.code).toBe("CREDENTIALS_FAILED");
  expect(failure.message).toBe(
    "the credential plugin no-such-plugin could not be started: there is no such command",
  );
  expect(failure.hint).toMatch(/^Install it: brew install it x{400,480}\.\.\.$/);
});

it("does not show the variables and arguments of a plugin that could not be started", async () => {
  const { openWith, program } = createWorkspace();
  program("plugin", counting);
  for (const more of [{ env: [{ name: "A", value: "s3cret\u0000" }] }, { args: ["s3cret\u0000"] }]) {
    const connection = await openWith({ cluster, user: exec("./plugin", more) });
    const failure = await failureOf(connection.credentials());
    expect(failure.code).toBe("CREDENTIALS_FAILED");
    expect(failure.message).toContain("could not be started");
    expect(shown(failure)).not.toContain("s3cret");
  }
});

it.for([
  ["text that is no JSON", 'console.log("s3cret")', "it printed no JSON object"],
  ["nothing", "", "it printed no JSON object"],
  ["another object", 'console.log(JSON.stringify({kind: "s3cret"}))', "it printed no ExecCredential"],
  ["another version", printing('{token: "s3cret"}', `${v1}beta1`), "not of version"],
  ["no credentials", printing('{other: "s3cret"}'), "neither a token nor a client certificate"],
  ["a certificate without a key", printing('{clientCertificateData: "s3cret"}'), "without the other"],
  ["a wrong time", printing('{token: "s3cret", expirationTimestamp: "s3cret"}'), "is no time"],
  ["a token of two lines", printing('{token: "s3cret\\ns3cret"}'), "has line breaks"],
  ["more than 1 MiB", 'process.stdout.write("s3cret".repeat(1e6))', "printed more than 1 MiB"],
] as const)("refuses a plugin that prints %s, without showing it", async ([, source, reason]) => {
  const { openWith, program } = createWorkspace();
  program("plugin", source);
  const failure = await failureOf((await openWith({ cluster, user: exec("./plugin") })).credentials());
  expect(failure.code).toBe("CREDENTIALS_FAILED");
  expect(failure.message).toContain(reason);
  expect(shown(failure)).not.toContain("s3cret");
});

it("shows what a failing plugin wrote, without secrets and without what steers a terminal", async () => {
  const { openWith, program } = createWorkspace();
  const said =
    "\u001b[31mlogin expired\u001b[0m\u0007\n token=s3cret https://jane:s3cret@idp.example.com/x\n";
  program("plugin", `process.stderr.write(${JSON.stringify(said)}); process.exitCode = 7`);
  const failure = await failureOf((await openWith({ cluster, user: exec("./plugin") })).credentials());
  expect(failure.message).toMatch(/plugin ended with exit code 7$/);
  expect(failure.details).toEqual(["login expired", "token=*** https://***@idp.example.com/x"]);
});

it("does not show what its environment calls a secret", async () => {
  const { openWith, program } = createWorkspace();
  program(
    "plugin",
    "process.stderr.write(`no ${process.env.API_KEY} of ${process.env.PROFILE} ${process.env.S_TOKEN}`); process.exitCode = 1",
  );
  const env = [
    { name: "API_KEY", value: "swordfish" },
    { name: "PROFILE", value: "production" },
    { name: "S_TOKEN", value: "of" },
  ];
  const user = exec("./plugin", { env });
  const failure = await failureOf((await openWith({ cluster, user })).credentials());
  expect(failure.details).toEqual(["no *** of production of"]);
});

it("shows the last three lines, and nothing of a key whose beginning was cut off", async () => {
  const { openWith, program } = createWorkspace();
  const key = `token=${"s3cret\n".repeat(700)}-----END RSA PRIVATE KEY-----\n`;
  const said = `${key}one\ntwo\nthree\nfour token=s3cret`;
  program("plugin", `process.stderr.write(${JSON.stringify(said)}); process.exitCode = 1`);
  const failure = await failureOf((await openWith({ cluster, user: exec("./plugin") })).credentials());
  expect(failure.details).toEqual(["two", "three", "four token=***"]);
});

it("ends a plugin that hangs, with what it started", async () => {
  const { openWith, program } = createWorkspace();
  const lifeline = net.createServer();
  const gone = new Promise<void>((resolve) => {
    lifeline.on("connection", (socket) => {
      socket
        .resume()
        .on("error", () => undefined)
        .on("close", () => {
          resolve();
        });
    });
  });
  const port = await listen(lifeline);
  const child = `require("node:net").connect(${String(port)}, "127.0.0.1")`;
  program(
    "plugin",
    `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(child)}]);
     process.stderr.write("open https://idp.example.com/device\\n"); setInterval(() => {}, 1000);`,
  );
  const connection = await openWith({ cluster, user: exec("./plugin") }, { execTimeoutMs: 1500 });
  const failure = await failureOf(connection.credentials());
  expect(failure.code).toBe("CREDENTIALS_FAILED");
  expect(failure.message).toMatch(/took longer than 1.5 s$/);
  expect(failure.details).toEqual(["open https://idp.example.com/device"]);
  await gone;
});

it("ends a plugin that runs when the connection is closed", async () => {
  const { folder, openWith, program } = createWorkspace();
  program("plugin", 'require("node:fs").writeFileSync(__dirname + "/up", ""); setInterval(() => {}, 1000)');
  const connection = await openWith({ cluster, user: exec("./plugin") });
  const watcher = watch(folder);
  const failing = failureOf(connection.credentials());
  while (!existsSync(path.join(folder, "up"))) await once(watcher, "change");
  watcher.close();
  connection.close();
  expect((await failing).message).toContain("was ended");
});

it("does not run a plugin that needs a terminal, or speaks a version that is gone", async () => {
  const workspace = createWorkspace();
  workspace.program("plugin", counting);
  const interactive = await workspace.openWith({
    cluster,
    user: exec("./plugin", { interactiveMode: "Always" }),
  });
  expect((await failureOf(interactive.credentials())).message).toContain("needs a terminal");
  const user = { exec: { apiVersion: "client.authentication.k8s.io/v1alpha1", command: "./plugin" } };
  expect((await failureOf(workspace.openWith({ cluster, user }))).code).toBe("KUBECONFIG_INVALID");
  expect(existsSync(path.join(workspace.folder, "runs"))).toBe(false);
});

it("runs of listed plugins only the listed file, whatever PATH says", async () => {
  const workspace = createWorkspace();
  const { folder, openWith, program } = workspace;
  const allowed = program("allowed/plugin", printing('{token: "allowed"}'));
  program("evil/plugin", printing('{token: "evil"}'));
  const options = { execPlugins: [allowed], env: { PATH: path.join(folder, "evil") } };
  expect(await authorizationOf(await openWith({ cluster, user: exec("plugin") }, options))).toBe(
    "Bearer allowed",
  );
  expect(await authorizationOf(await openWith({ cluster, user: exec("allowed/plugin") }, options))).toBe(
    "Bearer allowed",
  );
  for (const command of ["evil/plugin", "./plugin", "other", path.join(folder, "evil", "plugin")]) {
    const failure = await failureOf(openWith({ cluster, user: exec(command) }, options));
    expect(failure.code).toBe("CLUSTER_ACCESS_REFUSED");
  }
  const none = await failureOf(openWith({ cluster, user: exec("plugin") }, { execPlugins: [] }));
  expect(none.message).toBe("the credential plugin plugin is not allowed here");
});
