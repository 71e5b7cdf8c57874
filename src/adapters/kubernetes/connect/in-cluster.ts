import { isIP } from "node:net";
import path from "node:path";
import { DriftError } from "../../../lib/errors.ts";
import type { ConnectOptions } from "./access.ts";
import { readAuthoritiesFile } from "./certificates.ts";
import { type Endpoint, parseServer } from "./endpoint.ts";
import { readSmallFile } from "./read-small-file.ts";

const standardFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

/** What a Pod knows about its own cluster. */
export interface PodAccess {
  readonly endpoint: Endpoint;
  readonly tokenFile: string;
}

type PodOptions = Pick<ConnectOptions, "env" | "serviceAccountFolder" | "allowInsecure" | "onWarning">;

/** Whether this is a Pod with a service account. */
export async function isInPod({ env, serviceAccountFolder }: PodOptions): Promise<boolean> {
  if (serverOf(env) === undefined) return false;
  const token = await readSmallFile(path.join(serviceAccountFolder ?? standardFolder, "token"));
  return token.type === "text";
}

/** Reads how a Pod reaches its API server. Throws KUBECONFIG_NOT_FOUND outside of a Pod, or CREDENTIALS_FAILED. */
export async function readPodAccess(options: PodOptions): Promise<PodAccess> {
  const server = serverOf(options.env);
  if (server === undefined) {
    throw new DriftError(
      "KUBECONFIG_NOT_FOUND",
      "this is no Pod: KUBERNETES_SERVICE_HOST or _PORT is not set",
      {
        hint: "Run inside a cluster, or name a context of a kubeconfig.",
      },
    );
  }
  const folder = options.serviceAccountFolder ?? standardFolder;
  const authorities = await readAuthoritiesFile(path.join(folder, "ca.crt"));
  return {
    endpoint: {
      server: parseServer(server, "KUBERNETES_SERVICE_HOST", options),
      authorities,
      skipsVerify: false,
    },
    tokenFile: path.join(folder, "token"),
  };
}

function serverOf(env: ConnectOptions["env"]): string | undefined {
  const host = env["KUBERNETES_SERVICE_HOST"] ?? "";
  const port = env["KUBERNETES_SERVICE_PORT"] ?? "";
  if (host === "" || port === "") return undefined;
  return `https://${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}
