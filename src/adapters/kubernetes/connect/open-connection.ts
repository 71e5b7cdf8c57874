import type { ClusterAccess, ConnectOptions, Connection, ServerAccess } from "./access.ts";
import { createAgent } from "./agent.ts";
import { readAuthoritiesFile } from "./certificates.ts";
import { createCredentialCache } from "./credential-cache.ts";
import { type Endpoint, isLoopback, parseServer, readEndpoint } from "./endpoint.ts";
import { type Entry, readEntries, readText } from "./entry-reader.ts";
import type { ExecTarget } from "./exec-plugin.ts";
import { impersonationHeaders } from "./impersonation.ts";
import { isInPod, readPodAccess } from "./in-cluster.ts";
import { loadKubeconfig } from "./load-kubeconfig.ts";
import type { Login } from "./login.ts";
import { isEmpty, pickContext, type PickedContext } from "./pick-context.ts";
import { printable } from "../../../lib/printable.ts";
import { chooseProxy } from "./proxy.ts";
import { tokenFileLogin } from "./token.ts";
import { userLogin } from "./user-login.ts";

/** A way to a server whose login was not tried yet. */
interface Route {
  /** "context prod-eu1", "in-cluster". */
  readonly name: string;
  readonly endpoint: Endpoint;
  readonly login?: Login;
  readonly headers?: Readonly<Record<string, string | string[]>>;
}

/**
 * Finds out how to reach a cluster, without sending anything. Without a context and a kubeconfig a Pod reaches its own
 * cluster, as with kubectl. Throws KUBECONFIG_NOT_FOUND, KUBECONFIG_INVALID, CONTEXT_NOT_FOUND, CLUSTER_ACCESS_REFUSED or
 * CREDENTIALS_FAILED.
 */
export async function openConnection(access: ClusterAccess, options: ConnectOptions): Promise<Connection> {
  const ending = new AbortController();
  const route = await findRoute(access, options, ending.signal);
  const { endpoint } = route;
  const proxyUrl = chooseProxy(endpoint.server, endpoint.proxyUrl, options.env);
  const proxy = proxyUrl && {
    url: proxyUrl,
    signal: ending.signal,
    connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
  };
  const cache = createCredentialCache({
    ...loginOver(route, options),
    createAgent: (certificate) => createAgent(endpoint, certificate, proxy),
    now: options.now,
  });
  return {
    server: endpoint.server,
    label: `${route.name} (${endpoint.server.href.replace(/\/$/, "")}${doubtOf(endpoint)})`,
    credentials: cache.credentials,
    close: () => {
      ending.abort();
      cache.close();
    },
  };
}

/** What makes anything that the server says doubtful: a result that is kept must tell it, too. */
function doubtOf({ server, skipsVerify }: Endpoint): string {
  if (skipsVerify) return ", certificate not checked";
  return server.protocol === "http:" && !isLoopback(server.hostname) ? ", not encrypted" : "";
}

/** Like kubectl we send no credentials over plain http (client-go, IsConfigTransportTLS). */
function loginOver(route: Route, { onWarning }: ConnectOptions): Required<Pick<Route, "login" | "headers">> {
  const { login = withoutProof, headers = {}, endpoint } = route;
  if (endpoint.server.protocol === "https:" || route.login === undefined) return { login, headers };
  onWarning(
    `${route.name}: its credentials are not sent, because ${endpoint.server.host} is reached by plain http`,
  );
  return { login: withoutProof, headers: {} };
}

const withoutProof: Login = () => Promise.resolve({ proof: {} });

async function findRoute(
  access: ClusterAccess,
  options: ConnectOptions,
  signal: AbortSignal,
): Promise<Route> {
  if (access.type === "server") return routeToServer(access, options);
  if (access.type === "in-cluster") return routeFromPod(options);
  const loaded = await loadKubeconfig(access.kubeconfig, options);
  const mayBePod = access.context === "" && access.kubeconfig === undefined && isEmpty(loaded.config);
  if (mayBePod && (await isInPod(options))) return routeFromPod(options);
  return routeOfContext(pickContext(access.context, loaded), options, signal);
}

async function routeOfContext(
  context: PickedContext,
  options: ConnectOptions,
  signal: AbortSignal,
): Promise<Route> {
  const { cluster, user } = context;
  const endpoint = await readEndpoint(cluster, options);
  const target: ExecTarget = { endpoint, ...execConfig(cluster) };
  return {
    name: `context ${printable(context.name)}`,
    endpoint,
    ...(user === undefined || Object.keys(user.value).length === 0
      ? {}
      : { login: userLogin(user, target, { ...options, signal }), headers: impersonationHeaders(user) }),
  };
}

/** What a cluster says to plugins (client-go, ExecCluster). */
function execConfig(cluster: Entry): Pick<ExecTarget, "config"> {
  for (const extension of readEntries(cluster, "extensions")) {
    const config = extension.value["extension"];
    if (readText(extension, "name") === "client.authentication.k8s.io/exec" && config !== undefined)
      return { config };
  }
  return {};
}

async function routeFromPod(options: ConnectOptions): Promise<Route> {
  const { endpoint, tokenFile } = await readPodAccess(options);
  return {
    name: "in-cluster",
    endpoint,
    login: tokenFileLogin(tokenFile, options),
  };
}

async function routeToServer(
  { server, caFile, tokenFile }: ServerAccess,
  options: ConnectOptions,
): Promise<Route> {
  const url = parseServer(server, "the server", options);
  const authorities = caFile === undefined ? undefined : await readAuthoritiesFile(caFile);
  return {
    name: "server",
    endpoint: { server: url, skipsVerify: false, ...(authorities === undefined ? {} : { authorities }) },
    ...(tokenFile === undefined ? {} : { login: tokenFileLogin(tokenFile, options) }),
  };
}
