import type { Agent } from "node:http";
import type { Connection, Credentials } from "./access.ts";
import { type ClientCertificate, certificateEnd } from "./certificates.ts";
import { hide } from "./hide.ts";
import type { Grant, Login, Occasion, Proof } from "./login.ts";

/** What credentials are made from. */
interface CacheOptions {
  readonly login: Login;
  /** Sent with every request besides the proof. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly createAgent: (certificate: ClientCertificate | undefined) => Promise<Agent>;
  readonly now: () => Date;
}

interface Kept {
  readonly credentials: Credentials;
  readonly grant: Grant;
}

/** Keeps the credentials of a connection, gets them anew when they must be, once at a time, and replaces the agent only with the certificate. */
export function createCredentialCache(options: CacheOptions): Pick<Connection, "credentials" | "close"> {
  const agents = new Set<Agent>();
  let kept: Kept | undefined;
  let pending: Promise<Credentials> | undefined;

  const renew = async (occasion: Occasion): Promise<Credentials> => {
    const grant = await options.login(occasion);
    const before = kept;
    if (before !== undefined && sameProof(before.grant.proof, grant.proof)) {
      kept = { credentials: before.credentials, grant };
      return before.credentials;
    }
    const keepsAgent = before !== undefined && sameCertificate(before.grant.proof, grant.proof);
    const agent = keepsAgent ? before.credentials.agent : await options.createAgent(grant.proof.certificate);
    agents.add(agent);
    if (before !== undefined && !keepsAgent) closeIdle(before.credentials.agent);
    kept = { credentials: createCredentials(agent, grant.proof, options.headers), grant };
    return kept.credentials;
  };

  const occasionFor = (rejected: Credentials | undefined): Occasion | undefined => {
    if (kept === undefined) return "first";
    if (rejected === kept.credentials) return "rejected";
    const { renewAtMs } = kept.grant;
    return renewAtMs !== undefined && renewAtMs <= options.now().getTime() ? "due" : undefined;
  };

  return {
    credentials: async ({ rejected } = {}) => {
      if (pending !== undefined) return pending;
      const occasion = occasionFor(rejected);
      if (kept !== undefined && occasion === undefined) return kept.credentials;
      pending = renew(occasion ?? "first").finally(() => {
        pending = undefined;
      });
      return pending;
    },
    close: () => {
      for (const agent of agents) agent.destroy();
    },
  };
}

/** Requests that run on an agent come to their end; what idles is of no use any more. */
function closeIdle(agent: Agent): void {
  for (const sockets of Object.values(agent.freeSockets))
    for (const socket of sockets ?? []) socket.destroy();
}

function headersFor(proof: Proof, headers: CacheOptions["headers"]): Credentials["headers"] {
  return proof.authorization === undefined ? headers : { ...headers, Authorization: proof.authorization };
}

function createCredentials(agent: Agent, proof: Proof, headers: CacheOptions["headers"]): Credentials {
  const certificateEndsMs = proof.certificate && certificateEnd(proof.certificate);
  return hide(
    {
      agent,
      headers: hide({ ...headersFor(proof, headers) }, "Headers"),
      ...(certificateEndsMs !== undefined && { certificateEndsMs }),
    },
    "Credentials",
  );
}

function sameProof(a: Proof, b: Proof): boolean {
  return a.authorization === b.authorization && sameCertificate(a, b);
}

function sameCertificate(a: Proof, b: Proof): boolean {
  return a.certificate?.cert === b.certificate?.cert && a.certificate?.key === b.certificate?.key;
}
