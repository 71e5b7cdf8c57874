import { type Advance, advanceClocks } from "../../src/core/judge/advance-clocks.ts";
import { effectiveNow } from "../../src/core/judge/effective-now.ts";
import { formatInstant } from "../../src/core/model/instant.ts";
import type { ResourceKey } from "../../src/core/model/resource.ts";
import type { Standing } from "../../src/core/model/standing.ts";
import { emptyState, type State } from "../../src/core/model/state.ts";
import type { Place, Told } from "./truth.ts";

const minuteMs = 60_000;
const startMs = Date.UTC(2026, 6, 20);
const key: ResourceKey = {
  group: "networking.istio.io",
  kind: "VirtualService",
  namespace: "shop",
  name: "reviews",
};

const paths: Readonly<Record<Place, string>> = {
  "route a": "spec.http[name=a].timeout",
  "route b": "spec.http[1].retries",
  routes: "spec.http",
  hosts: "spec.hosts",
  object: "",
};

/** How a scan goes: in full; without the object; of another namespace only; or without an answer of the server. */
export type ScanMode = "full" | "hidden" | "partial" | "away";

/** When a scan is, in minutes since the history began, and how far the clock of its machine is off. */
export interface ScanTime {
  readonly now: number;
  readonly offByMinutes: number;
}

/** The product, with the state that it keeps from scan to scan. */
export class Observer {
  #state: State = emptyState;
  #last: Advance | undefined;

  /** Scans; what comes out is kept by keep(). */
  scan(mode: ScanMode, told: readonly Told[], { now, offByMinutes }: ScanTime): void {
    const server = startMs + now * minuteMs;
    const local = server + offByMinutes * minuteMs;
    const servers = mode === "away" ? [] : [{ cluster: "eu1", server, local }];
    const code = mode === "away" ? "CLUSTER_UNREACHABLE" : "OBJECT_TOO_DEEP";
    const hidden = { target: "eu1", code, isWholeTarget: mode === "away", ...(mode === "hidden" && { key }) };
    const observation = {
      cluster: "eu1",
      differences: mode === "full" ? told.map(asDifference) : [],
      judged: mode === "full" ? [{ key }] : [],
      unchecked: mode === "hidden" || mode === "away" ? [hidden] : [],
      swept: [],
      targets: mode === "partial" ? [] : ["eu1"],
      isAbsent: () => false,
    };
    const moment = { ...effectiveNow(local, servers, this.#state.lastRun), syncWithinMs: 24 * 60 * minuteMs };
    this.#last = advanceClocks(this.#state, [observation], moment);
  }

  /** Keeps the state of the last scan: without it, the process died before. */
  keep(): void {
    this.#state = this.#last?.state ?? this.#state;
  }

  /** Loses all state. */
  lose(): void {
    this.#state = emptyState;
  }

  /** Where a place stands by the last scan. */
  standing(place: Place): Standing | undefined {
    return this.#last?.standingOf("eu1", key, paths[place]);
  }

  /** Whether the last scan told that the object could not be compared for too long. */
  get isHiddenTooLong(): boolean {
    return this.#last?.unknowns.some(({ standing }) => standing.isOverdue) === true;
  }
}

function asDifference({ place, claim }: Told) {
  const type = place === "object" ? ("missing" as const) : ("changed" as const);
  const time = claim === undefined ? "" : formatInstant(startMs + claim * minuteMs);
  return { type, key, path: paths[place], claim: time, fingerprint: "f" };
}
