import { X509Certificate } from "node:crypto";
import path from "node:path";
import { createSecureContext, type SecureContext } from "node:tls";
import { DriftError, messageOf } from "../../../lib/errors.ts";
import { type Entry, invalid, readText } from "./entry-reader.ts";
import { readSmallFile } from "./read-small-file.ts";

/** A client certificate with its chain, and its key, both PEM. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
}

const checkFile = "Check the path and that the file may be read.";

/** The path under a name, relative to the folder of its kubeconfig; undefined where it is absent. */
export function readPath(entry: Entry, name: string): string | undefined {
  const text = readText(entry, name);
  return text === undefined ? undefined : path.resolve(path.dirname(entry.file), text);
}

/** The PEM under `<name>-data` (base64), which wins, or in the file under `name`. */
async function readPem(entry: Entry, name: string): Promise<string | undefined> {
  const data = readText(entry, `${name}-data`);
  if (data !== undefined) {
    if (/^[\w+/\s-]*={0,2}\s*$/.test(data)) return Buffer.from(data, "base64").toString("utf8");
    throw invalid(entry, `${name}-data`, "is not base64");
  }
  const file = readPath(entry, name);
  return file === undefined ? undefined : readPemFile(file, name.replaceAll("-", " "));
}

async function readPemFile(file: string, what: string): Promise<string> {
  const read = await readSmallFile(file);
  if (read.type === "text") return read.text;
  const reason = read.type === "missing" ? "there is no such file" : read.reason;
  throw new DriftError("CREDENTIALS_FAILED", `the ${what} ${file} cannot be read: ${reason}`, {
    hint: checkFile,
  });
}

/** The certificate authorities that a cluster entry names. Throws where they are none. */
export async function readAuthorities(cluster: Entry): Promise<string | undefined> {
  const pem = await readPem(cluster, "certificate-authority");
  return pem === undefined ? undefined : requireAuthorities(pem, `${cluster.file}: ${cluster.path}`);
}

/** The certificate authorities in a file. Throws CREDENTIALS_FAILED where there are none. */
export async function readAuthoritiesFile(file: string): Promise<string> {
  return requireAuthorities(await readPemFile(file, "certificate authority"), file);
}

/** OpenSSL skips what it cannot read, so that every server would be refused later without a reason. */
function requireAuthorities(pem: string, where: string): string {
  try {
    new X509Certificate(pem);
    return pem;
  } catch (error) {
    throw new DriftError(
      "CREDENTIALS_FAILED",
      `${where} holds no certificate authority: ${reasonOf(error)}`,
      {
        hint: "It must be a certificate in PEM, with a line -----BEGIN CERTIFICATE-----.",
      },
    );
  }
}

/** The client certificate of a user entry, files read anew. Throws CREDENTIALS_FAILED or KUBECONFIG_INVALID. */
export async function readClientCertificate(user: Entry): Promise<ClientCertificate | undefined> {
  const cert = await readPem(user, "client-certificate");
  const key = await readPem(user, "client-key");
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined) throw invalid(user, "client-certificate", "is missing, but there is a client-key");
  if (key === undefined) throw invalid(user, "client-key", "is missing, but there is a client-certificate");
  return { cert, key };
}

/** When a client certificate expires, in milliseconds since 1970; undefined where it does not say so. */
export function certificateEnd({ cert }: ClientCertificate): number | undefined {
  try {
    const endsMs = Date.parse(new X509Certificate(cert).validTo);
    return Number.isNaN(endsMs) ? undefined : endsMs;
  } catch {
    // TLS reads more forms of a certificate than this does.
    return undefined;
  }
}

/** What TLS needs of certificates. Throws CREDENTIALS_FAILED where a certificate and its key do not fit together. */
export function createContext(ca: string | undefined, client: ClientCertificate | undefined): SecureContext {
  try {
    return createSecureContext({ minVersion: "TLSv1.2", ...(ca === undefined ? {} : { ca }), ...client });
  } catch (error) {
    const message = `the client certificate and its key cannot be used: ${reasonOf(error)}`;
    throw new DriftError("CREDENTIALS_FAILED", message, {
      hint: "Check that both are PEM, without a passphrase, and belong together.",
    });
  }
}

/** What OpenSSL says without its numbers: "key values mismatch". It never quotes what it read. */
function reasonOf(error: unknown): string {
  const reason: unknown = error instanceof Error && "reason" in error ? error.reason : undefined;
  return typeof reason === "string" ? reason : (messageOf(error).split(":").at(-1) ?? "");
}
