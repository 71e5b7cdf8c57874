import * as z from "zod";
import { namespacePattern } from "../core/model/resource.ts";
import { durationExpected, durationPattern, parseDurationMs } from "./duration.ts";
import { holdsCredentials } from "./location.ts";

/**
 * The kinds of values in drift.yaml. Every check carries the words that say what is expected, so that a problem can be
 * reported without a table of its own.
 */

/** No credential may stand in drift.yaml; these words never come with the value. */
export const credentialsRefused =
  "expected a URL without credentials, and without a part behind ? or #: name a file with tokenFile or sshKeyFile, or use an ssh key from the agent";

/** What is said where a mapping has another type. */
export const mapping = { error: notOf("expected a mapping") };

/** The expectation where a value has another type; zod's own account of unknown keys stays. */
function notOf(expected: string): (issue: { readonly code: string }) => string | undefined {
  return (issue) => (issue.code === "invalid_type" ? expected : undefined);
}

/** A text of a certain form. */
export function text(pattern: RegExp, expected: string): z.ZodString {
  return z.string({ error: expected }).regex(pattern, { error: expected, abort: true });
}

/** A list that is not empty. */
export function listOf<T extends z.ZodType>(item: T, expected: string): z.ZodArray<T> {
  return z.array(item, { error: expected }).min(1, { error: expected });
}

/** One of a few words. */
export function oneOf<const T extends readonly [string, ...string[]]>(
  values: T,
): z.ZodEnum<{ [K in T[number]]: K }> {
  return z.enum(values, { error: `expected one of ${values.join(", ")}` });
}

const label = "[A-Za-z0-9][A-Za-z0-9._:/@-]{0,99}";

/** The name of a target or cluster. */
export const name = text(
  new RegExp(`^${label}$`),
  "expected a name: letters, digits and . _ : / @ -, starting with a letter or digit",
);

/** Anything but control characters and spaces at either end. */
export const words = /^[^\s\p{Cc}](?:[^\p{Cc}]{0,1022}[^\s\p{Cc}])?$/u;

export const namespace = text(namespacePattern, "expected the name of a namespace");

/** Several of them. */
export const namespaces = listOf(namespace, "expected a list of namespaces");

/** RFC 1123 subdomains: names of other objects, and domains. */
export const subdomain = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;

/** In milliseconds. */
export const duration = text(durationPattern, durationExpected).transform(
  // The pattern has just been checked, so there always is a number.
  (value) => parseDurationMs(value) ?? 0,
);

/** The path of a file. */
export const file = text(words, "expected the path of a file");

/** A path or URL of a Git repository. */
export const repositoryUrl = text(words, "expected a path or URL of a Git repository").refine(
  (value) => !holdsCredentials(value),
  { error: credentialsRefused, abort: true },
);

/** A branch, tag or commit. */
export const revision = text(
  /^(?!-)[^\s\p{Cc}]{1,255}$/u,
  "expected a branch, tag or commit, in quotes where it looks like a number",
).describe("A branch, tag or full commit id; the remote's default branch where absent");

/** How a private repository is reached: fields of a mapping that names one. */
export const access = {
  tokenFile: file.optional().describe("A file (relative to this one) whose first line is a token for https"),
  username: text(words, "expected a user name")
    .optional()
    .describe("The user that goes with the token; x-access-token where absent"),
  sshKeyFile: file.optional().describe("A file (relative to this one) with a private key for ssh"),
  knownHostsFile: file.optional().describe("A file (relative to this one) with the keys of ssh hosts"),
};
