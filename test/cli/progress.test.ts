import { expect, it } from "vitest";
import { createProgress } from "../../src/cli/progress.ts";
import type { Output, Shell } from "../../src/cli/shell.ts";
import { recorder } from "./fake-shell.ts";

async function shown(
  stderr: Output & { text: () => string },
  settings: { env?: Record<string, string>; isQuiet?: boolean; warning?: string } = {},
): Promise<string> {
  const shell: Shell = {
    name: "drift",
    argv: [],
    version: "1.2.3",
    cwd: "/",
    homeFolder: "/",
    env: settings.env ?? {},
    stdout: recorder(),
    stderr,
    now: () => new Date(0),
    signal: new AbortController().signal,
  };
  const progress = createProgress(shell, settings.isQuiet === true);
  progress.show("rendering 1 of 12");
  if (settings.warning !== undefined) progress.warn(settings.warning);
  progress.show("rendering 12 of 12");
  await progress.clear();
  return stderr.text();
}

it("redraws one line on a terminal and leaves it empty", async () => {
  const erase = "\r\u001b[2K";
  expect(await shown(recorder({ isTerminal: true }))).toBe(
    `${erase}rendering 1 of 12${erase}rendering 12 of 12${erase}`,
  );
});

it("lets warnings stay, above the line that is redrawn", async () => {
  const erase = "\r\u001b[2K";
  const terminal = recorder({ isTerminal: true });
  expect(await shown(terminal, { warning: "a\u001b[31m" })).toBe(
    `${erase}rendering 1 of 12${erase}drift: warning: a\\u{1b}[31m\n${erase}rendering 12 of 12${erase}`,
  );
  expect(await shown(recorder(), { warning: "b" })).toBe("drift: warning: b\n");
  expect(await shown(recorder(), { warning: "b", isQuiet: true })).toBe("");
});

it("never fills the last column", async () => {
  const text = await shown(recorder({ isTerminal: true, columns: 12 }));
  expect(text).toContain("renderin...");
  expect(text).not.toContain("rendering");
});

it.for<[string, Partial<Output>, { env?: Record<string, string>; isQuiet?: boolean }]>([
  ["in a pipe", {}, {}],
  ["in CI", { isTerminal: true }, { env: { CI: "true" } }],
  ["on a dumb terminal", { isTerminal: true }, { env: { TERM: "dumb" } }],
  ["when asked to be quiet", { isTerminal: true }, { isQuiet: true }],
])("says nothing %s", async ([, output, settings]) => {
  expect(await shown(recorder(output), settings)).toBe("");
});
