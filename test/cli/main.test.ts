import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { beforeAll, expect, it, onTestFinished } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");
const main = path.join(root, "dist/main.mjs");

beforeAll(() => {
  if (!existsSync(main)) throw new Error("dist/main.mjs is missing: run `npm run build`");
});

interface Ended {
  readonly exitCode: number | null;
  readonly stderr: string;
}

/** Starts the program, lets `act` do something to it, and waits for its end. */
function run(argv: readonly string[], act: (child: ReturnType<typeof spawn>) => void): Promise<Ended> {
  const child = spawn(process.execPath, [main, ...argv], { cwd: os.tmpdir() });
  const chunks: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
  act(child);
  return new Promise((resolve) => {
    child.on("close", (exitCode) => {
      resolve({ exitCode, stderr: Buffer.concat(chunks).toString() });
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

it.for([
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
