/** How names of hosts with a wildcard go together. Facts: istio pkg/config/host/name.go (Matches, MostSpecificHostMatch). */

function isWildcard(host: string): boolean {
  return host.startsWith("*");
}

/** Whether two hosts, either of which may have a wildcard, have a name in common. */
export function hostsMeet(a: string, b: string): boolean {
  const [wide, narrow] = a.length <= b.length ? [a, b] : [b, a];
  if (isWildcard(wide)) return narrow.slice(isWildcard(narrow) ? 1 : 0).endsWith(wide.slice(1));
  return isWildcard(narrow) ? wide.endsWith(narrow.slice(1)) : a === b;
}

/** Whether a host that may have a wildcard takes in a name. */
export function coversHost(pattern: string, name: string): boolean {
  return pattern === name || (isWildcard(pattern) && name.endsWith(pattern.slice(1)));
}

/** Of some hosts that cover a name those that count: the name itself, else the longest wildcard. */
export function mostSpecific<T>(found: readonly T[], hostOf: (one: T) => string): readonly T[] {
  const exact = found.filter((one) => !isWildcard(hostOf(one)));
  if (exact.length > 0) return exact;
  const longest = Math.max(...found.map((one) => hostOf(one).length));
  return found.filter((one) => hostOf(one).length === longest);
}
