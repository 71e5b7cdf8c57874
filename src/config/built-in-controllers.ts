import { z } from "zod";
import type { ControllerRule } from "../core/model/controller-rule.ts";
import { parseConfigDocument } from "./document.ts";

const words = z.array(z.string().min(1)).min(1);

const ruleSchema = z.strictObject({
  name: z.string().min(1),
  managers: words,
  kinds: words,
  paths: words,
  check: z.enum(["flagger", "argo-rollouts"]).optional(),
  reason: z.string().min(1),
  source: z.string().min(1),
});

const fileSchema = z.array(ruleSchema).superRefine((rules, context) => {
  const names = rules.map(({ name }) => name);
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) < index) {
      context.addIssue({ code: "custom", path: [index, "name"], message: `${name} stands twice` });
    }
  }
});

/**
 * The rules about controllers of config/controllers.yaml, which ships with drift. Throws a plain Error where the text is
 * none: that is a mistake in drift, which a test finds.
 */
export function readControllerRules(text: string): readonly ControllerRule[] {
  const parsed = parseConfigDocument(text);
  if (parsed.type === "broken") throw new Error(parsed.problems.map(({ message }) => message).join("\n"));
  return fileSchema.parse(parsed.document.value).map(({ check, ...rule }) => ({
    ...rule,
    ...(check !== undefined && { check }),
  }));
}
