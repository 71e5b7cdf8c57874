import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { beforeAll, expect, it, onTestFinished, vi } from "vitest";
import { hasPipes, makePipe } from "../support/pipes.ts";

// Real processes take their time on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

const root = path.resolve(import.meta.dirname, "../..");
const main = path.join(root, "dist/main.mjs");

/** One target, of a repository in `git`. */
const validConfig = `version: 1
repository: { url: git, revision: main }
clusters: { c: { snapshot: live.yaml } }
targets: [{ name: a, overlay: ., cluster: c }]
`;

beforeAll(() => {
  if (!existsSync(main)) throw new Error("dist/main.mjs is missing: run `npm run build`");
});

interface Ended {
  readonly exitCode: number | null;
  readonly stderr: string;
}

/** A folder that goes away with the test. */
function tempFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "drift-main-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** What a shell makes of an end: a signal is 128 and its number. */
function statusOf(exitCode: number | null, signal: NodeJS.Signals | null): number | null {
  return signal === null ? exitCode : 128 + os.constants.signals[signal];
}

/** Starts the program, lets `act` do something to it, and waits for its end. */
function run(
  argv: readonly string[],
  act: (child: ReturnType<typeof spawn>) => void,
  nodeArgs: readonly string[] = [],
): Promise<Ended> {
  const child = spawn(process.execPath, [...nodeArgs, main, ...argv], { cwd: os.tmpdir() });
  const chunks: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
  act(child);
  return new Promise((resolve) => {
    child.on("close", (exitCode, signal) => {
      resolve({ exitCode: statusOf(exitCode, signal), stderr: Buffer.concat(chunks).toString() });
    });
  });
}

it("prints the version of the package", () => {
  const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
    version: string;
  };
  expect(execFileSync(process.execPath, [main, "--version"], { encoding: "utf8" })).toBe(`${version}\n`);
});

it("ends with exit code 3 and valid JSON when there is no configuration", () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [main, "scan", "-o", "json", "-c", "missing.yaml"],
    {
      cwd: os.tmpdir(),
      encoding: "utf8",
    },
  );
  expect(status).toBe(3);
  expect(stderr).toMatch(/^drift: cannot read missing.yaml: there is no such file\nhint: /);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: "CONFIG_NOT_FOUND" } });
});

it("prints nothing but the report, whatever the YAML library is told by the environment", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "drift-main-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  writeFileSync(path.join(folder, "drift.yaml"), "version: 1\n");
  const { stdout } = spawnSync(process.execPath, [main, "scan", "-o", "json"], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, LOG_TOKENS: "1", LOG_STREAM: "1" },
  });
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: "CONFIG_INVALID" } });
});

it("ends quietly when nobody reads its output", async () => {
  const ended = await run(["scan", "--help"], (child) => child.stdout?.destroy());
  expect(ended).toEqual({ exitCode: 0, stderr: "" });
});

it("says so when its output cannot be written", () => {
  const { status, stderr } = spawnSync(
    "sh",
    ["-c", `exec "$0" "$1" --help > /dev/full`, process.execPath, main],
    {
      encoding: "utf8",
    },
  );
  expect(status).toBe(2);
  expect(stderr).toMatch(/^drift: cannot write the report: ENOSPC.*\nhint: /);
});

it("needs no home folder where the cache is named, and says so where it is not", () => {
  const folder = tempFolder();
  writeFileSync(path.join(folder, "drift.yaml"), validConfig);
  const scan = (...args: readonly string[]) =>
    spawnSync(process.execPath, [main, "scan", ...args], {
      cwd: folder,
      encoding: "utf8",
      env: { PATH: process.env["PATH"], HOME: "" },
    });
  const { status, stderr } = scan();
  expect(status).toBe(3);
  expect(stderr).toMatch(/^drift: there is no place for the cache: .*\nhint: .*--cache-dir/);
  expect(scan("--cache-dir", "cache").stderr).toContain("git does not exist");
});

it("needs no current folder to tell its version, and says so where it needs one", () => {
  const gone = path.join(tempFolder(), "gone");
  const script = `
    import { spawnSync } from "node:child_process";
    import { mkdirSync, rmdirSync } from "node:fs";
    const [gone, ...command] = process.argv.slice(1);
    mkdirSync(gone);
    process.chdir(gone);
    rmdirSync(gone);
    process.exitCode = spawnSync(process.execPath, command, { stdio: "inherit" }).status;`;
  const inRemoved = (word: string) =>
    spawnSync(process.execPath, ["--input-type=module", "-e", script, gone, main, word], {
      encoding: "utf8",
    });
  expect(inRemoved("--version").status).toBe(0);
  const { status, stderr } = inRemoved("scan");
  expect(status).toBe(3);
  expect(stderr).toMatch(/^drift: the current folder does not exist any more\nhint: .*\n$/);
});

/** Holds one of Node's own threads for ever, as a file of a server that is away does. */
function holdThread(): readonly string[] {
  const pipe = path.join(tempFolder(), "pipe");
  makePipe(pipe);
  const script = `import fs from "node:fs"; fs.open(${JSON.stringify(pipe)}, "r", () => undefined);`;
  return ["--import", `data:text/javascript,${encodeURIComponent(script)}`];
}

it.runIf(hasPipes).for([
  ["after a moment", undefined, 143],
  ["at once on a second signal", "SIGINT", 130],
] as const)("ends %s although a thread of Node never comes back", async ([, second, exitCode]) => {
  const ended = await run(
    ["diff", "-", os.tmpdir()],
    (child) => {
      child.stdin?.write("# a comment\n".repeat(200_000), () => child.kill("SIGTERM"));
      // It says that it was interrupted.
      child.stderr?.once("data", () => {
        if (second !== undefined) child.kill(second);
      });
    },
    holdThread(),
  );
  expect(ended.exitCode).toBe(exitCode);
});

it.for([
  ["SIGHUP", 129],
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("ends on %s with exit code %i", async ([signal, exitCode]) => {
  // More than a pipe holds: once all of it is handed over, the run has begun to read. Then it waits for the rest.
  const text = "# a comment\n".repeat(200_000);
  const ended = await run(["diff", "-", os.tmpdir()], (child) => {
    child.stdin?.write(text, () => child.kill(signal));
  });
  expect(ended.exitCode).toBe(exitCode);
  expect(ended.stderr).toBe("drift: interrupted before there was a result\n");
});

it("prints nothing of what simple-git does, whatever DEBUG says", () => {
  const folder = tempFolder();
  const git = (...args: readonly string[]) =>
    execFileSync("git", ["-C", folder, "-c", "user.name=Ada", "-c", "user.email=ada@example.com", ...args]);
  const service = (host: string) =>
    `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: a, namespace: shop }\nspec: { hosts: [${host}] }\n`;
  git("init", "--quiet", "--initial-branch=main", "git");
  writeFileSync(path.join(folder, "git/kustomization.yaml"), "resources: [a.yaml]\n");
  writeFileSync(path.join(folder, "git/a.yaml"), service("a"));
  git("-C", "git", "add", "--all");
  git("-C", "git", "commit", "--quiet", "-m", "First");
  writeFileSync(path.join(folder, "live.yaml"), `${service("b")}---\n`);
  writeFileSync(path.join(folder, "drift.yaml"), validConfig);
  const { stderr, stdout } = spawnSync(
    process.execPath,
    [main, "scan", "-o", "json", "--cache-dir", "cache"],
    { cwd: folder, encoding: "utf8", env: { ...process.env, DEBUG: "*" } },
  );
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toMatchObject({ targets: [{ commits: { "a.yaml": { author: "Ada" } } }] });
});

/** The packages that a file loads before anything runs: what stands in its static imports, and in theirs. */
function packagesLoadedBy(file: string, seen: Set<string> = new Set<string>()): Set<string> {
  const packages = new Set<string>();
  if (seen.has(file)) return packages;
  seen.add(file);
  for (const [, specifier = ""] of readFileSync(file, "utf8").matchAll(
    /^(?:import|export) (?!type )[^;]*?from "([^"]+)";/gm,
  )) {
    if (!specifier.startsWith(".")) packages.add(specifier);
    else
      for (const found of packagesLoadedBy(path.resolve(path.dirname(file), specifier), seen))
        packages.add(found);
  }
  return packages;
}

it("loads nothing but commander and Node's own modules before a command runs", () => {
  const packages = [...packagesLoadedBy(path.join(root, "src/main.ts"))].filter(
    (name) => !name.startsWith("node:"),
  );
  expect(packages).toEqual(["commander"]);
});
