import type { UnreadKind } from "../../core/model/finding.ts";
import { type GroupKind, isSameKind } from "../../core/model/resource.ts";
import { DriftError } from "../../lib/errors.ts";
import type { WholeRead, WholeRequest } from "../../ports/live.ts";
import { createApiReader } from "./api-reader.ts";
import type { Connection } from "./connect/access.ts";
import { Coverage } from "./coverage.ts";
import { discover } from "./discovery.ts";
import type { GetLimits } from "./get.ts";
import { KindReader } from "./kind-reader.ts";
import { projectWhole } from "./project.ts";
import { backoffMs, countdown, type Timing } from "./timing.ts";

/** How objects that explain a finding are read. */
export interface WholeOptions {
  readonly limits: GetLimits;
  readonly listTimeoutMs: number;
  readonly timing: Timing;
  readonly signal: AbortSignal;
  /** The moment of the last such list of each kind. */
  readonly moments: Map<string, string>;
  /** Only these namespaces are ever read. */
  readonly only?: readonly string[];
}

/**
 * Reads objects with their status, with get and list alone; a kind that may not be listed for the whole cluster is
 * listed in the namespaces of the request. Whatever fails is `unread`: never throws for what the cluster does.
 */
export async function readWhole(
  connect: () => Promise<Connection>,
  request: WholeRequest,
  options: WholeOptions,
): Promise<WholeRead> {
  try {
    return await readKinds(await connect(), request, options);
  } catch (error) {
    if (!(error instanceof DriftError)) throw error;
    return nothing(request.kinds, error);
  }
}

async function readKinds(
  connection: Connection,
  { kinds, namespaces = [] }: WholeRequest,
  { limits, listTimeoutMs, timing, signal, moments, only }: WholeOptions,
): Promise<WholeRead> {
  const read = createApiReader(connection, limits, timing, signal);
  const deadline = () => countdown(listTimeoutMs, timing);
  const found = await discover(read, kinds, deadline());
  if (found.type === "failed") return nothing(kinds, found);
  const coverage = new Coverage();
  const reader = new KindReader({
    read,
    readOwners: () => [],
    project: projectWhole,
    keep: () => true,
    deadline,
    pause: (reading) => timing.sleep(backoffMs(reading, timing), signal),
    discovery: found.discovery,
    discoverAgain: () => discover(read, kinds, deadline()),
    only,
    namespacesOf: () => Promise.resolve(namespaces),
    moments,
    coverage,
  });
  await Promise.all(kinds.map((kind) => reader.read(kind)));
  const isUnserved = (kind: GroupKind): boolean => coverage.unserved.some((one) => isSameKind(one, kind));
  return {
    objects: coverage.resources,
    isComplete: (kind, namespace) => isUnserved(kind) || coverage.isComplete(kind, namespace),
    unread: [
      ...coverage.unread,
      ...coverage.unserved.map(notServed),
      ...coverage.unclear.map(({ key: { group, kind, namespace }, code, reason, hint }) => ({
        kind: { group, kind },
        namespace,
        code,
        reason,
        hint,
      })),
    ],
  };
}

function notServed({ group, kind }: GroupKind): UnreadKind {
  return {
    kind: { group, kind },
    code: "KIND_NOT_SERVED",
    reason: "the cluster does not know the kind",
    hint: "Nothing to do where its controller is not installed.",
  };
}

function nothing(
  kinds: readonly GroupKind[],
  { code, reason, hint }: Pick<UnreadKind, "code" | "reason" | "hint">,
): WholeRead {
  const unread = kinds.map((kind) => ({ kind, code, reason, hint }));
  return { objects: [], unread, isComplete: () => false };
}
