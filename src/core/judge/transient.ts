import { formatInstant } from "../model/instant.ts";
import type { ResourceKey } from "../model/resource.ts";
import type { Generation, ObjectState } from "../model/state.ts";
import type { TransientEdit } from "../model/transient-edit.ts";
import type { Moment } from "./clock.ts";

/** An object whose differences are all told, with what the API server counts of it. */
export interface Counted {
  readonly key: ResourceKey;
  /** metadata.uid and metadata.generation; absent where live does not have it, or does not count. */
  readonly live?: Pick<Generation, "uid" | "generation"> & {
    /** A keyed fingerprint of all of it but its metadata. Asked for only where the generation is another one. */
    readonly spec: () => string;
  };
}

/** What to remember of an object, and what was done to it in the meantime. */
export function findTransient(
  before: ObjectState,
  { key, live }: Counted,
  { seenAt }: Moment,
): { readonly seen?: Generation; readonly edit?: Omit<TransientEdit, "cluster"> } {
  if (live === undefined) return {};
  const last = before.seen;
  if (last?.uid === live.uid && last.generation === live.generation) return { seen: last };
  const seen = { uid: live.uid, generation: live.generation, spec: live.spec() };
  const what = last && whatWasUndone(last, seen);
  if (what === undefined) return { seen };
  const after = before.judged === undefined ? {} : { after: formatInstant(Math.min(before.judged, seenAt)) };
  return { seen, edit: { key, ...what, ...after } };
}

function whatWasUndone(
  last: Generation,
  seen: Generation,
): Pick<TransientEdit, "type" | "changes"> | undefined {
  if (last.spec !== seen.spec) return undefined;
  if (last.uid !== seen.uid) return { type: "recreated" };
  const changes = seen.generation - last.generation;
  return changes >= 2 ? { type: "edited", changes } : undefined;
}
