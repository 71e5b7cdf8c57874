import { withoutControls } from "../../lib/printable.ts";

/** Words that end the name of something secret: "AWS_SECRET_ACCESS_KEY", "X-Amz-Signature", "client-key-data". */
const secretName =
  "(?:token|passw(?:or)?d|passphrase|passcode|pwd|secret|credentials?|signature|assertion|jwt|otp|" +
  "(?:api|access|account|client|encryption|private|secret|session|shared|signing)[_-]?key|key[_-]?data)\\d{0,2}";

/** A value to the end of its quotes, also of quotes that are escaped, as in JSON inside of JSON; else to its end. */
const value =
  `(?:"(?:\\\\.|[^"\\\\\\n])*"?|'(?:\\\\.|[^'\\\\\\n])*'?|(?<quote>\\\\+["'])[^\\n]*?(?:\\k<quote>|$)|` +
  `(?:[^\\s"',;&]|[,;](?=[^\\s"'{[\\\\])|&(?![\\w.-]+=))+)`;

/** Between a name and its value; a value on the next line is indented. */
const separator = "[^\\S\\n]*(?:[:=]|%3[ad])[^\\S\\n]*(?:[|>][+-]?)?(?:\\n[^\\S\\n]+)?";

/** The shapes in which programs and servers print what must stay secret, and what is shown instead. */
const shapes: readonly (readonly [shape: RegExp, shown: string])[] = [
  [/-----BEGIN [\s\S]*?(?:-----END [A-Z0-9 ]*-----|$)/g, "***"],
  // The end of a key whose beginning was cut off: how far up it reaches is not to be seen.
  [/^[\s\S]*-----END [A-Z0-9 ]*(?:-----|$)/g, "***"],
  // Lines of base64, as in a key.
  [/^[^\S\n]*(?!\/)[a-z\d+/]{40,}={0,2}[^\S\n]*$/gim, "***"],
  // A password may hold what a URL should have escaped; a number before a path is a port.
  [/([a-z][a-z\d+.-]{0,30}:\/\/)[^\s/@:"'<>]{0,200}:(?!\d{1,5}[/?#])[^\s"'<>]{0,2000}@/gi, "$1***@"],
  [/([a-z][a-z\d+.-]{0,30}:\/\/)[^\s/@]{1,2000}@/gi, "$1***@"],
  [
    /\b((?:proxy-)?authorization|(?:set-)?cookie2?|passphrase)(\\*["']?\s*[:=]\s*\\*["']?)[^\s"'][^\n"']*/gi,
    "$1$2***",
  ],
  [/\b(bearer|basic|negotiate)\s+(?!(?:auth\w*|tokens?|credentials?)\b)[\w.~+/=-]{8,}/gi, "$1 ***"],
  [/\beyJ[\w-]+(?:\.[\w-]*){1,4}/g, "***"],
  [/\bk8s-aws-v1\.[\w-]+/g, "***"],
  [/\b(?:AKIA|ASIA)[A-Z\d]{16}\b/g, "***"],
  [
    /\b(?:gh[oprsu]_|github_pat_|glpat-|xox[abeoprs]-|sk-|sk_live_|rk_live_|npm_|hvs\.|ya29\.|dop_v1_|AIza)[\w-]{16,}/g,
    "***",
  ],
  [/([?&](?:key|sig|code|auth|session|sid)=)[^\s&#"']+/gi, "$1***"],
  [new RegExp(`(${secretName}\\\\*["']?${separator})${value}`, "gi"), "$1***"],
  // An argument of a command: "--token abc".
  [new RegExp(`(--?[\\w-]{0,60}${secretName}[^\\S\\n]+)${value}`, "gi"), "$1***"],
  [/((?:^|\s)(?:-u|--user)[\s=]+)[^\s:]{1,100}:\S+/g, "$1***"],
  // A long run of letters of both cases and digits is no word; a digest has small letters only.
  [/(?<![\w+-])(?=[\w+-]*[a-z])(?=[\w+-]*[A-Z])(?=[\w+-]*\d)[\w+-]{40,}={0,2}/g, "***"],
];

/**
 * Text of a plugin or a server without what looks secret by its shape (passwords, tokens, keys, signatures, cookies)
 * and without control characters; lines are kept. Where it is in doubt it hides more. It may be used on its own result.
 */
export function hideSecrets(text: string): string {
  let hidden = withoutControls(text);
  for (const [shape, shown] of shapes) hidden = hidden.replaceAll(shape, shown);
  return hidden;
}

const endsSecretly = new RegExp(`${secretName}$`, "i");

/** Shorter values stand in too many words. */
const leastValue = 4;

/** Text of a program without the values of those of its environment variables that are secret by their names. */
export function hideVariables(text: string, env: Readonly<Record<string, string>>): string {
  return Object.entries(env)
    .filter(([name, content]) => endsSecretly.test(name) && content.length >= leastValue)
    .reduce((hidden, [, content]) => hidden.replaceAll(content, "***"), text);
}
