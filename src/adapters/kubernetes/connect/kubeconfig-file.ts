import { devNull } from "node:os";
import type { ManifestLimits } from "../../../core/manifest/limits.ts";
import { parseManifest } from "../../../core/manifest/parse-manifest.ts";
import { DriftError } from "../../../lib/errors.ts";
import { type Entry, invalid, readEntries, readEntry, readText, requireText } from "./entry-reader.ts";
import { readSmallFile } from "./read-small-file.ts";

/** What kubeconfig files say, by name. */
export interface Kubeconfig {
  readonly currentContext?: string;
  readonly clusters: ReadonlyMap<string, Entry>;
  readonly users: ReadonlyMap<string, Entry>;
  readonly contexts: ReadonlyMap<string, Entry>;
}

const limits: ManifestLimits = {
  bytes: 1024 * 1024,
  depth: 50,
  nodes: 200_000,
  documents: 10,
  aliases: 100,
  tokens: 500_000,
};

/**
 * Reads one kubeconfig, YAML or JSON; undefined where there is no such file. /dev/null says nothing, as to kubectl, of
 * which people make use to be without one. Throws KUBECONFIG_INVALID, which names the place and never quotes the text: a
 * broken kubeconfig still holds credentials.
 */
export async function readKubeconfig(file: string): Promise<Kubeconfig | undefined> {
  if (file === devNull) return parseKubeconfig("", file);
  const read = await readSmallFile(file);
  if (read.type === "missing") return undefined;
  if (read.type === "refused") throw unreadable(file, read.reason);
  return parseKubeconfig(read.text, file);
}

function parseKubeconfig(text: string, file: string): Kubeconfig {
  const { documents, problems } = parseManifest(text, limits);
  const [problem] = problems;
  if (problem !== undefined) throw unreadable(file, problem.reason, problem.line);
  const [document, second] = documents;
  if (second !== undefined) throw unreadable(file, "it holds more than one document", second.line);
  const root: Entry = { value: document?.object ?? {}, path: "", file };
  const kind = readText(root, "kind");
  if (kind !== undefined && kind !== "Config")
    throw invalid(root, "kind", "is not Config: this is no kubeconfig");
  const currentContext = readText(root, "current-context");
  return {
    ...(currentContext === undefined ? {} : { currentContext }),
    clusters: readNamed(root, "clusters", "cluster"),
    users: readNamed(root, "users", "user"),
    contexts: readNamed(root, "contexts", "context"),
  };
}

/** A list of named entries as a map. A name that occurs twice is an error to kubectl, too (client-go, api/v1/conversion.go). */
function readNamed(root: Entry, list: string, field: string): ReadonlyMap<string, Entry> {
  const named = new Map<string, Entry>();
  for (const item of readEntries(root, list)) {
    const name = requireText(item, "name");
    if (named.has(name)) throw invalid(item, "name", "occurs twice in this file");
    const path = `${item.path}.${field}`;
    named.set(name, readEntry(item, field) ?? { value: {}, path, file: root.file });
  }
  return named;
}

function unreadable(file: string, reason: string, line?: number): DriftError {
  const place = line === undefined ? file : `${file}:${String(line)}`;
  return new DriftError("KUBECONFIG_INVALID", `${place} cannot be read: ${reason}`, {
    hint: "Check that the file is a kubeconfig; kubectl config view reads it the same way.",
  });
}
