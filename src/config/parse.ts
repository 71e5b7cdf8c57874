import path from "node:path";
import type { Json } from "../core/model/json.ts";
import type { ClusterConfig, Config, RepositoryConfig, TargetConfig } from "./config.ts";
import { parseConfigDocument } from "./document.ts";
import { explainIssues } from "./explain.ts";
import { isUrl, normaliseOverlay } from "./location.ts";
import { comparePositions, type LocatedProblem, type Problem } from "./problem.ts";
import { crossFieldProblems, crossFieldWarnings } from "./rules.ts";
import { configSchema, type ParsedConfig } from "./schema.ts";

/** What the text of a configuration file came to. Problems and warnings stand in the order of the text. */
type ConfigOutcome =
  | { readonly type: "valid"; readonly config: Config; readonly warnings: readonly LocatedProblem[] }
  | { readonly type: "invalid"; readonly problems: readonly LocatedProblem[] };

/** Checks the text of a configuration file whose absolute path is `file`; relative paths in it are relative to its folder. */
export function parseConfig(text: string, file: string): ConfigOutcome {
  const parsed = parseConfigDocument(text);
  if (parsed.type === "broken") return { type: "invalid", problems: parsed.problems };
  const { value, locate } = parsed.document;
  const inOrder = (problems: readonly Problem[]): LocatedProblem[] =>
    problems.map((problem) => locate(problem)).sort(comparePositions);

  const checked = configSchema.safeParse(value);
  const problems = [...schemaProblems(checked, value), ...crossFieldProblems(value)];
  if (!checked.success || problems.length > 0) return { type: "invalid", problems: inOrder(problems) };
  return {
    type: "valid",
    config: toConfig(checked.data, file),
    warnings: inOrder(crossFieldWarnings(value)),
  };
}

function schemaProblems(checked: ReturnType<typeof configSchema.safeParse>, value: Json): Problem[] {
  return checked.success ? [] : explainIssues(checked.error.issues, value);
}

function toConfig(parsed: ParsedConfig, file: string): Config {
  const folder = path.dirname(file);
  return {
    path: file,
    repository: toRepository(parsed.repository, folder),
    clusters: new Map(
      Object.entries(parsed.clusters).map(([name, cluster]) => [name, toCluster(name, cluster, folder)]),
    ),
    targets: parsed.targets.map(toTarget),
    compare: {
      equality: parsed.compare?.equality ?? "istio",
      metadata: parsed.compare?.metadata ?? "declared",
    },
    render: present({ timeoutMs: parsed.render?.timeout, workers: parsed.render?.workers }),
  };
}

function toRepository(parsed: ParsedConfig["repository"], folder: string): RepositoryConfig {
  const repository = typeof parsed === "string" ? { url: parsed } : parsed;
  return {
    url: isUrl(repository.url) ? repository.url : path.resolve(folder, repository.url),
    revision: repository.revision ?? "",
    allowStaleMs: repository.allowStale ?? 0,
  };
}

function toCluster(name: string, parsed: ParsedConfig["clusters"][string], folder: string): ClusterConfig {
  const { snapshot, maxAge, kinds, namespaces, istio } = parsed;
  return {
    name,
    snapshot: snapshot === "-" ? snapshot : path.resolve(folder, snapshot),
    snapshotLabel: path.normalize(snapshot),
    istio: present(istio ?? {}),
    ...present({ maxAgeMs: maxAge, kinds, namespaces }),
  };
}

function toTarget(parsed: ParsedConfig["targets"][number]): TargetConfig {
  const { name, overlay, cluster, environment, scope } = parsed;
  return {
    name,
    overlay: normaliseOverlay(overlay) ?? "",
    cluster,
    scope: { namespaces: scope?.namespaces ?? [] },
    ...present({ environment }),
  };
}

/** The fields that have a value: an optional field is absent, never undefined. */
function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  // Entries with undefined values are gone and nothing else is changed: exactly the return type.
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
