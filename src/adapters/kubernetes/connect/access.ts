import type { Agent } from "node:http";

/** How a cluster is to be reached. */
export type ClusterAccess =
  | {
      readonly type: "context";
      /** "" is the current context. */
      readonly context: string;
      /** One file; without it those of KUBECONFIG, else ~/.kube/config. */
      readonly kubeconfig?: string;
    }
  | { readonly type: "in-cluster" }
  | ServerAccess;

/** A server that is named without a kubeconfig. */
export interface ServerAccess {
  readonly type: "server";
  readonly server: string;
  readonly caFile?: string;
  readonly tokenFile?: string;
}

/** What reaching a cluster depends on besides the cluster. */
export interface ConnectOptions {
  /** The environment that drift runs in. Credential plugins get it whole, as they do from kubectl. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Asked only where ~/.kube/config is needed; may throw. */
  readonly homeFolder: () => string;
  readonly now: () => Date;
  /** Whether the check of the server's certificate may be turned off, and plain http may leave this machine. */
  readonly allowInsecure: boolean;
  /** Credential plugins that may run: all (a person's own kubeconfig), or only these absolute paths. */
  readonly execPlugins: "all" | readonly string[];
  /** How long a credential plugin may run. */
  readonly execTimeoutMs: number;
  /** How long it may take until a connection stands; a proxy that says nothing is told shortly before. 10,000. */
  readonly connectTimeoutMs?: number;
  /** Something that a person should know but that stops nothing. Called once for each fact. */
  readonly onWarning: (message: string) => void;
  /** Where a Pod finds its token and ca.crt. Default: /var/run/secrets/kubernetes.io/serviceaccount. */
  readonly serviceAccountFolder?: string;
}

/** What one request is sent with. Shows nothing of itself when printed or turned into JSON. */
export interface Credentials {
  readonly agent: Agent;
  /** To be copied into the request. A list is one header line for each item. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** When the client certificate expires, in milliseconds since 1970; absent where there is none. */
  readonly certificateEndsMs?: number;
}

/** A way to an API server. Nothing is sent before the first request. */
export interface Connection {
  /** The server's URL, with its path prefix if it has one. Only the URL of a server without one ends in a slash. */
  readonly server: URL;
  /**
   * For people: "context prod-eu1 (https://host:6443)", "in-cluster (https://10.0.0.1:443)", and in the brackets also
   * "certificate not checked" or "not encrypted". Never a credential.
   */
  readonly label: string;
  /**
   * Credentials for the next request; kept, shared, and got anew shortly before they expire. `rejected` are those that
   * the server answered 401 to: they are got anew once, however many requests say so at the same time. The same object
   * comes back where there is nothing new to be had, so that asking the server again is in vain.
   * Throws CREDENTIALS_FAILED.
   */
  readonly credentials: (options?: { readonly rejected?: Credentials }) => Promise<Credentials>;
  /** Closes the sockets and ends a plugin that runs. */
  readonly close: () => void;
}
