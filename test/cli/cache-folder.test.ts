import { expect, it } from "vitest";
import { cacheFolder } from "../../src/cli/cache-folder.ts";
import type { Shell } from "../../src/cli/shell.ts";
import { recorder } from "./fake-shell.ts";

it.for<[string, string | undefined, Record<string, string>]>([
  ["/repo/here", "here", { DRIFT_CACHE_DIR: "/there" }],
  ["/there", undefined, { DRIFT_CACHE_DIR: "/there", XDG_CACHE_HOME: "/xdg" }],
  ["/xdg/mesh-drift", undefined, { DRIFT_CACHE_DIR: "", XDG_CACHE_HOME: "/xdg" }],
  ["/home/priya/.cache/mesh-drift", undefined, { XDG_CACHE_HOME: "relative" }],
  ["/home/priya/.cache/mesh-drift", undefined, {}],
])("is %s for --cache-dir %s and %j", ([expected, flag, env]) => {
  const shell: Shell = {
    name: "drift",
    argv: [],
    version: "1.2.3",
    cwd: "/repo",
    homeFolder: "/home/priya",
    env,
    stdout: recorder(),
    stderr: recorder(),
    now: () => new Date(0),
    signal: new AbortController().signal,
  };
  expect(cacheFolder(flag, shell)).toBe(expected);
});
