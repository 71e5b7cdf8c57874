import { readFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import type { BuiltInManagerRule } from "../core/model/built-in-manager-rule.ts";
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
export async function readRules<T>(
  packageFolder: string,
  name: string,
  rule: z.ZodType<T>,
): Promise<readonly T[]> {
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
export const grounds = { reason: sentence, source: sentence };

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

/** Which field managers are people, deployers and controllers: config/managers.yaml. Throws RULES_DAMAGED. */
export async function readManagerRules(packageFolder: string): Promise<readonly BuiltInManagerRule[]> {
  return readRules(packageFolder, "managers.yaml", managerRule);
}
