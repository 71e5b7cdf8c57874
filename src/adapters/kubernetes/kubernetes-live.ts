import type { UnreadKind } from "../../core/model/finding.ts";
import { formatKind, type GroupKind } from "../../core/model/resource.ts";
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
import { createOwnersReader } from "./owners.ts";
import { systemTiming, type Timing } from "./timing.ts";

/** How a cluster is read. */
export interface KubernetesOptions {
  readonly access: ClusterAccess;
  readonly connect: ConnectOptions;
  /** Listed one by one; absent: the whole cluster at once. */
  readonly namespaces?: readonly string[];
  /** For one request, all of it. Absent: no limit but those that every request has. */
  readonly requestTimeoutMs?: number;
  /** For reading one list; 180,000. */
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
  const isClosed = { value: false };
  return {
    read: async (request) => {
      opening ??= openConnection(options.access, options.connect);
      const connection = await opening;
      try {
        return await readCluster(connection, request, moments, options);
      } catch (error) {
        if (isClosed.value && !(error instanceof DriftError)) throw closedError(connection);
        throw error;
      }
    },
    close: () => {
      isClosed.value = true;
      opening?.then(
        (connection) => {
          connection.close();
        },
        () => undefined,
      );
    },
  };
}

async function readCluster(
  connection: Connection,
  request: LiveRequest,
  moments: Map<string, string>,
  options: KubernetesOptions,
): Promise<LiveRead> {
  const timing = options.timing ?? systemTiming;
  const { requestTimeoutMs, listTimeoutMs = defaultListTimeoutMs } = options;
  const limits = {
    ...defaultLimits,
    ...options.limits,
    ...(requestTimeoutMs !== undefined && { totalTimeoutMs: requestTimeoutMs }),
  };
  const read = createApiReader(connection, limits, timing);
  const discovery = await discoverOrThrow(read, request.kinds, connection, timing.now() + listTimeoutMs);
  const coverage = new Coverage();
  const reader = new KindReader({
    read,
    readOwners: createOwnersReader(),
    keep: request.keep ?? (() => true),
    deadline: () => timing.now() + listTimeoutMs,
    discovery,
    discoverAgain: () => discover(read, request.kinds, timing.now() + listTimeoutMs),
    only: request.namespaces ?? options.namespaces,
    namespacesOf: request.namespacesOf,
    moments,
    coverage,
  });
  await Promise.all(request.kinds.map((kind) => reader.read(kind)));
  return {
    resources: coverage.resources,
    unchecked: coverage.unclear,
    unread: inOrder(coverage.unread, request.kinds),
    unserved: coverage.unserved,
    isComplete: (kind, namespace) => coverage.isComplete(kind, namespace),
    source: connection.label,
    asOf: request.now.toISOString(),
  };
}

/** As the kinds were asked for, then by namespace: the answers come in any order. */
function inOrder(unread: readonly UnreadKind[], kinds: readonly GroupKind[]): readonly UnreadKind[] {
  const places = new Map(kinds.map((kind, index) => [formatKind(kind), index]));
  const placeOf = ({ kind }: UnreadKind): number => places.get(formatKind(kind)) ?? 0;
  return unread.toSorted(
    (a, b) => placeOf(a) - placeOf(b) || ((a.namespace ?? "") < (b.namespace ?? "") ? -1 : 1),
  );
}

async function discoverOrThrow(
  read: ReadApi,
  kinds: readonly GroupKind[],
  connection: Connection,
  deadline: number,
): Promise<Extract<Awaited<ReturnType<typeof discover>>, { readonly type: "discovered" }>["discovery"]> {
  const end = await discover(read, kinds, deadline);
  if (end.type === "discovered") return end.discovery;
  throw asError(end, connection);
}

/** Without knowing what the server has nothing can be read: that is said of the whole cluster. */
function asError({ status, code, reason, hint }: ApiFailure, { label }: Connection): DriftError {
  if (status === 401) return new DriftError("CLUSTER_UNAUTHORIZED", `${label}: ${reason}`, { hint });
  const isAway =
    code === "CLUSTER_UNREACHABLE" || code === "REQUEST_TIMEOUT" || code === "CERTIFICATE_REFUSED";
  return new DriftError(isAway ? "CLUSTER_UNREACHABLE" : "CLUSTER_FAILED", `${label}: ${reason}`, { hint });
}

function closedError({ label }: Connection): DriftError {
  return new DriftError("CLUSTER_FAILED", `${label}: the run was told to end`, { hint: "Scan again." });
}
