import { once } from "./once.ts";
import { splitPath, type Step } from "./split-path.ts";

/**
 * Patterns over the identity paths of changes: a path, in which `*` stands for one name and `[*]` for one item.
 * `spec.http[*].fault` is that field of every route and everything below it; what holds more than the field (a whole
 * route that is new) does not fit. A label or item that is called `*` is written `["*"]`.
 */

/** A pattern, or why a text is none. */
type CheckedPattern =
  | { readonly type: "pattern"; readonly steps: readonly Step[] }
  | { readonly type: "refused"; readonly reason: string; readonly hint: string };

const example = "Write it as reports do, from the root of the object: spec.http[name=primary].timeout.";

/** Longer or deeper patterns name nothing that there is. */
const maxLength = 2000;
const maxSteps = 100;

/** Ways to write paths that others have, with what is said of them. */
const foreign: readonly { readonly looks: RegExp; readonly reason: string }[] = [
  { looks: /^\//, reason: "it is a JSON pointer" },
  { looks: /^\$(?:$|[.[])/, reason: "it is JSONPath" },
  { looks: /^\./, reason: "it starts with a dot" },
  { looks: /\*\*/, reason: "** has no meaning: everything below a path belongs to it anyway" },
  { looks: /\[\]/, reason: "[] has no meaning: [*] is any item" },
];

/** Checks a text that should be a pattern. Takes linear time. */
export function checkPathPattern(text: string): CheckedPattern {
  if (text === "")
    return { type: "refused", reason: "it is empty", hint: "Leave paths out to mean the whole object." };
  // What stands in quotes may be anything: it is a name.
  const bare = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
  const known = foreign.find(({ looks }) => looks.test(bare));
  if (known !== undefined) return { type: "refused", reason: known.reason, hint: example };
  const steps = text.length > maxLength ? undefined : splitPath(text);
  if (steps === undefined || steps.length > maxSteps)
    return { type: "refused", reason: "it is no path", hint: example };
  if (isWildcard(steps[0]) || steps[0]?.type === "item") {
    return { type: "refused", reason: "it starts with no field", hint: example };
  }
  return { type: "pattern", steps };
}

const compiled = once((patterns: readonly string[]): readonly (readonly Step[])[] =>
  patterns.flatMap((text) => {
    const checked = checkPathPattern(text);
    return checked.type === "pattern" ? [checked.steps] : [];
  }),
);

/**
 * Whether a path is what one of the patterns names, or lies below it. A text that is no pattern names nothing. A list
 * of patterns is read once, however many paths are asked about.
 */
export function matchesAnyPath(patterns: readonly string[], path: string): boolean {
  const steps = splitPath(path);
  return steps !== undefined && compiled(patterns).some((pattern) => startsWith(steps, pattern));
}

/** The pattern that names exactly this path and what is below it. */
export function exactPattern(path: string): string {
  return path.replaceAll(/"(?:[^"\\]|\\.)*"|\[\*\]/g, (part) => (part === "[*]" ? '["*"]' : part));
}

function startsWith(path: readonly Step[], pattern: readonly Step[]): boolean {
  return (
    pattern.length <= path.length &&
    pattern.every((step, index) => {
      const other = path[index];
      return other !== undefined && isStep(step, other);
    })
  );
}

function isStep(pattern: Step, step: Step): boolean {
  if (pattern.type !== "quoted" && step.type !== "quoted" && pattern.type !== step.type) return false;
  return isWildcard(pattern) || pattern.text === step.text;
}

function isWildcard(step: Step | undefined): boolean {
  return step !== undefined && step.type !== "quoted" && step.text === "*";
}
