import { describe, expect, it, vi } from "vitest";

import {
  type CommandOptions,
  type CommandResult,
  runCommand,
  startCommand,
} from "../../src/lib/run-command.ts";
import { isGone } from "../support/is-gone.ts";

// Real processes take their time on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

/** Runs a Node script, the one program that is surely here. */
function runScript(script: string, options: Partial<CommandOptions> = {}): Promise<CommandResult> {
  return runCommand(process.execPath, ["-e", script], {
    env: {},
    timeoutMs: 20_000,
    maxOutputBytes: 1_000_000,
    ...options,
  });
}

/** A script whose child ignores SIGTERM and holds the pipes, and that prints the child's process id. */
const withStubbornChild = `
  const { spawn } = require("node:child_process");
  const child = spawn(process.execPath,
    ["-e", "process.on('SIGTERM', () => 0); console.error(process.pid); setInterval(() => 0, 1000)"],
    { stdio: "inherit" });
  process.on("SIGTERM", () => process.exit(1));
`;

describe("a command", () => {
  it("gives back output, exit code and the end of standard error", async () => {
    const result = await runScript(
      `process.stdout.write(Buffer.from([0, 255, 10])); console.error("x".repeat(9000) + "\\nwhy"); process.exitCode = 3;`,
    );
    expect(result).toMatchObject({ type: "exited", exitCode: 3 });
    expect([...result.stdout]).toEqual([0, 255, 10]);
    expect(result.stderrTail).toBe("why\n");
  });

  it.for([
    [4096, 4096],
    [4097, 0],
  ] as const)(
    "keeps of a line of %i characters %i: half of a secret is not known for one",
    async ([length, kept]) => {
      const { stderrTail } = await runScript(`process.stderr.write("x".repeat(${String(length)}))`);
      expect(stderrTail).toHaveLength(kept);
    },
  );

  it("keeps a line whole that begins where the rest was cut off", async () => {
    const { stderrTail } = await runScript(`process.stderr.write("x\\n" + "y".repeat(4096))`);
    expect(stderrTail).toBe("y".repeat(4096));
  });

  it("reads the input it was given, and its arguments as they are", async () => {
    const script = `process.stdin.pipe(process.stdout); console.log(JSON.stringify(process.argv.slice(1)));`;
    const args = ["$HOME; touch x", "*", "--", "a\nb"];
    const result = await runCommand(process.execPath, ["-e", script, "--", ...args], {
      env: {},
      timeoutMs: 20_000,
      maxOutputBytes: 1_000_000,
      input: "from standard input",
    });
    expect(result.stdout.toString()).toBe(`${JSON.stringify(args)}\nfrom standard input`);
  });

  it("knows nothing of our environment but what it was given", async () => {
    const result = await runScript("console.log(JSON.stringify(process.env))", { env: { A: "1" } });
    expect(JSON.parse(result.stdout.toString())).toEqual({ A: "1" });
  });

  it("that dies without reading its input is judged by its end only", async () => {
    const result = await runScript("process.exit(4)", { input: "x".repeat(5_000_000) });
    expect(result).toMatchObject({ type: "exited", exitCode: 4 });
  });

  it.for(["no-such-command-here", "/", "a\0b"])("that cannot be started is told: %j", async (file) => {
    const result = await runCommand(file, [], { env: {}, timeoutMs: 1000, maxOutputBytes: 10 });
    expect(result.type).toBe("not-started");
  });

  it("that another process kills is not taken for done", async () => {
    const result = await runScript("process.kill(process.pid, 'SIGKILL')");
    expect(result).toMatchObject({ type: "killed", reason: "signal" });
  });
});

describe("a command that does not end", () => {
  it("is killed at its time limit", async () => {
    const result = await runScript("setInterval(() => 0, 1000)", { timeoutMs: 100 });
    expect(result).toMatchObject({ type: "killed", reason: "timeout" });
  });

  it("is killed when it is silent for too long, and not while it prints", async () => {
    const options = { silenceMs: 1_000, timeoutMs: 20_000 };
    const silent = await runScript("setInterval(() => 0, 1000)", options);
    expect(silent).toMatchObject({ type: "killed", reason: "timeout" });
    const talking = await runScript(
      `let n = 0; const timer = setInterval(() => {
         if (++n % 2) console.log(n); else console.error(n);
         if (n === 15) clearInterval(timer);
       }, 100);`,
      options,
    );
    expect(talking).toMatchObject({ type: "exited", exitCode: 0 });
  });

  it("is killed with every process it started, those that ignore SIGTERM too", async () => {
    const controller = new AbortController();
    const result = await runScript(withStubbornChild, {
      signal: controller.signal,
      onStderr: () => {
        controller.abort();
      },
    });
    expect(result).toMatchObject({ type: "killed", reason: "aborted" });
    expect(await isGone(Number(result.stderrTail))).toBe(true);
  });

  it("is killed when it prints more than allowed, and the rest is not kept", async () => {
    const result = await runScript(
      `const more = () => process.stdout.write("x".repeat(1000), more); more();`,
      { maxOutputBytes: 10_000 },
    );
    expect(result).toMatchObject({ type: "killed", reason: "output" });
    expect(result.stdout.length).toBeLessThanOrEqual(10_000);
  });

  it("is killed when it is called off, also beforehand", async () => {
    const controller = new AbortController();
    const running = runScript(`console.error("up"); setInterval(() => 0, 1000)`, {
      signal: controller.signal,
      onStderr: () => {
        controller.abort();
      },
    });
    expect(await running).toMatchObject({ type: "killed", reason: "aborted" });
    const late = await runScript("setInterval(() => 0, 1000)", { signal: AbortSignal.abort() });
    expect(late).toMatchObject({ type: "killed", reason: "aborted" });
  });

  it("does not keep us waiting when a process that left its group holds its output", async () => {
    const result = await runScript(`
      const { spawn } = require("node:child_process");
      const child = spawn(process.execPath, ["-e", "setTimeout(() => 0, 20000)"],
        { stdio: "inherit", detached: true });
      child.unref();
      console.log(child.pid);
    `);
    expect(result).toMatchObject({ type: "exited", exitCode: 0 });
    process.kill(Number(result.stdout.toString()), "SIGKILL");
  });

  it("ends with our own process", async () => {
    const jiti = new URL("../../node_modules/jiti/lib/jiti-cli.mjs", import.meta.url).pathname;
    const script = new URL("run-command-exit.ts", import.meta.url).pathname;
    const result = await runCommand(process.execPath, [jiti, script], {
      env: { PATH: process.env["PATH"] ?? "" },
      timeoutMs: 20_000,
      maxOutputBytes: 1_000,
    });
    expect(result).toMatchObject({ type: "exited", exitCode: 7 });
    expect(await isGone(Number(result.stdout.toString()))).toBe(true);
  });
});

describe("a long-lived command", () => {
  it("answers while its input stays open and ends when it is closed", async () => {
    let answer: (text: string) => void = () => undefined;
    const command = startCommand(process.execPath, ["-e", "process.stdin.pipe(process.stdout)"], {
      env: {},
      onStdout: (chunk) => {
        answer(chunk.toString());
      },
    });
    for (const text of ["first", "second"]) {
      const answered = new Promise<string>((resolve) => {
        answer = resolve;
      });
      command.write(text);
      expect(await answered).toBe(text);
    }
    command.closeInput();
    expect(await command.ended).toMatchObject({ type: "exited", exitCode: 0 });
  });

  it("can be killed twice, and after its end", async () => {
    const command = startCommand(process.execPath, ["-e", "setInterval(() => 0, 1000)"], {
      env: {},
      onStdout: () => undefined,
    });
    command.kill("timeout");
    command.kill("aborted");
    expect(await command.ended).toMatchObject({ type: "killed", reason: "timeout" });
    command.kill("aborted");
    command.write("nobody reads this");
  });
});
