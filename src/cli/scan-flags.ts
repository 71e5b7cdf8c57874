import type { CommonFlags } from "./options.ts";
import { flagWords } from "./quote.ts";

/** The flags of `drift scan`, as they were parsed. */
export interface ScanFlags extends CommonFlags {
  readonly config?: string;
  readonly target: readonly string[];
  readonly tolerateUnknown: readonly string[];
  readonly allowStale?: number;
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly namespace: readonly string[];
  /** In milliseconds; 0 is the same as without it. */
  readonly requestTimeout?: number;
  readonly insecureSkipTlsVerify?: boolean;
  readonly cacheDir?: string;
  readonly cache: boolean;
}

/** The command that comes to the same result and prints it as JSON: with every flag that the result depends on. */
export function nextScan(name: string, flags: ScanFlags): string {
  const words = flagWords({
    "-c": flags.config,
    "-t": flags.target.join(","),
    "--tolerate-unknown": flags.tolerateUnknown.join(","),
    "--allow-stale": durationWord(flags.allowStale),
    "--context": flags.context,
    "--kubeconfig": flags.kubeconfig,
    "-n": flags.namespace.join(","),
    "--request-timeout": durationWord(flags.requestTimeout),
    "--insecure-skip-tls-verify": flags.insecureSkipTlsVerify,
    "--cache-dir": flags.cacheDir,
    "--no-cache": !flags.cache,
    "--equality": flags.equality,
    "--show-equal": flags.showEqual,
  });
  return `${name} scan${words} -o json`;
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
