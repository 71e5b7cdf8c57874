import { expect, it } from "vitest";
import { DriftError } from "../../src/lib/errors.ts";
import { drift } from "./fake-shell.ts";

it("prints help on standard output", async () => {
  const { exitCode, stdout, stderr } = await drift(["--help"]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toMatch(/^Usage: drift \[options\] \[command\]\n/);
  expect(stdout).toContain("Examples:\n  drift scan\n");
});

it.for(["scan", "diff"])(
  "explains exit codes and equality in the help of %s, with examples",
  async (command) => {
    const { exitCode, stdout } = await drift([command, "--help"]);
    expect(exitCode).toBe(0);
    for (const part of ["Exit codes:\n  0  in sync", "Equality:\n", `Examples:\n`, `drift ${command}`]) {
      expect(stdout).toContain(part);
    }
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
  },
);

it("gives the same help for `help scan` and `scan --help`", async () => {
  expect(await drift(["help", "scan"])).toEqual(await drift(["scan", "--help"]));
});

it("tells once that standard output cannot be written", async () => {
  const failed = new DriftError("OUTPUT_FAILED", "no space left", { hint: "make room" });
  const stdout = { isTerminal: false, write: () => Promise.reject(failed) };
  const outcome = await drift(["diff", "a", "b", "-o", "json"], { shell: { stdout } });
  expect(outcome).toEqual({ exitCode: 2, stdout: "", stderr: "drift: no space left\nhint: make room\n" });
});

it("speaks of itself by the name it was called by", async () => {
  const shell = { name: "kubectl mesh-drift" };
  const help = await drift(["scan", "--help"], { shell });
  expect(help.stdout).toMatch(/^Usage: kubectl mesh-drift scan \[options\]/);
  expect(help.stdout).not.toMatch(/(?<!mesh-)drift (scan|diff)/);
  const mistake = await drift(["scna"], { shell });
  expect(mistake.stderr).toContain("hint: kubectl mesh-drift --help");
});

it("prints its version", async () => {
  expect(await drift(["--version"])).toEqual({ exitCode: 0, stdout: "1.2.3\n", stderr: "" });
});

it("does not take a missing command for success", async () => {
  const { exitCode, stdout, stderr } = await drift([]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
  expect(stderr).toMatch(/^Usage: drift/);
});

it.for<[string[], string, string]>([
  [
    ["scna"],
    "drift: unknown command 'scna' (did you mean \"scan\"?)",
    "hint: drift --help lists what there is.",
  ],
  [
    ["scan", "--colour", "never"],
    "drift: unknown option '--colour' (did you mean \"--color\"?)",
    "hint: drift scan --help lists what there is.",
  ],
  [
    ["scan", "extra"],
    "drift: too many arguments for 'scan': expected 0 arguments but got 1",
    "hint: drift scan --help lists what there is.",
  ],
  [
    ["diff", "a"],
    "drift: missing required argument 'live-side'",
    "hint: drift diff --help lists what there is.",
  ],
  [
    ["explain", "eu1"],
    "drift: missing required argument 'key'",
    "hint: drift explain --help lists what there is.",
  ],
  [["revert"], "drift: missing required argument 'target'", "hint: drift revert --help lists what there is."],
  [["render"], "drift: missing required argument 'target'", "hint: drift render --help lists what there is."],
  [
    ["scan", "--color", "blue"],
    'drift: --color "blue": expected one of auto, always, never',
    "hint: Add --help to the command to see what there is.",
  ],
  [
    ["scan", "-o", "yaml"],
    'drift: --output "yaml": expected one of text, wide, json',
    "hint: Add --help to the command to see what there is.",
  ],
  [
    ["scan", "--allow-stale", "1 day"],
    'drift: --allow-stale "1 day": expected a duration such as 24h, 10m or 90s',
    "hint: Add --help to the command to see what there is.",
  ],
  [
    ["diff", "a", "b", "--width", "7"],
    'drift: --width "7": expected a number of columns, 40 at least',
    "hint: Add --help to the command to see what there is.",
  ],
  [
    ["scan", "--equality", "istoi"],
    'drift: --equality "istoi": expected one of strict, istio, envoy (did you mean "istio"?)',
    "hint: Add --help to the command to see what there is.",
  ],
  [
    ["scan", "-t", "a,,b"],
    'drift: --target "a,,b": expected names, separated by commas',
    "hint: Add --help to the command to see what there is.",
  ],
  [
    ["diff", "-", "-"],
    "drift: both sides are standard input",
    "hint: Name a file or folder for one of them.",
  ],
])("answers %j with a usage error", async ([argv, message, hint]) => {
  expect(await drift(argv)).toEqual({ exitCode: 3, stdout: "", stderr: `${message}\n${hint}\n` });
});

it.for<[string[], boolean]>([
  [[], true],
  [["--no-color"], false],
  [["--color", "always"], true],
  [["--color", "always", "--no-color"], false],
])(
  "colours the report of a terminal that can show it, unless told not to: %j",
  async ([flags, isColoured]) => {
    const texts: string[] = [];
    const stdout = {
      isTerminal: true,
      write: (text: string) => {
        texts.push(text);
        return Promise.resolve();
      },
    };
    const outcome = await drift(["diff", "a", "b", ...flags], { shell: { stdout } });
    expect(outcome).toMatchObject({ exitCode: 0, stderr: "" });
    expect(texts.join("").includes("\u001b[")).toBe(isColoured);
  },
);

const broken = {
  diff: () =>
    Promise.reject(
      new DriftError("INPUT_NOT_FOUND", "there is no git\u001b[31m/", {
        hint: "check the path",
        details: ["one", "two"],
        cause: new Error("ENOENT: the cause"),
      }),
    ),
};

it("tells what stopped a run, without a stack and without control characters", async () => {
  const { exitCode, stdout, stderr } = await drift(["diff", "a", "b"], { pipelines: broken });
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
  expect(stderr).not.toContain("\u001b");
  expect(stderr).toMatch(/^drift: there is no git.*\/\n {2}one\n {2}two\nhint: check the path\n$/);
});

it("adds the stacks of the error and of its cause with --verbose", async () => {
  const { stderr } = await drift(["diff", "a", "b", "-v"], { pipelines: broken });
  expect(stderr).toContain("DriftError");
  expect(stderr).toContain("ENOENT: the cause");
  expect(stderr).toMatch(/\n {2} {4}at /);
});

it("calls an unknown error a bug", async () => {
  const pipelines = { diff: () => Promise.reject(new TypeError("x is not a function")) };
  const { exitCode, stderr } = await drift(["diff", "a", "b"], { pipelines });
  expect(exitCode).toBe(2);
  expect(stderr).toBe(
    "drift: internal error: x is not a function\nhint: This is a bug in drift: report it with what --verbose adds to this message.\n",
  );
});

it.for([
  ["an error that stops the run", ["diff", "a", "b", "-o", "json"], "INPUT_NOT_FOUND", 3],
  ["a usage error", ["diff", "a", "b", "-o", "json", "--typo"], "USAGE", 3],
  ["a missing configuration", ["scan", "-ojson", "-c", "missing.yaml"], "CONFIG_NOT_FOUND", 3],
] as const)("keeps JSON on standard output valid after %s", async ([, argv, code, exitCode]) => {
  const outcome = await drift(argv, { pipelines: broken });
  expect(outcome.exitCode).toBe(exitCode);
  expect(outcome.stderr).toMatch(/^drift: /);
  const document = JSON.parse(outcome.stdout) as { schemaVersion: number; error: { code: string } };
  expect(document).toMatchObject({
    schemaVersion: 1,
    error: { code, details: expect.any(Array) as unknown },
  });
});

it("ends at once when it is told to, and says so", async () => {
  const controller = new AbortController();
  const pipelines = {
    diff: () => {
      controller.abort();
      return new Promise<never>(() => undefined);
    },
  };
  const shell = { signal: controller.signal };
  const outcome = await drift(["diff", "a", "b", "-o", "json"], { pipelines, shell });
  expect(outcome.stderr).toBe("drift: interrupted before there was a result\n");
  expect(JSON.parse(outcome.stdout)).toMatchObject({ error: { code: "INTERRUPTED" } });
});
