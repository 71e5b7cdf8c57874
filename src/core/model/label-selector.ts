/** One condition of a selector. */
export type LabelRequirement =
  | { readonly operator: "in" | "not-in"; readonly key: string; readonly values: readonly string[] }
  | { readonly operator: "exists" | "not-exists"; readonly key: string };

/** Which labels an object has to have: all requirements hold. */
export type LabelSelector = readonly LabelRequirement[];

const key = String.raw`(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?/)?[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?`;
const value = String.raw`(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?`;
const exists = new RegExp(`^(!?)\\s*(${key})$`);
const equals = new RegExp(`^(${key})\\s*(==|=|!=)\\s*(${value})$`);
const among = new RegExp(`^(${key})\\s+(in|notin)\\s*\\(([^()]*)\\)$`);
const valueAlone = new RegExp(`^${value}$`);

/**
 * Reads a selector as `kubectl -l` takes it: `team=mesh,env in (prod, stage),!legacy`. Undefined where it is none; an
 * empty text selects nothing here and is none either.
 * Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export function parseLabelSelector(text: string): LabelSelector | undefined {
  const requirements: LabelRequirement[] = [];
  // A comma inside of parentheses separates values.
  for (const part of text.split(/,(?![^(]*\))/)) {
    const requirement = parseRequirement(part.trim());
    if (requirement === undefined) return undefined;
    requirements.push(requirement);
  }
  return requirements;
}

function parseRequirement(text: string): LabelRequirement | undefined {
  return parseExistence(text) ?? parseEquality(text) ?? parseSet(text);
}

function parseExistence(text: string): LabelRequirement | undefined {
  const [, negation, found] = exists.exec(text) ?? [];
  if (found === undefined) return undefined;
  return { operator: negation === "!" ? "not-exists" : "exists", key: found };
}

function parseEquality(text: string): LabelRequirement | undefined {
  const [, name = "", operator, one] = equals.exec(text) ?? [];
  if (one === undefined) return undefined;
  return { operator: operator === "!=" ? "not-in" : "in", key: name, values: [one] };
}

function parseSet(text: string): LabelRequirement | undefined {
  const [, name = "", word, list] = among.exec(text) ?? [];
  if (list === undefined) return undefined;
  const values = list.split(",").map((item) => item.trim());
  if (!values.every((item) => valueAlone.test(item))) return undefined;
  return { operator: word === "in" ? "in" : "not-in", key: name, values };
}

/** Whether an object with these labels is selected. An absent label satisfies `!=` and `notin`, as in Kubernetes. */
export function matchesLabels(selector: LabelSelector, labels: ReadonlyMap<string, string>): boolean {
  return selector.every((requirement) => {
    const found = labels.get(requirement.key);
    switch (requirement.operator) {
      case "exists":
        return found !== undefined;
      case "not-exists":
        return found === undefined;
      case "in":
        return found !== undefined && requirement.values.includes(found);
      case "not-in":
        return found === undefined || !requirement.values.includes(found);
    }
  });
}
