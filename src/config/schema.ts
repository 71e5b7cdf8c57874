import * as z from "zod";
import { isBaseRule } from "./location.ts";
import { clusterSchema, istioKeys } from "./schema-cluster.ts";
import { judgingFields, judgingKeys } from "./schema-judging.ts";
import { ruleKeys } from "./schema-rules.ts";
import { repositorySchema, targetKeys, targetSchema } from "./schema-target.ts";
import { access, duration, file, listOf, mapping, name, oneOf, repositoryUrl } from "./schema-words.ts";

/** The schema of drift.yaml; descriptions become the help that editors show. */

const renderTimeoutExpected = "expected a duration from 1s to 24h";

/** Less than a second renders nothing, and timers hold no more than 24 days. */
const renderTimeout = duration.refine((timeoutMs) => timeoutMs >= 1000 && timeoutMs <= 86_400_000, {
  error: renderTimeoutExpected,
});

const workersExpected = "expected a whole number from 1 to 64";

const baseExpected =
  "expected the https or ssh URL of a repository, or of a folder of them with /* at its end";

const remoteBase = z.strictObject(
  {
    repository: repositoryUrl
      .refine(isBaseRule, { error: baseExpected })
      .describe("An https or ssh URL; with /* at its end all repositories below it"),
    branches: z
      .boolean({ error: "expected true or false" })
      .optional()
      .describe("Whether a base may name a branch, which moves; else only tags and commits"),
    ...access,
  },
  mapping,
);

const render = z.strictObject(
  {
    timeout: renderTimeout.optional().describe("The longest one overlay may take, from 1s to 24h"),
    workers: z
      .int({ error: workersExpected })
      .min(1, { error: workersExpected })
      .max(64, { error: workersExpected })
      .optional(),
    engine: oneOf(["builtin", "kustomize", "kubectl"])
      .optional()
      .describe("The Kustomize inside of drift, or the command of that name"),
    binary: file.optional().describe("The command (relative to this file); looked for in PATH where absent"),
    remoteBases: listOf(remoteBase, "expected a list of repositories")
      .optional()
      .describe("Repositories that remote bases may come from; all others are refused"),
  },
  mapping,
);

const compare = z.strictObject(
  {
    equality: oneOf(["strict", "istio", "envoy"]).optional(),
    metadata: oneOf(["mesh", "declared", "all"]).optional(),
  },
  mapping,
);

/** drift.yaml as it is written. */
export const configSchema = z
  .strictObject(
    {
      $schema: z.string({ error: "expected a path or URL" }).optional(),
      version: z.literal(1, { error: "expected 1" }),
      repository: repositorySchema.optional(),
      clusters: z
        .record(name, clusterSchema, mapping)
        .refine((value) => Object.keys(value).length > 0, { error: "expected at least one cluster" }),
      targets: listOf(targetSchema, "expected a list of targets"),
      compare: compare.optional(),
      render: render.optional(),
      ...judgingFields,
    },
    mapping,
  )
  .meta({ title: "drift.yaml", description: "Configuration of drift" });

/** drift.yaml after the check: defaults not yet filled in, durations in milliseconds. */
export type ParsedConfig = z.infer<typeof configSchema>;

/** The keys of a mapping: those it has, and those that a later version will have. */
export interface KnownKeys {
  readonly now: readonly string[];
  readonly later: readonly string[];
}

/** The keys of each mapping of the file by its path, with `*` for names and positions. */
export const knownKeys: Readonly<Record<string, KnownKeys>> = {
  "": {
    now: Object.keys(configSchema.shape),
    later: ["publish", "schedule"],
  },
  repository: { now: targetKeys.repository, later: [] },
  "clusters.*": { now: Object.keys(clusterSchema.shape), later: [] },
  "clusters.*.istio": { now: istioKeys, later: [] },
  "targets.*": { now: Object.keys(targetSchema.shape), later: [] },
  "targets.*.repository": { now: targetKeys.repository, later: [] },
  "targets.*.scope": { now: targetKeys.scope, later: [] },
  "targets.*.deployer": { now: targetKeys.deployer, later: [] },
  "targets.*.transform": { now: targetKeys.transform, later: [] },
  "targets.*.transform.patches.*": { now: targetKeys.patch, later: [] },
  "targets.*.transform.images.*": { now: targetKeys.image, later: [] },
  compare: { now: Object.keys(compare.shape), later: [] },
  render: { now: Object.keys(render.shape), later: [] },
  "render.remoteBases.*": { now: Object.keys(remoteBase.shape), later: [] },
  breakGlass: { now: judgingKeys.breakGlass, later: [] },
  "ignore.*": { now: ruleKeys.ignore, later: [] },
  exemptions: { now: judgingKeys.exemptions, later: [] },
  "managers.*": { now: ruleKeys.managers, later: [] },
  "controllers.*": { now: ruleKeys.controllers, later: [] },
  "risk.*": { now: ruleKeys.risk, later: [] },
  "maintenance.*": { now: judgingKeys.maintenance, later: [] },
  state: { now: judgingKeys.state, later: [] },
};
