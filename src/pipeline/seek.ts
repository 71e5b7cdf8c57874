import { deepestAt, type Ask, groupOfAsk } from "../core/judge/origin/ask.ts";
import { editSources } from "../core/judge/origin/edit-sources.ts";
import {
  type Found,
  isSameFound,
  type Mark,
  planMarks,
  type Sighting,
  sightingOf,
} from "../core/judge/origin/marks.ts";
import type { TextFile, TraceSources } from "../core/judge/origin/source-file.ts";
import { isSameKind, keyId, type Resource } from "../core/model/resource.ts";
import type { Render, Rendered } from "../ports/renderer.ts";

/** What there is to seek in. */
export interface Room {
  /** The render as it is. */
  readonly plain: Rendered;
  /** The same render with other contents of some files. */
  readonly render: (files: ReadonlyMap<string, Uint8Array>) => Promise<Render>;
  /** The files that most likely set the places, and what is in them. */
  readonly near: Files;
  /** Every file that the render reads. */
  readonly all: () => Promise<Files>;
}

type Files = TraceSources & { readonly files: readonly TextFile[] };

/** Where a place comes from, proved; or why that is not known. */
export type SeekResult =
  { readonly type: "found"; readonly found: Found } | { readonly type: "lost"; readonly reason?: string };

/** How often places that cannot be sought together are sought in two halves. */
const maxHalvings = 4;
/** How many places are sought one by one where seeking them together did not find them. */
const maxSingle = 8;
/** The most of a reason that is told. */
const maxReason = 200;

/** Seeks places in as few renders as it takes, then what is still lost one by one, in all files. */
export async function seekAll(asks: readonly Ask[], room: Room): Promise<ReadonlyMap<Ask, SeekResult>> {
  const results = new Map<Ask, SeekResult>();
  const seekIn = async (some: readonly Ask[], files: Files) => {
    for (const group of ["field", "empty-list", "metadata"]) {
      const together = some.filter((ask) => groupOfAsk(ask) === group);
      if (together.length === 0) continue;
      for (const [ask, result] of await seek(together, room, files)) results.set(ask, result);
    }
  };
  const lost = () => asks.filter((ask) => results.get(ask)?.type !== "found");
  await seekIn(asks, room.near);
  if (lost().length === 0) return results;
  const all = await room.all();
  if (lost().length < asks.length && lost().length > maxSingle) await seekIn(lost(), all);
  for (const ask of lost().slice(0, maxSingle)) await seekIn([ask], all);
  return results;
}

/** Seeks places together; where that cannot be rendered, in two halves: one place may be what is in the way. */
async function seek(
  asks: readonly Ask[],
  room: Room,
  files: Files,
  halvings = maxHalvings,
): Promise<ReadonlyMap<Ask, SeekResult>> {
  const sought = await seekTogether(asks, room, files);
  if (!("reason" in sought)) return sought.results;
  if (halvings === 0 || asks.length < 2) return lostAll(asks, sought.reason);
  const middle = Math.ceil(asks.length / 2);
  const first = await seek(asks.slice(0, middle), room, files, halvings - 1);
  return new Map([...first, ...(await seek(asks.slice(middle), room, files, halvings - 1))]);
}

/** One render with marks wherever the places may come from, and one with only those that arrived, which proves them. */
async function seekTogether(
  asks: readonly Ask[],
  room: Room,
  files: Files,
): Promise<{ readonly results: ReadonlyMap<Ask, SeekResult> } | { readonly reason: string }> {
  const marks = planMarks(asks, files);
  if (marks === undefined) return { reason: "too many lines of the repository could be it" };
  if (marks.length === 0) return { results: lostAll(asks) };
  const first = await watch(asks, marks, { room, files });
  if (first.type === "failed") return first;
  const arrived = [...new Set([...first.sightings.values()].map(({ mark }) => mark))];
  if (arrived.length === 0) return { results: lostAll(asks) };
  const second = arrived.length === marks.length ? first : await watch(asks, arrived, { room, files });
  if (second.type === "failed") return second;
  return {
    results: new Map(asks.map((ask) => [ask, agreed(first.sightings.get(ask), second.sightings.get(ask))])),
  };
}

function agreed(one: Sighting | undefined, other: Sighting | undefined): SeekResult {
  const isProved = one !== undefined && other !== undefined && isSameFound(one.found, other.found);
  return isProved ? { type: "found", found: other.found } : { type: "lost" };
}

function lostAll(asks: readonly Ask[], reason?: string): ReadonlyMap<Ask, SeekResult> {
  return new Map(asks.map((ask) => [ask, { type: "lost", ...(reason !== undefined && { reason }) }]));
}

type Watched =
  | { readonly type: "seen"; readonly sightings: ReadonlyMap<Ask, Sighting> }
  | { readonly type: "failed"; readonly reason: string };

async function watch(
  asks: readonly Ask[],
  marks: readonly Mark[],
  { room, files }: { readonly room: Room; readonly files: Files },
): Promise<Watched> {
  const texts = editSources(files.sources, marks);
  const encoder = new TextEncoder();
  const bytes = new Map([...texts].map(([file, text]) => [file, encoder.encode(text)]));
  const render = await room.render(bytes);
  if (render.type === "failed") {
    const reason = render.reason.slice(0, maxReason);
    return { type: "failed", reason: `with another value there it cannot be rendered: ${reason}` };
  }
  const find = finderOf(room.plain.resources, render.resources);
  const byId = new Map(marks.map((mark) => [mark.id, mark]));
  const sightings = new Map<Ask, Sighting>();
  for (const ask of asks) {
    const object = find(ask.object)?.object;
    const place = object && deepestAt(object, ask.path);
    const value = place?.path.length === ask.path.length ? place.value : undefined;
    const sighting = sightingOf(ask, value, byId);
    if (sighting !== undefined) sightings.set(ask, sighting);
  }
  return { type: "seen", sightings };
}

/** The same object of another render: by its name; a generated one, whose name tells its content, by its position. */
function finderOf(
  plain: readonly Resource[],
  other: readonly Resource[],
): (index: number) => Resource | undefined {
  const byId = new Map(other.map((resource) => [keyId(resource.key), resource]));
  return (index) => {
    const wanted = plain[index];
    if (wanted === undefined) return undefined;
    const named = byId.get(keyId(wanted.key));
    const placed = plain.length === other.length ? other[index] : undefined;
    const isLike =
      placed !== undefined &&
      isSameKind(placed.key, wanted.key) &&
      placed.key.namespace === wanted.key.namespace;
    return named ?? (isLike ? placed : undefined);
  };
}
