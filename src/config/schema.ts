import * as z from "zod";
import { durationExpected, durationPattern, parseDurationMs } from "./duration.ts";
import { holdsCredentials, normaliseOverlay } from "./location.ts";

/**
 * The schema of drift.yaml. Every check carries the words that say what is expected, so that a problem can be
 * reported without a table of its own; descriptions become the help that editors show.
 */

/** No credential may stand in drift.yaml; these words never come with the value. */
export const credentialsRefused =
  "expected a URL without credentials: an ssh key from the agent gives access, or a local clone";

const mapping = { error: notOf("expected a mapping") };

/** The expectation where a value has another type; zod's own account of unknown keys stays. */
function notOf(expected: string): (issue: { readonly code: string }) => string | undefined {
  return (issue) => (issue.code === "invalid_type" ? expected : undefined);
}

function text(pattern: RegExp, expected: string): z.ZodString {
  return z.string({ error: expected }).regex(pattern, { error: expected });
}

function listOf<T extends z.ZodType>(item: T, expected: string): z.ZodArray<T> {
  return z.array(item, { error: expected }).min(1, { error: expected });
}

function oneOf<const T extends readonly [string, ...string[]]>(
  values: T,
): z.ZodEnum<{ [K in T[number]]: K }> {
  return z.enum(values, { error: `expected one of ${values.join(", ")}` });
}

const label = "[A-Za-z0-9][A-Za-z0-9._:/@-]{0,99}";
const name = new RegExp(`^${label}$`);
const nameExpected = "expected a name: letters, digits and . _ : / @ -, starting with a letter or digit";
/** RFC 1123 labels: namespaces. Subdomains: other objects and domains. */
const namespace = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const subdomain = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;
/** Anything but control characters and spaces at either end. */
const words = /^[^\s\p{Cc}](?:[^\p{Cc}]{0,1022}[^\s\p{Cc}])?$/u;

const namespaces = listOf(
  text(namespace, "expected the name of a namespace"),
  "expected a list of namespaces",
);

const duration = text(durationPattern, durationExpected).transform(
  // The pattern has just been checked, so there always is a number.
  (value) => parseDurationMs(value) ?? 0,
);

const renderTimeoutExpected = "expected a duration from 1s to 24h";

/** Less than a second renders nothing, and timers hold no more than 24 days. */
const renderTimeout = duration.refine((timeoutMs) => timeoutMs >= 1000 && timeoutMs <= 86_400_000, {
  error: renderTimeoutExpected,
});

const url = text(words, "expected a path or URL of a Git repository").refine(
  (value) => !holdsCredentials(value),
  { error: credentialsRefused },
);

const repository = z.strictObject(
  {
    url: url.describe("A path (relative to this file) or an https or ssh URL, without credentials"),
    revision: text(/^(?!-)[^\s\p{Cc}]{1,255}$/u, "expected a branch, tag or commit")
      .optional()
      .describe("A branch, tag or full commit id; the remote's default branch where absent"),
    allowStale: duration
      .optional()
      .describe("When the remote is away, the last fetch may be used if it is not older than this"),
  },
  mapping,
);

const istio = z
  .strictObject(
    {
      version: text(/^\d+\.\d+(?:\.\d+)?$/, 'expected a version in quotes, such as "1.30"'),
      domain: text(subdomain, "expected a domain such as cluster.local"),
      rootNamespace: text(namespace, "expected the name of a namespace"),
      sharedMeshConfig: text(subdomain, "expected the name of a ConfigMap"),
    },
    mapping,
  )
  .partial()
  .describe("Facts about the mesh that its objects do not tell");

const cluster = z.strictObject(
  {
    snapshot: text(words, "expected the path of a file or folder, or -").describe(
      "A file or folder of `kubectl get -o yaml|json` output (relative to this file), or - for standard input",
    ),
    maxAge: duration.optional().describe("An older snapshot counts as unknown"),
    kinds: listOf(
      text(/^[A-Z][A-Za-z0-9]*(?:\.[a-z0-9][a-z0-9.-]*)?$/, "expected a kind such as VirtualService"),
      "expected a list of kinds",
    )
      .optional()
      .describe("Kinds that the snapshot holds completely, even those it has no object of"),
    namespaces: namespaces.optional().describe("The namespaces the snapshot holds; all where absent"),
    istio: istio.optional(),
  },
  mapping,
);

const overlayExpected = "expected a folder inside the repository, such as overlays/prod";

const target = z.strictObject(
  {
    name: text(name, nameExpected),
    overlay: text(words, overlayExpected)
      .refine((value) => normaliseOverlay(value) !== undefined, { error: overlayExpected })
      .describe("A folder of the repository with a kustomization"),
    cluster: z
      .string({ error: "expected the name of a cluster" })
      .describe("The name of one of the clusters"),
    environment: text(words, "expected a word such as prod").optional(),
    scope: z
      .strictObject({ namespaces }, mapping)
      .optional()
      .describe("Where `extra` objects may be reported; nowhere where absent"),
  },
  mapping,
);

/** drift.yaml as it is written. */
export const configSchema = z
  .strictObject(
    {
      $schema: z.string({ error: "expected a path or URL" }).optional(),
      version: z.literal(1, { error: "expected 1" }),
      repository: z.union([url, repository], { error: "expected a path, a URL or a mapping" }),
      clusters: z
        .record(text(name, nameExpected), cluster, mapping)
        .refine((value) => Object.keys(value).length > 0, { error: "expected at least one cluster" }),
      targets: listOf(target, "expected a list of targets"),
      compare: z
        .strictObject(
          {
            equality: oneOf(["strict", "istio", "envoy"]).optional(),
            metadata: oneOf(["mesh", "declared", "all"]).optional(),
          },
          mapping,
        )
        .optional(),
      render: z
        .strictObject(
          {
            timeout: renderTimeout.optional().describe("The longest one overlay may take, from 1s to 24h"),
            workers: z
              .int({ error: "expected a whole number from 1 to 64" })
              .min(1, { error: "expected a whole number from 1 to 64" })
              .max(64, { error: "expected a whole number from 1 to 64" })
              .optional(),
          },
          mapping,
        )
        .optional(),
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
  /** The mandatory key of today that a later key takes the place of. */
  readonly standIn?: string;
}

/** The keys of each mapping of the file by its path, with `*` for names and positions. */
export const knownKeys: Readonly<Record<string, KnownKeys>> = {
  "": {
    now: Object.keys(configSchema.shape),
    later: ["breakGlass", "ignore", "publish", "schedule"],
  },
  repository: { now: Object.keys(repository.shape), later: [] },
  "clusters.*": {
    now: Object.keys(cluster.shape),
    later: ["context", "inCluster", "server", "caFile", "tokenFile"],
    standIn: "snapshot",
  },
  "clusters.*.istio": { now: Object.keys(istio.shape), later: [] },
  "targets.*": {
    now: Object.keys(target.shape),
    later: ["manifests", "repository", "transform"],
    standIn: "overlay",
  },
  "targets.*.scope": { now: ["namespaces"], later: [] },
  compare: { now: ["equality", "metadata"], later: [] },
  render: { now: ["timeout", "workers"], later: ["engine"] },
};
