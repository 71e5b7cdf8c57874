import { field } from "../../../core/model/json.ts";
import { parseJson } from "../../../core/manifest/parse-json.ts";
import { DriftError } from "../../../lib/errors.ts";
import type { ConnectOptions } from "./access.ts";
import { type Entry, invalid, readEntry, readText, requireText } from "./entry-reader.ts";
import type { Login } from "./login.ts";
import { bearer } from "./token.ts";

/**
 * The auth-provider of a user. Only `oidc` is left in kubectl since 1.26. Its ID token is used while it is valid and not
 * refreshed: an identity provider may take a refresh token only once, and only kubectl writes the new one back.
 */
export function authProviderLogin(provider: Entry, { now }: Pick<ConnectOptions, "now">): Login {
  const name = requireText(provider, "name");
  if (name !== "oidc")
    throw invalid(provider, "name", "is not oidc, the only provider that kubectl still has");
  const config = readEntry(provider, "config");
  const token = config === undefined ? undefined : readText(config, "id-token");
  if (token === undefined) throw expired("there is no OIDC token");
  const authorization = bearer(token, "the OIDC token");
  const renewAtMs = expiryOf(token);
  return () => {
    if (renewAtMs === undefined) return Promise.resolve({ proof: { authorization } });
    if (renewAtMs > now().getTime()) return Promise.resolve({ proof: { authorization }, renewAtMs });
    return Promise.reject(expired(`the OIDC token expired at ${new Date(renewAtMs).toISOString()}`));
  };
}

/** When a JSON Web Token expires; undefined where that cannot be told. */
function expiryOf(token: string): number | undefined {
  const payload = parseJson(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
  const exp = payload.type === "parsed" ? field(payload.value, "exp") : undefined;
  return typeof exp === "number" && Math.abs(exp) < 1e11 ? exp * 1000 : undefined;
}

function expired(message: string): DriftError {
  return new DriftError("CREDENTIALS_FAILED", `the user of this context: ${message}`, {
    hint: "Run any kubectl command in this context: kubectl renews the token in the kubeconfig.",
  });
}
