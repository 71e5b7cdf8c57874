import path from "node:path";
import type { ConnectOptions } from "./access.ts";
import { refused } from "./endpoint.ts";
import {
  type Entry,
  invalid,
  readEntries,
  readFlag,
  readText,
  readTexts,
  requireText,
} from "./entry-reader.ts";
import { printable } from "../../../lib/printable.ts";

/** A credential plugin as a kubeconfig names it. */
export interface ExecEntry {
  readonly apiVersion: string;
  /** A name to be looked for in PATH, or an absolute path. */
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly providesClusterInfo: boolean;
  readonly needsTerminal: boolean;
  /** How to install it, in words of the kubeconfig, safe to print. */
  readonly installHint?: string;
}

const group = "client.authentication.k8s.io";
const apiVersions: ReadonlySet<string> = new Set([`${group}/v1`, `${group}/v1beta1`]);
const interactiveModes: ReadonlySet<string> = new Set(["Never", "IfAvailable", "Always"]);

/** Reads the plugin of a user. Throws KUBECONFIG_INVALID, or CLUSTER_ACCESS_REFUSED for one that is not allowed. */
export function readExecEntry(exec: Entry, allowed: ConnectOptions["execPlugins"]): ExecEntry {
  const apiVersion = requireText(exec, "apiVersion");
  if (!apiVersions.has(apiVersion)) {
    throw invalid(exec, "apiVersion", `is none of ${[...apiVersions].join(", ")}`);
  }
  const interactiveMode = readText(exec, "interactiveMode") ?? "IfAvailable";
  if (!interactiveModes.has(interactiveMode))
    throw invalid(exec, "interactiveMode", "is none of its three values");
  const installHint = readText(exec, "installHint");
  return {
    apiVersion,
    command: allow(resolveCommand(exec), allowed),
    args: readTexts(exec, "args"),
    env: Object.fromEntries(readEntries(exec, "env").map(readVariable)),
    providesClusterInfo: readFlag(exec, "provideClusterInfo"),
    needsTerminal: interactiveMode === "Always",
    ...(installHint === undefined ? {} : { installHint: printable(installHint, 500) }),
  };
}

/** A command with a slash is relative to the kubeconfig; a bare one is looked for in PATH. */
function resolveCommand(exec: Entry): string {
  const command = requireText(exec, "command");
  if (command.includes("\0")) throw invalid(exec, "command", "has a NUL character");
  return command.includes("/") ? path.resolve(path.dirname(exec.file), command) : command;
}

/** The command to run: of a bare name the allowed path, so that PATH has no say in what an operator allowed. */
function allow(command: string, allowed: ConnectOptions["execPlugins"]): string {
  if (allowed === "all") return command;
  const match = allowed.find((file) => file === command || path.basename(file) === command);
  if (match !== undefined && path.isAbsolute(match)) return match;
  throw refused(
    `the credential plugin ${printable(command)} is not allowed here`,
    "Allow its absolute path, or use a token file instead.",
  );
}

function readVariable(entry: Entry): readonly [string, string] {
  return [requireText(entry, "name"), readText(entry, "value") ?? ""];
}
