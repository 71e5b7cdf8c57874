import type { Command } from "commander";
import { durationParser, liveParser, timeoutParser } from "./options.ts";

/** Adds the flags that say where Git is read from, and how. */
export function addGitOptions(command: Command): Command {
  return command
    .option("-c, --config <file>", "configuration (default: drift.yaml or .drift/config.yaml, here or above)")
    .option(
      "--allow-stale <duration>",
      "use the last fetch up to this age if the remote is away",
      durationParser("--allow-stale"),
    )
    .option("--cache-dir <folder>", "where mirrors and renders are kept (or DRIFT_CACHE_DIR)")
    .option("--no-cache", "do not use the renders of earlier runs");
}

/** Adds the flags that say where Git and live are read from, and how. */
export function addReadOptions(command: Command): Command {
  return addGitOptions(command)
    .option(
      "--context <name>",
      "read the live side from this context of the kubeconfig",
      liveParser("--context", "the name of a context"),
    )
    .option(
      "--kubeconfig <file>",
      "the kubeconfig of the contexts (default: KUBECONFIG, ~/.kube/config)",
      liveParser("--kubeconfig", "the path of a kubeconfig"),
    )
    .option(
      "--request-timeout <duration>",
      "the longest one request to an API server may take (0: the limits of drift)",
      timeoutParser("--request-timeout"),
    )
    .option("--insecure-skip-tls-verify", "accept kubeconfigs that do not check the server's certificate")
    .option("--state <file>", "what earlier runs knew (default: state.file, or in ~/.local/state)")
    .option("--no-state", "know nothing of earlier runs, and keep nothing for later ones");
}
