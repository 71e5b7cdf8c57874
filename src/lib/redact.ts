/** Takes out of a text whatever stands where a URL has its user, which may be a token, and its password. */
export function redact(text: string): string {
  return redactPasswords(text.replace(/\/\/[^/\s]*@/g, "//***@"));
}

/**
 * Takes "user:password@" out of a text, also where a URL lacks its slashes and where the colon is encoded; what follows
 * "host:" up to an "@" counts too. A user alone stays.
 */
export function redactPasswords(text: string): string {
  return text.replace(/(?<![^\s/@])[^\s/]+@/g, (login) => (/:|%3a/i.test(login) ? "***@" : login));
}
