import type { UnreadKind } from "../../core/model/finding.ts";
import { formatKind, type GroupKind, isSameKind, namespaceKind } from "../../core/model/resource.ts";
import { DriftError } from "../../lib/errors.ts";
import type { LivePort, LiveRead, LiveRequest } from "../../ports/live.ts";
import { createApiReader, type ReadApi } from "./api-reader.ts";
import type { ClusterAccess, Connection, ConnectOptions } from "./connect/access.ts";
import { openConnection } from "./connect/open-connection.ts";
import { Coverage } from "./coverage.ts";
import { discover } from "./discovery.ts";
import type { ApiFailure } from "./failure.ts";
import type { GetLimits } from "./get.ts";
import { KindReader } from "./kind-reader.ts";
import { createOwnersReader } from "../../core/manifest/owners.ts";
import { readWhole } from "./read-whole.ts";
import { listenForTime } from "./server-clock.ts";
import { backoffMs, countdown, type Deadline, systemTiming, type Timing } from "./timing.ts";

/** How a cluster is read. */
export interface KubernetesOptions {
  readonly access: ClusterAccess;
  readonly connect: ConnectOptions;
  /** Listed one by one; absent: the whole cluster at once. */
  readonly namespaces?: readonly string[];
  /** For one request, all of it. Absent: no limit but those that every request has. */
  readonly requestTimeoutMs?: number;
  /** For reading one list, from its first request on; 180,000. */
  readonly listTimeoutMs?: number;
  /** What each request may take; for tests. */
  readonly limits?: Partial<GetLimits>;
  readonly timing?: Timing;
}

const defaultLimits: GetLimits = {
  connectTimeoutMs: 10_000,
  headersTimeoutMs: 30_000,
  idleTimeoutMs: 15_000,
  maxBodyBytes: 64 * 1024 * 1024,
};

const defaultListTimeoutMs = 180_000;

/**
 * The live side of a cluster from its API server, with get and list alone: each kind in pages, at most four requests
 * at a time, projected as the pages arrive.
 *
 * A kind, or a namespace of it, that cannot be read whole is `unread`, and nothing of it is kept. `read` throws where
 * the server cannot be reached or asked at all: CLUSTER_UNREACHABLE, CLUSTER_UNAUTHORIZED, CLUSTER_FAILED, and what
 * openConnection throws.
 */
export function createKubernetesLive(options: KubernetesOptions): LivePort {
  let opening: Promise<Connection> | undefined;
  // The moment of the last list of each kind: what a server says that is behind is not taken.
  const moments = new Map<string, string>();
  const wholeMoments = new Map<string, string>();
  const ending = new AbortController();
  const connect = (): Promise<Connection> =>
    // What could not be opened now may be there the next time.
    (opening ??= openConnection(options.access, connectOptions(options)).catch((error: unknown) => {
      opening = undefined;
      throw error;
    }));
  return {
    read: async (request) => {
      const connection = await connect();
      try {
        return await readCluster(connection, request, { ...options, moments, signal: ending.signal });
      } finally {
        // What is half read then, and how it failed, says nothing.
        if (ending.signal.aborted) throwEnded(connection);
      }
    },
    readWhole: (request) =>
      readWhole(connect, request, {
        limits: limitsOf(options),
        listTimeoutMs: listTimeoutOf(options),
        timing: options.timing ?? systemTiming,
        signal: ending.signal,
        moments: wholeMoments,
        ...(options.namespaces !== undefined && { only: options.namespaces }),
      }),
    close: () => {
      ending.abort();
      opening?.then(
        (connection) => {
          connection.close();
        },
        () => undefined,
      );
    },
  };
}

/** What is kept between the reads of one cluster, and what ends them. */
interface ReadOptions extends KubernetesOptions {
  readonly moments: Map<string, string>;
  readonly signal: AbortSignal;
}

async function readCluster(
  connection: Connection,
  request: LiveRequest,
  options: ReadOptions,
): Promise<LiveRead> {
  const { timing = systemTiming, moments, signal } = options;
  const listTimeoutMs = listTimeoutOf(options);
  const clock = listenForTime(createApiReader(connection, limitsOf(options), timing, signal), timing);
  const { read } = clock;
  const deadline = () => countdown(listTimeoutMs, timing);
  const discovery = await discoverOrThrow(read, request.kinds, connection, deadline());
  const coverage = new Coverage();
  const reader = new KindReader({
    read,
    readOwners: createOwnersReader(),
    keep: request.keep ?? (() => true),
    deadline,
    pause: (reading) => timing.sleep(backoffMs(reading, timing), signal),
    discovery,
    discoverAgain: () => discover(read, request.kinds, deadline()),
    only: request.namespaces ?? options.namespaces,
    namespacesOf: async (kind) => {
      if (!isSameKind(kind, namespaceKind)) await labelled;
      const namespaces = coverage.resources.filter(({ key }) => isSameKind(key, namespaceKind));
      return request.namespacesOf(kind, namespaces);
    },
    moments,
    coverage,
  });
  const isFirst = (kind: GroupKind): boolean => isSameKind(kind, namespaceKind);
  // Whatever is read namespace by namespace waits for these: the targets may choose by label.
  const labelled = Promise.all(request.kinds.filter(isFirst).map((kind) => reader.read(kind)));
  const others = request.kinds.filter((kind) => !isFirst(kind));
  await Promise.all([labelled, ...others.map((kind) => reader.read(kind))]);
  const inOrder = orderOf(request.kinds);
  const serverTime = clock.time();
  return {
    resources: inOrder(coverage.resources, ({ key }) => key),
    unchecked: inOrder(coverage.unclear, ({ key }) => key),
    unread: inOrder(coverage.unread.toSorted(byNamespace), ({ kind }) => kind),
    unserved: inOrder(coverage.unserved, (kind) => kind),
    isComplete: (kind, namespace) => coverage.isComplete(kind, namespace),
    source: connection.label,
    asOf: request.now.toISOString(),
    ...(serverTime && { serverTime }),
  };
}

function listTimeoutOf({ listTimeoutMs, requestTimeoutMs = 0 }: KubernetesOptions): number {
  return Math.max(listTimeoutMs ?? defaultListTimeoutMs, requestTimeoutMs);
}

/** A person who allows more for a request wants to wait as long for the connection, its first byte, and the next. */
function limitsOf({ limits, requestTimeoutMs }: KubernetesOptions): GetLimits {
  const all = { ...defaultLimits, ...limits };
  if (requestTimeoutMs === undefined) return all;
  return {
    ...all,
    connectTimeoutMs: Math.max(all.connectTimeoutMs, requestTimeoutMs),
    headersTimeoutMs: Math.max(all.headersTimeoutMs, requestTimeoutMs),
    idleTimeoutMs: Math.max(all.idleTimeoutMs, requestTimeoutMs),
    totalTimeoutMs: requestTimeoutMs,
  };
}

function connectOptions(options: KubernetesOptions): ConnectOptions {
  return { ...options.connect, connectTimeoutMs: limitsOf(options).connectTimeoutMs };
}

/** Sorts things by their kinds, as these were asked for: the answers come in any order. */
function orderOf(kinds: readonly GroupKind[]) {
  return <T>(things: readonly T[], kindOf: (thing: T) => GroupKind): readonly T[] => {
    const byKind = new Map(kinds.map((kind) => [formatKind(kind), [] as T[]]));
    for (const thing of things) byKind.get(formatKind(kindOf(thing)))?.push(thing);
    return [...byKind.values()].flat();
  };
}

function byNamespace(a: UnreadKind, b: UnreadKind): number {
  const [first, second] = [a.namespace ?? "", b.namespace ?? ""];
  return first < second ? -1 : Number(first > second);
}

async function discoverOrThrow(
  read: ReadApi,
  kinds: readonly GroupKind[],
  connection: Connection,
  deadline: Deadline,
): Promise<Extract<Awaited<ReturnType<typeof discover>>, { readonly type: "discovered" }>["discovery"]> {
  const end = await discover(read, kinds, deadline);
  if (end.type === "discovered") return end.discovery;
  throw asError(end, connection);
}

/** Failures of which the whole cluster is unreachable. */
const away: ReadonlySet<string> = new Set([
  "CLUSTER_UNREACHABLE",
  "REQUEST_TIMEOUT",
  "CERTIFICATE_REFUSED",
  "PROXY_FAILED",
]);

/** Without knowing what the server has nothing can be read: that is said of the whole cluster. */
function asError({ status, code, reason, hint }: ApiFailure, { label }: Connection): DriftError {
  const message = `${label}: ${reason}`;
  if (status === 401 || code === "CLIENT_CERTIFICATE_REFUSED") {
    return new DriftError("CLUSTER_UNAUTHORIZED", message, { hint });
  }
  return new DriftError(away.has(code) ? "CLUSTER_UNREACHABLE" : "CLUSTER_FAILED", message, { hint });
}

function throwEnded({ label }: Connection): never {
  throw new DriftError("CLUSTER_FAILED", `${label}: the run was told to end`, { hint: "Scan again." });
}
