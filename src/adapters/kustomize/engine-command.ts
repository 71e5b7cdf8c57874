import { existsSync } from "node:fs";
import { join } from "node:path";
import { type CommandEnd, runCommand } from "../../lib/run-command.ts";
import type { EngineFolder } from "./engine-folder.ts";

/** What one run of the command gets. */
export interface EngineRun {
  readonly folder: EngineFolder;
  /** Where it runs: a folder below `folder.tree`. */
  readonly cwd: string;
  readonly timeoutMs: number;
  readonly maxOutputBytes: number;
  readonly signal?: AbortSignal;
}

/** What it printed and how it ended; of standard error the beginning. */
export type EngineResult = CommandEnd & { readonly stdout: Buffer; readonly stderr: string };

/** Address space, in KiB, as `ulimit` counts: 4 GiB. kubectl takes 1.3 GiB for nothing; a bomb of aliases takes 10. */
const maxMemoryKib = 4 * 1024 * 1024;
/** How much of standard error is kept; an engine that goes wrong may repeat itself. */
const maxStderrChars = 32 * 1024;

const shell = "/bin/sh";
/** The arguments never become part of the script. A limit that the system does not know stays unset. */
const limitScript = 'ulimit -c 0; ulimit -v "$1" 2>/dev/null; shift; exec "$@"';
/** A network without anything in it, not even loopback. */
const unshare = ["/usr/bin/unshare", "--user", "--map-root-user", "--net", "--"];

/** Runs commands apart from the rest of the machine, as far as it can do that. */
export class EngineSandbox {
  readonly #prefix: readonly string[];

  private constructor(prefix: readonly string[]) {
    this.#prefix = prefix;
  }

  /** Finds out what this machine can do: limit memory (a shell), take the network away (user namespaces, Linux). */
  static async open(folder: EngineFolder): Promise<EngineSandbox> {
    if (!existsSync(shell)) return new EngineSandbox([]);
    const limited = [shell, "-c", limitScript, "sh", String(maxMemoryKib)];
    if (!existsSync(unshare[0] ?? "")) return new EngineSandbox(limited);
    const apart = new EngineSandbox([...limited, ...unshare]);
    const run = { folder, cwd: folder.tree, timeoutMs: 10_000, maxOutputBytes: 1024 };
    const { type, ...end } = await apart.run([shell, "-c", ":"], run);
    const works = type === "exited" && "exitCode" in end && end.exitCode === 0;
    return works ? apart : new EngineSandbox(limited);
  }

  /**
   * Runs a command, given by its absolute path. It has no input, finds no other command, knows nothing of our
   * environment and reaches no host; nothing that it starts in its process group outlives it. Never throws.
   */
  async run(command: readonly string[], run: EngineRun): Promise<EngineResult> {
    const [file = "", ...args] = [...this.#prefix, ...command];
    let stderr = "";
    const end = await runCommand(file, args, {
      env: environment(run.folder),
      cwd: run.cwd,
      timeoutMs: run.timeoutMs,
      maxOutputBytes: run.maxOutputBytes,
      leavesNothing: true,
      onStderr: (text) => {
        if (stderr.length < maxStderrChars) stderr += text.slice(0, maxStderrChars - stderr.length);
      },
      ...(run.signal && { signal: run.signal }),
    });
    return { ...end, stderr };
  }
}

/** Nothing listens on port 0, ever. */
const nowhere = "http://127.0.0.1:0";

/** The whole environment. An empty PATH would be the folder in which the files of the repository lie. */
function environment({ root, empty }: EngineFolder): Record<string, string> {
  const proxies = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"];
  return {
    LC_ALL: "C",
    PATH: empty,
    // It does not exist.
    HOME: join(root, "home"),
    TMPDIR: root,
    ...Object.fromEntries(proxies.map((name) => [name, nowhere])),
  };
}
