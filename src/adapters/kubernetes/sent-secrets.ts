import type { Credentials } from "./connect/access.ts";
import { hideSecrets } from "./secret-shapes.ts";

/** What is shorter stands in other words as well, and protects nothing. */
const minSecret = 5;

/** More of a server's words is not looked at: what is told of them is much less. */
const maxText = 10_000;

/**
 * Hides in a server's words what it was sent to prove who asks, and what else looks secret: a server, or a proxy before
 * it, that finds fault with a request may quote it.
 */
export function hideSent(text: string, { headers }: Credentials): string {
  let hidden = text;
  for (const secret of secretsOf(headers)) hidden = hidden.replaceAll(secret, "***");
  return hideSecrets(hidden.slice(0, maxText));
}

/** The proof with and without its scheme, and what stands in one of Basic (RFC 7617). Longer ones come first. */
function secretsOf(headers: Credentials["headers"]): readonly string[] {
  const { Authorization: header } = headers;
  if (typeof header !== "string") return [];
  const [scheme = "", proof = ""] = header.split(" ");
  if (scheme !== "Basic") return [header, proof].filter(isSecret);
  const pair = Buffer.from(proof, "base64").toString("utf8");
  return [header, proof, pair, pair.slice(pair.indexOf(":") + 1)].filter(isSecret);
}

function isSecret(text: string): boolean {
  return text.length >= minSecret;
}
