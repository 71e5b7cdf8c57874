import * as z from "zod";
import { durationPattern, parseDurationMs } from "./duration.ts";
import { file, listOf, mapping, name, oneOf, text, words } from "./schema-words.ts";
import { controllerSchema, ignoreSchema, managerSchema, riskSchema } from "./schema-rules.ts";

/** How findings are judged: deadlines, what is accepted, who is who, how bad what is. */

const dayMs = 86_400_000;

/** A duration that may also be whole days: "30d". In milliseconds. */
function spanBetween(leastMs: number, mostMs: number, expected: string) {
  return text(new RegExp(`^\\d{1,3}d$|${durationPattern.source}`), expected)
    .transform((value) =>
      // The pattern has just been checked, so there always is a number.
      value.endsWith("d") ? Number(value.slice(0, -1)) * dayMs : (parseDurationMs(value) ?? 0),
    )
    .refine((value) => value >= leastMs && value <= mostMs, { error: expected });
}

const annotationExpected =
  "expected the key of an annotation, and none that Istio reads, such as acme.com/break-glass";

/** A qualified name (RFC 1123 prefix, a slash, a name). Source: Kubernetes, "Annotations", syntax and character set. */
const annotation = text(
  /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/,
  annotationExpected,
).refine((value) => !value.includes("istio.io"), { error: annotationExpected });

const breakGlass = z.strictObject(
  {
    syncWithin: spanBetween(60_000, 30 * dayMs, "expected a duration from 1m to 30d, such as 24h")
      .optional()
      .describe("How long live may differ from Git before it is overdue, from 1m to 30d; 24h where absent"),
    annotation: annotation
      .optional()
      .describe("The annotation that names the ticket of an edit; mesh-drift/break-glass where absent"),
  },
  mapping,
);

const exemptionsFileExpected =
  "expected a file inside the repository, such as .drift/exemptions.yaml: letters, digits and . _ - / only";

const exemptions = z.strictObject(
  {
    file: text(/^(?!.*\.\.)[\w.-]+(?:\/[\w.-]+)*$/, exemptionsFileExpected)
      .optional()
      .describe("The file in the default branch of each repository; .drift/exemptions.yaml where absent"),
    maxLength: spanBetween(3_600_000, 366 * dayMs, "expected a duration from 1h to 366d, such as 30d")
      .optional()
      .describe("How far off the end of an exemption may be, from 1h to 366d; 30d where absent"),
    tier0: z
      .boolean({ error: "expected true or false" })
      .optional()
      .describe("Whether weakened security and changes of tier 0 may be exempted; false where absent"),
  },
  mapping,
);

const time = text(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'expected a time in UTC, in quotes, such as "22:00"');

const window = z.strictObject(
  {
    days: listOf(oneOf(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]), "expected a list of days"),
    from: time,
    to: time.describe("The end; on the next day where it is not after the begin"),
    targets: listOf(name, "expected a list of targets")
      .optional()
      .describe("Names of targets; all where absent"),
    reason: text(words, "expected a reason").optional(),
  },
  mapping,
);

const state = z.strictObject(
  { file: file.describe("The file (relative to this one) that keeps the clocks") },
  mapping,
);

/** The keys of drift.yaml about judging. */
export const judgingFields = {
  breakGlass: breakGlass.optional().describe("Edits of the live mesh that Git is to follow"),
  ignore: z
    .array(ignoreSchema, { error: "expected a list of rules" })
    .optional()
    .describe("What is never drift; counted all the same, and listed on demand"),
  exemptions: exemptions.optional().describe("What the exemptions that stand in a repository may do"),
  managers: z
    .array(managerSchema, { error: "expected a list of rules" })
    .optional()
    .describe("What sort of writers field managers are, before the built-in list"),
  controllers: z
    .array(controllerSchema, { error: "expected a list of rules" })
    .optional()
    .describe("What controllers set of live objects, beside the built-in list"),
  risk: z
    .array(riskSchema, { error: "expected a list of rules" })
    .optional()
    .describe("How bad what is, before the built-in list"),
  maintenance: z
    .array(window, { error: "expected a list of windows" })
    .optional()
    .describe("When to merge, in UTC: advice that delays nothing"),
  state: state.optional().describe("Where it is kept since when something differs"),
};

/** The keys of the mappings among them. */
export const judgingKeys = {
  breakGlass: Object.keys(breakGlass.shape),
  exemptions: Object.keys(exemptions.shape),
  maintenance: Object.keys(window.shape),
  state: Object.keys(state.shape),
};
