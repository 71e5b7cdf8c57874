import { findSizeViolation } from "../manifest/limits.ts";
import type { CodeOwners } from "../model/origin.ts";
import { type OwnerPattern, readOwnerPattern } from "./code-owner-pattern.ts";

/** Where GitHub looks for CODEOWNERS, in this order: only the first that is there counts. */
export const codeOwnersPaths = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"] as const;

/** GitHub does not load a larger file. */
const maxBytes = 3 * 1024 * 1024;

/** One line that says who owns what. */
export interface OwnerRule {
  readonly pattern: OwnerPattern;
  /** None: nobody owns it, whatever an earlier line says. */
  readonly owners: readonly string[];
  /** From 1. */
  readonly line: number;
}

/** What a CODEOWNERS file says. */
export interface ParsedCodeOwners {
  /** In the order of the file. */
  readonly rules: readonly OwnerRule[];
  /** Lines that GitHub skips, and why. */
  readonly problems: readonly { readonly line: number; readonly reason: string }[];
}

/**
 * Reads a CODEOWNERS file by GitHub's rules: a line with anything wrong in it is skipped as a whole, `# ...` ends a line,
 * `\ ` is a space of a pattern. Sections are GitLab's, and problems here. Never throws.
 * Source: https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
 */
export function parseCodeOwners(text: string): ParsedCodeOwners {
  if (findSizeViolation(text, { bytes: maxBytes }) !== undefined) {
    return {
      rules: [],
      problems: [{ line: 1, reason: "it is larger than 3 MB, and GitHub does not load it" }],
    };
  }
  const rules: OwnerRule[] = [];
  const problems: { line: number; reason: string }[] = [];
  for (const [index, content] of text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\n/)
    .entries()) {
    const line = index + 1;
    const read = readLine(content);
    if (read?.type === "rule") rules.push({ ...read.rule, line });
    else if (read !== undefined) problems.push({ line, reason: read.reason });
  }
  return { rules, problems };
}

type ReadLine =
  | { readonly type: "rule"; readonly rule: Omit<OwnerRule, "line"> }
  | { readonly type: "refused"; readonly reason: string };

/** A word: anything but white space, or an escaped character. */
const word = /(?:\\.|[^\s\\]|\\$)+/gsu;

function readLine(content: string): ReadLine | undefined {
  const words = content.match(word) ?? [];
  const comment = words.findIndex((one) => one.startsWith("#"));
  const [first, ...owners] = comment === -1 ? words : words.slice(0, comment);
  if (first === undefined) return undefined;
  const checked = readOwnerPattern(first);
  if (checked.type === "refused") return checked;
  const wrong = owners.find((owner) => !isOwner(owner));
  if (wrong !== undefined)
    return { type: "refused", reason: `${shown(wrong)} is no @user, @org/team or e-mail address` };
  return { type: "rule", rule: { pattern: checked.pattern, owners } };
}

const ownerForms = [
  /^@[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/,
  /^@[A-Za-z0-9][A-Za-z0-9_-]{0,99}\/[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/,
  /^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}$/,
];

function isOwner(text: string): boolean {
  return ownerForms.some((form) => form.test(text));
}

function shown(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
}

/** Who owns a file (its path from the root of the repository): the last line that fits decides alone. */
export function ownersOf(file: string, rules: readonly OwnerRule[]): CodeOwners {
  const rule = rules.findLast(({ pattern }) => pattern.matches(file));
  if (rule === undefined) return { state: "unmatched" };
  const { owners, line } = rule;
  return owners.length === 0 ? { state: "unowned", line } : { state: "owned", owners, line };
}
