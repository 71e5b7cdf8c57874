import { type ManifestLimits, snapshotLimits } from "../../core/manifest/limits.ts";
import type { Unchecked, UnreadKind } from "../../core/model/finding.ts";
import { formatSpan } from "../../core/model/time-span.ts";
import { DriftError } from "../../lib/errors.ts";
import {
  formatFew,
  formatKind,
  type GroupKind,
  isSameKind,
  namespaceKind,
} from "../../core/model/resource.ts";
import type { LivePort, LiveRead, LiveRequest, WholeRead } from "../../ports/live.ts";
import { Collection, kindId } from "./collect-resources.ts";
import { checkEnd, emptyInput } from "./cut-off.ts";
import { type FileList, type InputFile, listFiles, systemCode } from "./list-files.ts";
import type { ByteStream } from "./read-bytes.ts";
import { type InputContent, readFileObjects, readStreamObjects } from "./read-objects.ts";

export interface SnapshotOptions {
  /** A file, a folder, or "-" for `stdin`. */
  readonly path: string;
  /** The name of the path in messages; the path itself where it is absent. */
  readonly label?: string;
  readonly stdin: ByteStream;
  /**
   * Where the oldest file is older than this, or one is dated in the future, the whole snapshot says nothing. Standard
   * input has no age.
   */
  readonly maxAgeMs?: number;
  /** Kinds that the snapshot holds completely even if it has no object of them: "VirtualService", "Gateway.networking.istio.io". */
  readonly kinds?: readonly string[];
  /** The namespaces the snapshot holds. Absent: all. */
  readonly namespaces?: readonly string[];
  readonly limits?: ManifestLimits;
}

/** What a snapshot is asked. Without `namespacesOf` nothing is said of namespaces that it does not hold. */
type SnapshotRequest = Pick<LiveRequest, "kinds" | "now"> & Partial<Pick<LiveRequest, "namespacesOf">>;

/** A live side that needs to be told only what to read, because all of it is at hand. */
interface SnapshotLive extends LivePort {
  readonly read: (request: SnapshotRequest) => Promise<LiveRead>;
}

/**
 * The live side of a cluster from files of `kubectl get -o yaml|json` output: Lists and streams in any order.
 *
 * A kind is complete, so that an object that is not there counts as missing, if an object of it stands in the snapshot
 * or `kinds` names it, in the namespaces that the snapshot holds, and only as long as every file could be read to its
 * end: nobody knows what a damaged or empty file should have held. An empty snapshot is never complete.
 *
 * `read` throws LIVE_NOT_FOUND and INPUT_UNREADABLE.
 */
export function createSnapshotLive(options: SnapshotOptions): SnapshotLive {
  const limits = options.limits ?? snapshotLimits;
  let stream: Promise<InputContent> | undefined;
  // A stream can be read only once, but the port may be asked again.
  const readStream = (): Promise<InputContent> => (stream ??= readStreamObjects(options.stdin, limits));
  const read = async (request: SnapshotRequest): Promise<LiveRead> => {
    const { kinds, now } = request;
    const wanted = new Set(kinds.map(kindId));
    const collection = new Collection((kind) => wanted.has(kindId(kind)));
    if (options.path === "-") {
      collection.addContent(checkEnd(await readStream()));
      return liveRead(options, collection, {
        written: now,
        unread: await findUnheld(options, request, collection),
      });
    }
    const list = await listSnapshot(options);
    const written = oldestOf(list.files)?.modified ?? now;
    const stale = findUnfit(options, list.files, now);
    if (stale !== undefined) return nothing(options, stale, written);
    for (const unchecked of list.unchecked) collection.addDamage(unchecked);
    for (const file of list.files) {
      collection.addContent(checkEnd(await readFileObjects(file, limits)));
    }
    return liveRead(options, collection, {
      written,
      unread: await findUnheld(options, request, collection),
    });
  };
  return {
    read,
    readWhole: async ({ kinds, now }) => {
      try {
        return explaining(await read({ kinds, now }), kinds, sourceOf(options));
      } catch (error) {
        if (!(error instanceof DriftError)) throw error;
        const unread = kinds.map((kind) => unreadKind(kind, error));
        return { objects: [], unread, isComplete: () => false };
      }
    },
    close: () => undefined,
  };
}

/** What a snapshot tells of kinds that only explain: its objects have their status. */
function explaining(
  { resources, unchecked, isComplete }: LiveRead,
  kinds: readonly GroupKind[],
  source: string,
): WholeRead {
  const why = unchecked.find(({ key }) => key === undefined) ?? {
    code: "KIND_NOT_READ",
    reason: `${source} has no object of it`,
    hint: "Add the kind to the snapshot; if there are none, name it under `kinds` of the snapshot.",
  };
  const unclear = unchecked.flatMap((entry) =>
    entry.key === undefined ? [] : [{ ...unreadKind(entry.key, entry), namespace: entry.key.namespace }],
  );
  return {
    objects: resources,
    isComplete,
    unread: [...kinds.filter((kind) => !isComplete(kind)).map((kind) => unreadKind(kind, why)), ...unclear],
  };
}

function unreadKind(
  { group, kind }: GroupKind,
  { code, reason, hint }: Pick<UnreadKind, "code" | "reason" | "hint">,
): UnreadKind {
  return { kind: { group, kind }, code, reason, hint };
}

async function listSnapshot({ path, label }: SnapshotOptions): Promise<FileList> {
  try {
    return await listFiles(path, label ?? path);
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") {
      const hint =
        "Check the path, or take the snapshot: kubectl get <kinds> --all-namespaces -o yaml > <file>";
      throw new DriftError("LIVE_NOT_FOUND", `the snapshot ${path} does not exist`, { hint, cause: error });
    }
    const hint = "Check that this user may read it.";
    throw new DriftError("INPUT_UNREADABLE", `the snapshot ${path} cannot be read (${code})`, {
      hint,
      cause: error,
    });
  }
}

function oldestOf(files: readonly InputFile[]): InputFile | undefined {
  const dated = files.filter((file) => file.modified !== undefined);
  return dated.toSorted((a, b) => timeOf(a) - timeOf(b))[0];
}

function timeOf(file: InputFile): number {
  return file.modified?.getTime() ?? 0;
}

/** Clocks of two machines differ by less; what is dated later tells nothing about its age. */
const maxClockSkewMs = 300_000;

function findUnfit(options: SnapshotOptions, files: readonly InputFile[], now: Date): Unchecked | undefined {
  const oldest = oldestOf(files);
  const { maxAgeMs } = options;
  if (oldest === undefined || maxAgeMs === undefined) return undefined;
  const future = files.find((file) => timeOf(file) - now.getTime() > maxClockSkewMs);
  if (future !== undefined) return fromFuture(options, future);
  const ageMs = now.getTime() - timeOf(oldest);
  if (ageMs <= maxAgeMs) return undefined;
  return {
    what: sourceOf(options),
    code: "SNAPSHOT_TOO_OLD",
    reason: `${oldest.name} is ${formatSpan(ageMs)} old; at most ${formatSpan(maxAgeMs)} are allowed`,
    hint: "Take the snapshot again, or raise maxAge.",
  };
}

function fromFuture(options: SnapshotOptions, file: InputFile): Unchecked {
  const written = new Date(timeOf(file)).toISOString();
  return {
    what: sourceOf(options),
    code: "SNAPSHOT_FROM_FUTURE",
    reason: `${file.name} is dated ${written}, in the future: nobody knows how old it is`,
    hint: "Check the clocks, and take the snapshot again.",
  };
}

function sourceOf({ path, label }: SnapshotOptions): string {
  return `snapshot ${path === "-" ? "from standard input" : (label ?? path)}`;
}

/** What a snapshot tells that must not be used. */
function nothing(options: SnapshotOptions, unchecked: Unchecked, written: Date): LiveRead {
  return {
    resources: [],
    unchecked: [unchecked],
    unread: [],
    unserved: [],
    isComplete: () => false,
    source: sourceOf(options),
    asOf: written.toISOString(),
  };
}

/** What the targets want or look after in namespaces that the snapshot does not hold. */
async function findUnheld(
  { namespaces: held }: SnapshotOptions,
  { kinds, namespacesOf }: SnapshotRequest,
  { resources }: Collection,
): Promise<readonly UnreadKind[]> {
  if (held === undefined || namespacesOf === undefined) return [];
  const unread: UnreadKind[] = [];
  const namespaces = resources.filter(({ key }) => isSameKind(key, namespaceKind));
  for (const kind of kinds) {
    for (const namespace of await namespacesOf(kind, namespaces)) {
      if (held.includes(namespace)) continue;
      unread.push({
        kind,
        namespace,
        code: "NAMESPACE_NOT_READ",
        reason: `the snapshot holds only ${formatFew(held)}`,
        hint: "Add the namespace to the snapshot and to `namespaces` of the cluster.",
      });
    }
  }
  return unread;
}

function liveRead(
  options: SnapshotOptions,
  collection: Collection,
  { written, unread }: { readonly written: Date; readonly unread: readonly UnreadKind[] },
): LiveRead {
  const source = sourceOf(options);
  const { kinds, namespaces } = options;
  const isEmpty = collection.count === 0 && !collection.isDamaged;
  return {
    resources: collection.resources,
    unchecked: isEmpty ? [emptyInput(source)] : collection.unchecked,
    unread,
    unserved: [],
    isComplete: (kind, namespace) => {
      if (isEmpty || collection.isDamaged) return false;
      if (namespaces !== undefined && (namespace === undefined || !namespaces.includes(namespace)))
        return false;
      return collection.kinds.has(kindId(kind)) || isDeclared(kinds ?? [], kind);
    },
    source,
    asOf: written.toISOString(),
  };
}

/** Whether a list of kinds has this one, with its group or without. */
function isDeclared(declared: readonly string[], kind: GroupKind): boolean {
  return declared.includes(kind.kind) || declared.includes(formatKind(kind));
}
