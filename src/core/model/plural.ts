/**
 * The name of a kind in addresses of the API server ("virtualservices"), as the definitions of Istio, Gateway API and
 * Kubernetes form it; where a server can be asked, its discovery tells it.
 */
export function pluralOf(kind: string): string {
  const name = kind.toLowerCase();
  if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh)$/.test(name) ? `${name}es` : `${name}s`;
}
