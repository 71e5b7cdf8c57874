import * as z from "zod";
import { checkPathPattern } from "../core/model/path-pattern.ts";
import { listOf, mapping, name, oneOf, text, words } from "./schema-words.ts";

/** Rules of the operator about what is found: what is ignored, who is who, and how bad what is. */

const kind = text(
  /^[A-Z][A-Za-z0-9]*(?:\.[a-z0-9][a-z0-9.-]*)?$/,
  "expected a kind such as VirtualService or Gateway.networking.istio.io",
);

/** The kinds a rule is about. */
const kinds = listOf(kind, "expected a list of kinds");

const nameExpected = "expected a name; * may stand at its end, after something";

const namePattern = text(/^[^\s*\p{Cc}]{1,253}\*?$/u, nameExpected);

const names = listOf(namePattern, "expected a list of names");

const namespaces = listOf(
  text(/^[a-z0-9][a-z0-9-]{0,62}\*?$/, "expected the name of a namespace; * may stand at its end"),
  "expected a list of namespaces",
);

const pathPattern = z
  .string({ error: "expected a path such as spec.http[*].fault" })
  .superRefine((value, context) => {
    const checked = checkPathPattern(value);
    if (checked.type === "pattern") return;
    const message = `expected a path such as spec.http[*].fault: ${checked.reason}. ${checked.hint.replace(/\.$/, "")}`;
    context.addIssue({ code: "custom", message });
  });

/** Paths of changes, with `[*]` for any item and `*` for any name. */
const paths = listOf(pathPattern, "expected a list of paths");

const reason = text(words, "expected a reason, one sentence for the people who read the report");

const targets = listOf(name, "expected a list of targets");

const selector = {
  kinds: kinds
    .optional()
    .describe("VirtualService, or Gateway.networking.istio.io where the kind alone could be two"),
  namespaces: namespaces.optional().describe("Namespaces; * at the end for any ending"),
  names: names.optional().describe("Names of objects; * at the end for any ending"),
};

const anyPaths = paths
  .optional()
  .describe(
    "Paths as reports have them, and all below them; [*] is any item, * any name: spec.http[*].fault",
  );

/** One rule of `ignore`. That it says what it is about is a rule of its own (rules-judging.ts). */
export const ignoreSchema = z.strictObject(
  {
    ...selector,
    paths: anyPaths,
    managers: names
      .optional()
      .describe("Field managers. Their names are claims: such a rule never hides what weakens security"),
    targets: targets.optional().describe("Names of targets; all where absent"),
    reason,
  },
  mapping,
);

const operation = oneOf(["Apply", "Update"]);

/** One rule of `managers`. */
export const managerSchema = z.strictObject(
  {
    name: namePattern.describe("A field manager; * at the end for any ending"),
    class: oneOf(["person", "gitops", "controller", "unknown"]),
    operation: operation.optional().describe("Only for this operation; both where absent"),
    reason,
  },
  mapping,
);

/** One rule of `controllers`. */
export const controllerSchema = z.strictObject(
  {
    name: text(words, "expected the name of a controller"),
    managers: names.describe("The field managers it writes as"),
    kinds,
    paths: paths.describe("What it sets of them"),
    check: oneOf(["flagger", "argo-rollouts"])
      .optional()
      .describe("How live values are checked; without it they stay drift, and only the controller is named"),
    reason,
  },
  mapping,
);

const tierExpected = "expected a tier: 0, 1, 2 or 3";

/** One rule of `risk`. */
export const riskSchema = z.strictObject(
  {
    tier: z
      .literal([0, 1, 2, 3], { error: tierExpected })
      .describe(
        "0 mesh-wide or weakened security, 1 security and exposure, 2 routing, 3 telemetry and names",
      ),
    ...selector,
    paths: anyPaths,
    types: listOf(
      oneOf(["changed", "missing", "extra", "conflict", "dangling"]),
      "expected a list of types of findings",
    ).optional(),
    direction: oneOf(["weakens", "strengthens", "neutral"])
      .optional()
      .describe("Only what does this to the security of the mesh"),
    reason,
  },
  mapping,
);

/** The keys of each of these rules. */
export const ruleKeys = {
  ignore: Object.keys(ignoreSchema.shape),
  managers: Object.keys(managerSchema.shape),
  controllers: Object.keys(controllerSchema.shape),
  risk: Object.keys(riskSchema.shape),
};
