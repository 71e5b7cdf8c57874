import type { Clock } from "./standing.ts";

/** The schema of the state that this version reads and writes. */
export const stateVersion = 1;

/**
 * What one run leaves for the next: how long each difference has been there, what was clean and when, and how large the
 * targets were. Plain data for JSON; all times are milliseconds since 1970. It holds no value of any object: what a
 * change says stands in it as a keyed fingerprint.
 */
export interface State {
  /** Grows by one with each write. */
  readonly revision: number;
  /** The key of all fingerprints in it: random, and made with the first. */
  readonly salt?: string;
  /** Absent before the first run. */
  readonly lastRun?: LastRun;
  readonly clusters: readonly ClusterState[];
  readonly targets: readonly TargetState[];
}

/** When the last run was, as it judged. */
export interface LastRun {
  readonly time: number;
  /** The last time of a run that an API server told; absent where none ever did. */
  readonly confirmed?: number;
}

/** What is known of one cluster. */
export interface ClusterState {
  readonly name: string;
  readonly objects: readonly ObjectState[];
  /** When everything that may be extra in a namespace was last listed in full. */
  readonly swept: readonly { readonly namespace: string; readonly time: number }[];
  /** What could not be compared, and since when; `id` as unknownId makes it. */
  readonly unknowns: readonly (ClockState & { readonly id: string })[];
}

/** What is known of one object. */
export interface ObjectState {
  /** The keyId. */
  readonly id: string;
  /** When all its differences were last told: what it has no clock for was clean then. Absent: they never were. */
  readonly judged?: number;
  /** What it was then; absent where the live side does not count generations. */
  readonly seen?: Generation;
  /** Of its differences. Absent where it has none. */
  readonly clocks?: readonly PathClock[];
}

/** What the API server counts of an object: each change of its spec is a generation. */
export interface Generation {
  readonly uid: string;
  readonly generation: number;
  /** A keyed fingerprint of the spec. */
  readonly spec: string;
}

/** How long something has been there. */
export interface ClockState {
  readonly firstSeen: number;
  /** Never later than `firstSeen`. */
  readonly since: number;
  readonly basis: Clock["basis"];
  /** When it is overdue. Recorded, so that no later run and no longer time allowed moves it back. */
  readonly due: number;
  readonly lastSeen: number;
}

/** The clock of one path of an object. */
export interface PathClock extends ClockState {
  /** In the form of clockPath; "" is the whole object. */
  readonly path: string;
  /** When it was seen to be gone: the clock goes on if the difference comes back in time. */
  readonly gone?: number;
  /** A keyed fingerprint of what the change says. */
  readonly fingerprint?: string;
}

/** What the guards know of one target. */
export interface TargetState {
  readonly name: string;
  /** The last run that nobody needs to look at. */
  readonly good?: TargetRun;
  /** Set while there are guards that nobody has acknowledged: they, and the run that raised them. */
  readonly held?: { readonly guards: readonly Guard[]; readonly run: TargetRun };
}

/** How large a target was in one run. */
export interface TargetRun {
  readonly time: number;
  readonly commit: string;
  /** Of everything that it was rendered from: another digest explains that Git wants less. */
  readonly closure: string;
  readonly counts: readonly KindCount[];
}

/** How many objects of one kind a target wants, and how many of these are live. */
export interface KindCount {
  /** "VirtualService.networking.istio.io" */
  readonly kind: string;
  readonly desired: number;
  readonly live: number;
}

/**
 * Why a run of a target is taken for an accident until somebody says otherwise. `git-shrank`, `live-shrank`: much less is
 * there than at the last good run, and no commit explains it; `many-new`: too much is new at once.
 */
export interface Guard {
  readonly type: "git-shrank" | "live-shrank" | "many-new";
  /** What `drift acknowledge` is told: the same as long as nobody did and the cause lasts. */
  readonly id: string;
  /** One sentence for people. */
  readonly text: string;
  /** Objects at the last good run, or those that would be few enough. */
  readonly before: number;
  /** Objects now. */
  readonly now: number;
}

/** What is known before the first run. */
export const emptyState: State = { revision: 0, clusters: [], targets: [] };
