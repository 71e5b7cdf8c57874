import type { Json } from "../core/model/json.ts";
import type { Config } from "./config.ts";
import { parseConfigDocument } from "./document.ts";
import { explainIssues } from "./explain.ts";
import { comparePositions, type LocatedProblem, type Problem } from "./problem.ts";
import { crossFieldProblems, crossFieldWarnings } from "./rules.ts";
import { configSchema } from "./schema.ts";
import { toConfig } from "./to-config.ts";

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
