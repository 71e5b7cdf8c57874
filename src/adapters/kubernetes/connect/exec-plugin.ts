import type { Json, JsonObject } from "../../../core/model/json.ts";
import { DriftError } from "../../../lib/errors.ts";
import { type CommandResult, runCommand } from "../../../lib/run-command.ts";
import type { ConnectOptions } from "./access.ts";
import type { Endpoint } from "./endpoint.ts";
import { readExecCredential } from "./exec-credential.ts";
import type { ExecEntry } from "./exec-entry.ts";
import type { Login } from "./login.ts";
import { printable } from "../../../lib/printable.ts";
import { hideVariables } from "../secret-shapes.ts";
import { stderrLines } from "./plugin-stderr.ts";

const maxOutputBytes = 1024 * 1024;

/** Where a plugin is run for: the cluster it may be told about. */
export interface ExecTarget {
  readonly endpoint: Endpoint;
  /** The extension of the cluster that is meant for plugins. */
  readonly config?: Json;
}

type ExecOptions = Pick<ConnectOptions, "env" | "now" | "execTimeoutMs"> & { readonly signal: AbortSignal };

/**
 * Credentials from a plugin (KEP-541). It gets our environment, as it does from kubectl, and KUBERNETES_EXEC_INFO, but no
 * terminal; when time runs out it is killed with all that it started. Rejects with CREDENTIALS_FAILED.
 */
export function execLogin(plugin: ExecEntry, target: ExecTarget, options: ExecOptions): Login {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.env)) if (value !== undefined) env[name] = value;
  Object.assign(env, plugin.env, { KUBERNETES_EXEC_INFO: JSON.stringify(execInfo(plugin, target)) });
  return async () => {
    if (plugin.needsTerminal) {
      throw failed(
        plugin,
        "needs a terminal, and gets none here",
        "Log in by its own means before, or use a token file.",
      );
    }
    const { execTimeoutMs: timeoutMs, signal } = options;
    const ended = await runCommand(plugin.command, plugin.args, { env, timeoutMs, maxOutputBytes, signal });
    const result: CommandResult = { ...ended, stderrTail: hideVariables(ended.stderrTail, env) };
    if (result.type !== "exited" || result.exitCode !== 0) throw explainEnd(plugin, result, timeoutMs);
    const answer = readExecCredential(
      result.stdout.toString("utf8"),
      plugin.apiVersion,
      options.now().getTime(),
    );
    if (answer.type === "grant") return answer.grant;
    throw failed(
      plugin,
      `gave no credentials: ${answer.reason}`,
      runYourself,
      stderrLines(result.stderrTail),
    );
  };
}

function execInfo({ apiVersion, providesClusterInfo }: ExecEntry, target: ExecTarget): JsonObject {
  const spec = { interactive: false, ...(providesClusterInfo ? { cluster: clusterInfo(target) } : {}) };
  return { apiVersion, kind: "ExecCredential", spec };
}

function clusterInfo({ endpoint, config }: ExecTarget): JsonObject {
  const { server, tlsServerName, skipsVerify, authorities, proxyUrl } = endpoint;
  return {
    server: server.href.replace(/\/$/, ""),
    ...(tlsServerName === undefined ? {} : { "tls-server-name": tlsServerName }),
    ...(skipsVerify ? { "insecure-skip-tls-verify": true } : {}),
    ...(authorities === undefined
      ? {}
      : { "certificate-authority-data": Buffer.from(authorities).toString("base64") }),
    ...(proxyUrl === undefined ? {} : { "proxy-url": proxyUrl }),
    ...(config === undefined ? {} : { config }),
  };
}

const runYourself = "Run the plugin by hand to see what is wrong; it may need a login.";

function explainEnd(plugin: ExecEntry, result: CommandResult, timeoutMs: number): DriftError {
  const details = stderrLines(result.stderrTail);
  if (result.type === "not-started") return notStarted(plugin, result.cause);
  if (result.type === "exited") {
    return failed(plugin, `ended with exit code ${String(result.exitCode)}`, runYourself, details);
  }
  switch (result.reason) {
    case "timeout": {
      const what = `took longer than ${String(timeoutMs / 1000)} s`;
      return failed(plugin, what, "It may wait for a login: run it by hand once.", details);
    }
    case "output":
      return failed(plugin, "printed more than 1 MiB", runYourself, details);
    case "aborted":
      return failed(
        plugin,
        "was ended, because its credentials are no longer needed",
        "Run the command again.",
      );
    case "signal":
      return failed(plugin, "was killed", runYourself, details);
  }
}

function notStarted(plugin: ExecEntry, cause: unknown): DriftError {
  // Not the message: it quotes arguments and variables that cannot be passed on.
  const code: unknown = cause instanceof Error && "code" in cause ? cause.code : undefined;
  const reason = code === "ENOENT" ? "there is no such command" : String(code);
  const hint = plugin.installHint ?? "Install it and make sure that it is in PATH.";
  return failed(plugin, `could not be started: ${reason}`, hint);
}

function failed(plugin: ExecEntry, what: string, hint: string, details: readonly string[] = []): DriftError {
  const message = `the credential plugin ${printable(plugin.command)} ${what}`;
  return new DriftError("CREDENTIALS_FAILED", message, { hint, details });
}
