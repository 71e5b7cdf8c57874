import type { Tier } from "../core/model/risk.ts";
import type { CommonFlags } from "./options.ts";
import { flagList, flagWords } from "./quote.ts";

/** The flags that say where Git and live are read from, and how. */
export interface ReadFlags {
  readonly config?: string;
  /** In milliseconds. */
  readonly allowStale?: number;
  readonly context?: string;
  readonly kubeconfig?: string;
  /** In milliseconds; 0 is the same as without it. */
  readonly requestTimeout?: number;
  readonly insecureSkipTlsVerify?: boolean;
  readonly cacheDir?: string;
  readonly cache: boolean;
  /** A path; false where nothing is to be known and kept. */
  readonly state?: string | boolean;
}

/** The flags of `drift scan`, as they were parsed. */
export interface ScanFlags extends CommonFlags, ReadFlags {
  readonly target: readonly string[];
  readonly tolerateUnknown: readonly string[];
  readonly namespace: readonly string[];
  readonly failOn?: Tier;
}

/** The command that comes to the same result and prints it as JSON: with every flag that the result depends on. */
export function nextScan(name: string, flags: ScanFlags): string {
  const words = flagWords({
    ...configWords(flags),
    "-t": flags.target.join(","),
    "--tolerate-unknown": flags.tolerateUnknown.join(","),
    ...readWords(flags),
    "-n": flags.namespace.join(","),
    ...requestWords(flags),
    "--equality": flags.equality,
    "--show-equal": flags.showEqual,
    "--fail-on": flags.failOn === undefined ? undefined : `tier${String(flags.failOn)}`,
  });
  return `${name} scan${words} -o json`;
}

/** The command that tells all about one object of a target: both follow it. */
export function explainCommand(name: string, flags: ScanFlags): string {
  const words = { ...configWords(flags), ...readWords(flags), ...requestWords(flags) };
  return `${name} explain${flagWords({ ...words, "--equality": flags.equality })}`;
}

/** The words of the command that prints what Git wants of a target; a key follows. */
export function renderCommand(name: string, flags: ReadFlags, target: string): readonly string[] {
  const { allowStale, cacheDir, cache } = flags;
  const words = {
    ...configWords(flags),
    "--allow-stale": durationWord(allowStale),
    "--cache-dir": cacheDir,
    "--no-cache": !cache,
  };
  return [...name.split(" "), "render", ...flagList(words), target];
}

/** The words of another command that reads both sides of a target as this one did. */
export function sameReads(
  name: string,
  command: "exempt" | "revert",
  flags: ReadFlags,
  target: string,
): readonly string[] {
  const words = { ...configWords(flags), ...readWords(flags), ...requestWords(flags) };
  return [...name.split(" "), command, ...flagList(words), target];
}

type Words = Readonly<Record<string, string | boolean | undefined>>;

function configWords({ config }: ReadFlags): Words {
  return { "-c": config };
}

function readWords({ allowStale, context, kubeconfig }: ReadFlags): Words {
  return { "--allow-stale": durationWord(allowStale), "--context": context, "--kubeconfig": kubeconfig };
}

function requestWords(flags: ReadFlags): Words {
  const { requestTimeout, insecureSkipTlsVerify, cacheDir, cache, state } = flags;
  return {
    "--request-timeout": durationWord(requestTimeout),
    "--insecure-skip-tls-verify": insecureSkipTlsVerify,
    "--cache-dir": cacheDir,
    "--no-cache": !cache,
    "--state": typeof state === "string" ? state : undefined,
    "--no-state": state === false,
  };
}

const units = [
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
  ["ms", 1],
] as const;

/** A duration as a flag takes it: "90s". */
function durationWord(milliseconds: number | undefined): string | undefined {
  if (milliseconds === undefined) return undefined;
  if (milliseconds === 0) return "0s";
  const [unit, size] = units.find(([, one]) => milliseconds % one === 0) ?? ["ms", 1];
  return `${String(milliseconds / size)}${unit}`;
}
