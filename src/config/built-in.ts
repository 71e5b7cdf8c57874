import { readFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import type { BuiltInManagerRule } from "../core/model/built-in-manager-rule.ts";
import type { ControllerRule } from "../core/model/controller-rule.ts";
import type { RiskRule } from "../core/model/risk-rule.ts";
import { DriftError } from "../lib/errors.ts";
import { parseConfigDocument } from "./document.ts";
import { explainIssues } from "./explain.ts";
import { formatProblem } from "./problem.ts";
import { oneOf, text, words } from "./schema-words.ts";

const hint = "Install the package again.";

/**
 * The rules of a file in the folder config/ of this package, checked, in the order of the file. Throws RULES_DAMAGED
 * with one detail line for every problem.
 */
async function readRules<T>(packageFolder: string, name: string, rule: z.ZodType<T>): Promise<readonly T[]> {
  const file = path.join(packageFolder, "config", name);
  const content = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new DriftError("RULES_DAMAGED", `the rules cannot be read: ${file}`, { hint, cause });
  });
  const parsed = parseConfigDocument(content);
  if (parsed.type === "broken")
    throw damaged(
      file,
      parsed.problems.map((one) => formatProblem(name, one)),
    );
  const { value, locate } = parsed.document;
  const checked = z.array(rule).safeParse(value);
  if (checked.success) return checked.data;
  const problems = explainIssues(checked.error.issues, value).map((problem) => locate(problem));
  throw damaged(
    file,
    problems.map((problem) => formatProblem(name, problem)),
  );
}

function damaged(file: string, details: readonly string[]): DriftError {
  return new DriftError("RULES_DAMAGED", `the rules are not those that were built: ${file}`, {
    hint,
    details,
  });
}

const sentence = text(words, "expected a sentence");

/** What every built-in rule says beside what it is about: why, and who says so. */
const grounds = { reason: sentence, source: sentence };

const managerRule = z.strictObject({
  name: text(
    /^[^\s*\p{Cc}]{1,127}\*?$/u,
    "expected the name of a field manager, with * at its end for any ending",
  ),
  class: oneOf(["person", "gitops", "controller", "unknown"]),
  operation: oneOf(["Apply", "Update"]).exactOptional(),
  onlyDelivered: z.boolean().exactOptional(),
  ...grounds,
});

const names = z.array(text(words, "expected a name")).min(1).exactOptional();
const paths = z.array(text(words, "expected the pattern of a path")).min(1);
const id = text(/^[a-z][a-z-]+$/, "expected lower-case letters and -");

const riskRule = z.strictObject({
  id,
  tier: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)], {
    error: "expected a tier from 0 to 3",
  }),
  kinds: names,
  namespaces: names,
  names,
  paths: paths.exactOptional(),
  types: z.array(oneOf(["changed", "missing", "extra", "conflict", "dangling"])).exactOptional(),
  direction: oneOf(["weakens", "strengthens", "neutral"]).exactOptional(),
  ...grounds,
});

const controllerRule = z.strictObject({
  name: id,
  managers: z.array(text(words, "expected the name of a field manager")).min(1),
  kinds: z.array(text(words, "expected a kind")).min(1),
  paths,
  check: oneOf(["flagger", "argo-rollouts"]).exactOptional(),
  ...grounds,
});

/** The rules that ship, each with its reason and source. */
export interface BuiltInRules {
  /** Which field managers are people, deployers and controllers. */
  readonly managers: readonly BuiltInManagerRule[];
  /** Which controllers rewrite live objects by design. */
  readonly controllers: readonly ControllerRule[];
  /** How bad what is; the first that fits decides. */
  readonly risk: readonly RiskRule[];
}

/** Reads the rules in the folder config/ of this package. Throws RULES_DAMAGED. */
export async function readBuiltInRules(packageFolder: string): Promise<BuiltInRules> {
  const [managers, controllers, risk] = await Promise.all([
    readRules(packageFolder, "managers.yaml", managerRule),
    readRules(packageFolder, "controllers.yaml", controllerRule),
    readRules(packageFolder, "risk.yaml", riskRule),
  ]);
  return { managers, controllers, risk };
}
