import { keyId } from "../../../src/core/model/resource.ts";
import { type ClockState, emptyState, type PathClock, type State } from "../../../src/core/model/state.ts";

const time = Date.UTC(2026, 6, 20);

/** A clock that begins so many minutes after 2026-07-20. */
function clock(minutes: number): ClockState {
  const since = time + minutes * 60_000;
  return { firstSeen: since, since, basis: "seen", due: since + 86_400_000, lastSeen: since };
}

/** A state with so many objects, each with so many clocks, half of which are gone, and one of everything else. */
export function sampleState(objects: number, { clocks = 1, revision = 7 } = {}): State {
  return {
    ...emptyState,
    revision,
    lastRun: { time, confirmed: time },
    clusters: [
      {
        name: "eu1",
        objects: Array.from({ length: objects }, (_, index) => ({
          id: keyId({
            group: "networking.istio.io",
            kind: "VirtualService",
            namespace: "shop",
            name: `vs-${String(index)}`,
          }),
          judged: time,
          seen: {
            uid: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
            generation: index,
            spec: "0123456789ab",
          },
          clocks: Array.from({ length: clocks }, (_, path) => pathClock(path)),
        })),
        swept: [{ namespace: "shop", time }],
        unknowns: [{ ...clock(0), id: JSON.stringify(["eu1", "VirtualService.networking.istio.io"]) }],
      },
    ],
    targets: [
      {
        name: "eu1",
        good: {
          time,
          commit: "c0ffee",
          closure: "d1",
          counts: [{ kind: "VirtualService.networking.istio.io", desired: 3, live: 2 }],
        },
        held: {
          guards: [
            {
              type: "many-new",
              id: "0123456789ab",
              text: "26 findings are new in the first run",
              before: 25,
              now: 26,
            },
          ],
          run: { time, commit: "c0ffee", closure: "d1", counts: [] },
        },
      },
    ],
  };
}

function pathClock(index: number): PathClock {
  const path = `spec.http[name=route-${String(index)}].timeout`;
  const gone = index % 2 === 0 ? {} : { gone: time + index };
  return { path, ...clock(index), ...gone, fingerprint: "ba9876543210" };
}
