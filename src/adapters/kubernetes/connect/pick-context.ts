import { DriftError } from "../../../lib/errors.ts";
import { type Entry, invalid, readText, requireText } from "./entry-reader.ts";
import type { Kubeconfig } from "./kubeconfig-file.ts";
import { homeHint, type LoadedKubeconfig } from "./load-kubeconfig.ts";
import { printable } from "../../../lib/printable.ts";
import { suggestContext } from "./suggest.ts";

/** A context with the entries that it names. */
export interface PickedContext {
  readonly name: string;
  readonly cluster: Entry;
  /** Absent where the context names no user. */
  readonly user?: Entry;
}

/** Whether kubeconfigs say nothing at all. */
export function isEmpty({ clusters, users, contexts, currentContext }: Kubeconfig): boolean {
  return clusters.size + users.size + contexts.size === 0 && currentContext === undefined;
}

/** The context of a name, or the current one for "". Throws CONTEXT_NOT_FOUND, KUBECONFIG_NOT_FOUND or KUBECONFIG_INVALID. */
export function pickContext(wanted: string, { config, files, lookedFor }: LoadedKubeconfig): PickedContext {
  if (files.length === 0) {
    throw new DriftError("KUBECONFIG_NOT_FOUND", `there is no kubeconfig: ${lookedFor}`, {
      hint: homeHint(lookedFor) ?? "Name one with --kubeconfig or KUBECONFIG, or compare with a snapshot.",
    });
  }
  const name = wanted === "" ? (config.currentContext ?? "") : wanted;
  const context = config.contexts.get(name);
  if (context === undefined) throw notFound(wanted, name, config, files);
  const user = readText(context, "user");
  return {
    name,
    cluster: requireEntry(config.clusters, context, "cluster"),
    ...(user === undefined ? {} : { user: requireEntry(config.users, context, "user") }),
  };
}

function notFound(wanted: string, name: string, config: Kubeconfig, files: readonly string[]): DriftError {
  const where = files.join(", ");
  const message =
    name === ""
      ? `no context was named and ${where} has no current one`
      : `there is no context ${JSON.stringify(printable(name))} in ${where}${wanted === "" ? ", though it is the current one" : ""}`;
  return new DriftError("CONTEXT_NOT_FOUND", message, {
    hint: suggestContext(name, [...config.contexts.keys()].toSorted()),
  });
}

function requireEntry(entries: ReadonlyMap<string, Entry>, context: Entry, field: string): Entry {
  const name = requireText(context, field);
  const entry = entries.get(name);
  if (entry === undefined) {
    throw invalid(
      context,
      field,
      `names ${JSON.stringify(printable(name))}, which is not among the ${field}s`,
    );
  }
  return entry;
}
