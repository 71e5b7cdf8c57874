import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { parseAllDocuments } from "yaml";
import { makeDemo } from "../../scripts/make-demo.mjs";
import { meshKinds } from "../../src/core/mesh/kinds.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const readme = readFileSync(path.join(root, "README.md"), "utf8");

/** The text of the code block that holds a text. */
function blockWith(text: string): string {
  const block = readme
    .split(/^```.*\n/m)
    .filter((_, index) => index % 2 === 1)
    .find((one) => one.includes(text));
  if (block === undefined) throw new Error(`README.md has no code block with ${text}`);
  return block;
}

function makeFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "drift-readme-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** What is another one each time: ids of commits, the time of the snapshot, where the demo lies. */
function normalise(screen: string): string {
  return screen
    .replaceAll(/\b[\da-f]{7}\b/g, "<commit>")
    .replaceAll(/\d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC/g, "<time>")
    .replaceAll(/\/\S+(?=\/demo\/shop)/g, "<folder>");
}

it("shows the screen that the command beside it prints", () => {
  const folder = makeFolder();
  makeDemo(path.join(folder, "demo"), Date.now());
  const [command = "", ...screen] = blockWith("$ npx drift scan").split("\n");
  const args = command.replace("$ npx drift ", "").split(" ");
  const { status, stdout } = spawnSync(process.execPath, [path.join(root, "dist/main.mjs"), ...args], {
    cwd: folder,
    encoding: "utf8",
    // As npx calls it, without a terminal.
    env: { PATH: process.env["PATH"], HOME: folder, npm_command: "exec" },
  });
  expect(normalise(stdout)).toBe(normalise(screen.join("\n")));
  expect(status).toBe(1);
});

/** What the command takes from the system beside kubectl. */
const missing = ["mkdir", "cat", "grep", "paste"].filter(
  (tool) => spawnSync("sh", ["-c", `command -v ${tool}`]).status !== 0,
);
if (missing.length > 0)
  process.stderr.write(`*** skipped: ${missing.join(", ")} not here, the snapshot command was not run ***\n`);

it.runIf(missing.length === 0)(
  "has a command that takes a snapshot of every kind that drift compares",
  () => {
    const folder = makeFolder();
    const mesh = meshKinds
      .filter(({ group }) => group !== "")
      .map(({ group, kind }) => `${kind.toLowerCase().replace(/y$/, "ie")}s.${group}`);
    const others = [
      "configmaps",
      "namespaces",
      "deployments.apps",
      "ingresses.networking.k8s.io",
      "xmeshes.gateway.networking.x-k8s.io",
      "istios.operator.istio.io",
    ];
    // A kubectl that tells what the cluster has, and otherwise how it was called.
    mkdirSync(path.join(folder, "bin"));
    const kubectl = path.join(folder, "bin/kubectl");
    const kinds = [...others, ...mesh].join("\n");
    writeFileSync(
      kubectl,
      `#!/bin/sh\nif [ "$1" = api-resources ]; then cat <<'END'\n${kinds}\nEND\nelse printf '%s\\n' "$@"; fi\n`,
    );
    chmodSync(kubectl, 0o755);
    execFileSync("sh", ["-c", blockWith("kubectl api-resources")], {
      cwd: folder,
      env: { PATH: `${path.join(folder, "bin")}:${process.env["PATH"] ?? ""}` },
    });
    const callOf = (file: string): string[] =>
      readFileSync(path.join(folder, "live/eu1", file), "utf8")
        .trimEnd()
        .split("\n");
    const [kindList = "", ...flags] = callOf("mesh.json").reverse();
    expect(flags.reverse()).toEqual(["get", "-A", "--show-managed-fields", "-o", "json"]);
    expect(kindList.split(",").toSorted()).toEqual([...mesh, "namespaces"].toSorted());
    // Not by its name: kubectl prints a List even where there is none.
    const byName = ["--field-selector", "metadata.name=istio"];
    const call = ["get", "configmaps", "-n", "istio-system", ...byName, "-o", "json"];
    expect(callOf("mesh-config.json")).toEqual(call);
  },
);

it("gives each role to the service account that it creates", () => {
  interface Grant {
    readonly kind: string;
    readonly metadata: { readonly name: string; readonly namespace?: string };
    readonly roleRef?: { readonly kind: string; readonly name: string };
    readonly subjects?: readonly object[];
  }
  const objects = parseAllDocuments(blockWith("kind: ClusterRole")).map((one) => one.toJS() as Grant);
  const [account] = objects.filter(({ kind }) => kind === "ServiceAccount");
  expect(objects.find(({ kind }) => kind === "Namespace")?.metadata.name).toBe(account?.metadata.namespace);
  const roles = objects.filter(({ kind }) => kind.endsWith("Role"));
  expect(roles.map(({ kind }) => kind)).toEqual(["ClusterRole", "Role"]);
  for (const { kind, metadata } of roles) {
    const bindings = objects.filter((one) => one.roleRef?.kind === kind);
    expect(bindings).toMatchObject([
      {
        kind: `${kind}Binding`,
        metadata: { name: metadata.name },
        roleRef: { name: metadata.name, apiGroup: "rbac.authorization.k8s.io" },
        subjects: [{ kind: "ServiceAccount", ...account?.metadata }],
      },
    ]);
    expect(bindings[0]?.metadata.namespace).toBe(metadata.namespace);
  }
});

it("names the versions of Node that the package asks for", () => {
  const { engines } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
    engines: { node: string };
  };
  expect(engines.node).toBe("^20.19 || ^22.13 || >=24");
  expect(readme).toContain("Node 20 (from 20.19), 22 (from 22.13), 24 or newer");
});
