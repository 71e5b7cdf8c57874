import type { Json } from "../model/json.ts";
import type { RawPath } from "../model/path.ts";
import { holdsCredential, holdsRandom } from "./credential.ts";

/** Fields with content of any kind: code, and configuration of extensions. Even their keys may be secrets. */
const freeStructure =
  /^(?:typed_?config|typed_?per_?filter_?config|inline_?(?:code|string|bytes)|lua|plugin_?config|vm_?config|body)$/i;

/** Mappings and lists of names and values: headers, environments. */
const freeValues = /^(?:env|environment\w*|proxy_?metadata|\w*headers?(?:_?to_?\w+)?|initial_?metadata)$/i;

/**
 * Mappings in which everybody has words of their own, by the field around them. Source: Gateway API, GatewayTLSConfig,
 * BackendTLSPolicySpec and GatewayInfrastructure ("options", "annotations": implementation-specific).
 */
const ownWords = /^(?:(?:tls|spec)\.options|infrastructure\.annotations)$/;

/** Words in the name of a field that holds a secret. */
const secretWords = new Set([
  ...["password", "passwords", "passwd", "pwd", "passphrase", "pin", "secret", "secrets", "token", "tokens"],
  ...[
    "credential",
    "credentials",
    "authorization",
    "auth",
    "bearer",
    "apikey",
    "apikeys",
    "cookie",
    "cookies",
  ],
  ...["jwk", "jwks", "signature", "hmac", "psk", "salt", "otp", "pem", "htpasswd"],
]);

/** Two words that say the same. */
const secretPair =
  /(?:^|-)(?:(?:api|private|access|signing|encryption|shared|account|master|client|session)-keys?|session-id)(?:-|$)/;

/** Last words of names that lead to a secret, or describe it, without holding it: `secretName`, `tokenUrl`, `cookie.ttl`. */
const referenceWords = new Set([
  ...[
    "name",
    "names",
    "namespace",
    "ref",
    "refs",
    "kind",
    "group",
    "type",
    "mode",
    "path",
    "file",
    "url",
    "uri",
  ],
  ...["ttl", "timeout", "issuer", "audience", "audiences", "enabled", "policy", "bucket"],
]);

/** Words of fields whose long hexadecimal values name a version of something. */
const versionWords = new Set([
  "sha",
  "hash",
  "checksum",
  "digest",
  "commit",
  "revision",
  "rev",
  "uid",
  "oid",
]);

/**
 * Whether a value at this place of an object of a kind without a table of meaning may be a secret: by a free structure
 * above it, by the names of the fields, or by its looks. A list or mapping is secret as a whole where it is a free
 * structure, keys and all. Meant to err on the side of hiding.
 */
export function looksSecret(path: RawPath, value: Json): boolean {
  const name = path.findLast((part) => typeof part === "string") ?? "";
  if (typeof value === "string") return textLooksSecret(path, value);
  if (typeof value === "object" && value !== null) return freeStructure.test(name);
  return (typeof value === "number" || typeof value === "bigint") && isPassword(name);
}

function textLooksSecret(path: RawPath, value: string): boolean {
  if (value === "") return false;
  if (holdsCredential(value)) return true;
  const names = path.filter((part) => typeof part === "string");
  const last = wordsOf(names.at(-1) ?? "");
  if (names.some((name) => freeStructure.test(name))) return !isTypeUrl(value);
  const isReference = referenceWords.has(last.at(-1) ?? "");
  if (!isReference && (isAmongFreeValues(path) || names.some(isSecretName))) return true;
  return !last.some((word) => versionWords.has(word)) && holdsRandom(value);
}

/** The name of a message type, which says what a free structure is. */
function isTypeUrl(value: string): boolean {
  return /^type\.googleapis\.com\/[a-zA-Z0-9._]+$/.test(value);
}

/** Whether something above the value is a header or an environment. */
function isAmongFreeValues(path: RawPath): boolean {
  return path
    .slice(0, -1)
    .some(
      (part, index) =>
        typeof part === "string" &&
        (freeValues.test(part) || ownWords.test(`${String(path[index - 1])}.${part}`)),
    );
}

function isSecretName(name: string): boolean {
  const words = wordsOf(name);
  if (referenceWords.has(words.at(-1) ?? "")) return false;
  return words.some((word) => secretWords.has(word)) || secretPair.test(words.join("-"));
}

/** Whether a field may hold a secret made of digits only. */
function isPassword(name: string): boolean {
  return /passw(?:or)?d|passphrase|secret|^pin$/i.test(name);
}

/** "clientSecret", "client_secret" and "client-secret" are all ["client", "secret"]. */
function wordsOf(name: string): readonly string[] {
  const spaced = name.replaceAll(/([a-z\d])([A-Z])/g, "$1-$2").replaceAll(/([A-Z])([A-Z][a-z])/g, "$1-$2");
  return spaced.toLowerCase().split(/[^a-z\d]+/);
}
