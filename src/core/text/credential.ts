/** What makes a text hold a credential whatever field it stands in. Each pattern takes linear time. */
export const credentials: readonly RegExp[] = [
  // A private key or certificate in PEM.
  /-----BEGIN [A-Z0-9 ]{1,40}-----/,
  // A JSON Web Token: two parts of base64url that start with `{"`, and a signature.
  /\beyJ[\w-]{6,}\.eyJ[\w-]{6,}/,
  // User and password in a URL.
  /:\/\/[^\s/?#@:]{0,200}(?::|%3a)[^\s/?#@]{1,200}@/i,
  // The value of an Authorization header.
  /\b(?:bearer|basic|digest|negotiate) {1,3}[\w+/.~-]{6,}/i,
  // Keys of clouds and forges, by their prefixes.
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  /\b(?:gh[oprsu]_|github_pat_|glpat-|xox[abeoprs]-|sk-(?=[\w-]{0,60}\d)|sk_live_|rk_live_|npm_|hvs\.|ya29\.|dop_v1_|AIza)[\w-]{16,}/,
  // The signature in a query that stands for a login (S3, Azure, GCS).
  /[?&](?:x-(?:amz|goog)-(?:signature|credential|security-token)|sig(?:nature)?)=[^\s&#]{3}/i,
  // User and password for a command such as curl.
  /(?:^|\s)(?:-u|--user)[\s=]+[^\s:]{1,100}:[^\s]{3}/,
  // name=value, in a query, a cookie, code or an environment.
  /(?:passw(?:or)?d|passphrase|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|credential)s?["']?\s{0,3}(?:[:=]|%3[ad])\s{0,3}["']?[^\s"',;&]{3}/i,
];

/** Whether a text holds a credential by its looks alone; hardly any other text of a manifest looks like this. */
export function holdsCredential(text: string): boolean {
  return credentials.some((pattern) => pattern.test(text));
}

/** Long runs of the characters of base64 and hex; with a digest the name of its function is part of the run. */
export const longRun = /(?:\bsha(?:1|256|384|512)[:-])?[\w+/=-]{20,}/g;

/**
 * Whether a text holds a long run of characters that looks drawn at random: a key, or the encoded form of one, but
 * also a commit id. Digests, which say what they are, and UUIDs, whose parts are short, are none.
 */
export function holdsRandom(text: string): boolean {
  return (text.match(longRun) ?? []).some(isRandom);
}

/** Whether a long run looks drawn at random, and is no digest that says what it is. */
export function isRandom(run: string): boolean {
  return !/^sha\d+[:-]/.test(run) && looksDrawn(run);
}

/** Hex of 32 digits or more; letters of both cases and digits that form no words; letters and digits in turns. */
function looksDrawn(run: string): boolean {
  const parts = run.split(/[-_/+=]/);
  if (parts.some((part) => encoded.test(part) && /\d/.test(part))) return true;
  const isMixed = /[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run);
  if (isMixed && lettersInWords(run) < run.length * 0.6) return true;
  return parts.some((part) => part.length >= 20 && countTurns(part) >= part.length * 0.2);
}

/** Hex and base32 without other letters. */
const encoded = /^(?:[\da-f]{32,}|[\dA-F]{32,}|[\dA-Z]{24,})$/;

/** The letters that stand beside letters as in words: "LocalRateLimit" has 14. */
export function lettersInWords(run: string): number {
  return (run.match(/[A-Z]?[a-z]{2,}/g) ?? []).join("").length;
}

/** How often a letter follows a digit or a digit a letter. */
function countTurns(run: string): number {
  return run.match(/[a-zA-Z](?=\d)|\d(?=[a-zA-Z])/g)?.length ?? 0;
}
