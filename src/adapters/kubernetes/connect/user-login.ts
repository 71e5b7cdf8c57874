import type { ConnectOptions } from "./access.ts";
import { readClientCertificate, readPath } from "./certificates.ts";
import { type Entry, invalid, readEntry, readText } from "./entry-reader.ts";
import { readExecEntry } from "./exec-entry.ts";
import { execLogin, type ExecTarget } from "./exec-plugin.ts";
import type { Login } from "./login.ts";
import { authProviderLogin } from "./oidc.ts";
import { bearer, tokenFileLogin } from "./token.ts";

type LoginOptions = Pick<ConnectOptions, "env" | "now" | "execTimeoutMs" | "execPlugins" | "onWarning"> & {
  readonly signal: AbortSignal;
};

/**
 * How a user of a kubeconfig logs in: with a client certificate, and with the first of token file, token, password,
 * auth-provider and plugin. Throws KUBECONFIG_INVALID or CLUSTER_ACCESS_REFUSED; nothing is run or read before the login.
 */
export function userLogin(user: Entry, target: ExecTarget, options: LoginOptions): Login {
  const authorize = fixedLogin(user, options) ?? pluginLogin(user, target, options);
  return async (occasion) => {
    const certificate = await readClientCertificate(user);
    const grant = await authorize(occasion);
    return certificate === undefined ? grant : { ...grant, proof: { certificate, ...grant.proof } };
  };
}

function fixedLogin(user: Entry, options: LoginOptions): Login | undefined {
  const token = readText(user, "token");
  const tokenFile = readPath(user, "tokenFile");
  const password = passwordLogin(user);
  if (password !== undefined && (token ?? tokenFile) !== undefined)
    throw invalid(user, "", "has a token and a password");
  const authorization = token && bearer(token, `${user.file}: ${user.path}.token`);
  if (tokenFile !== undefined) return tokenFileLogin(tokenFile, options, authorization);
  return authorization === undefined ? password : fixed(authorization);
}

function passwordLogin(user: Entry): Login | undefined {
  const name = readText(user, "username");
  const password = readText(user, "password");
  if (name === undefined && password === undefined) return undefined;
  return fixed(`Basic ${Buffer.from(`${name ?? ""}:${password ?? ""}`).toString("base64")}`);
}

function fixed(authorization: string): Login {
  return () => Promise.resolve({ proof: { authorization } });
}

function pluginLogin(user: Entry, target: ExecTarget, options: LoginOptions): Login {
  const provider = readEntry(user, "auth-provider");
  const exec = readEntry(user, "exec");
  if (provider !== undefined && exec !== undefined)
    throw invalid(user, "", "has an auth-provider and an exec plugin");
  if (provider !== undefined) return authProviderLogin(provider, options);
  if (exec !== undefined) return execLogin(readExecEntry(exec, options.execPlugins), target, options);
  return () => Promise.resolve({ proof: {} });
}
