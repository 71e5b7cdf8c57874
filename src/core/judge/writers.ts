import type { Attribution } from "../model/attribution.ts";
import type { FieldOwner } from "../model/field-owner.ts";
import { field, textField } from "../model/json.ts";
import { parseInstant } from "../model/instant.ts";
import { once } from "../model/once.ts";
import type { Resource } from "../model/resource.ts";
import type { Classification } from "./classify-writer.ts";

/** What it takes to say who wrote something. One for all changes of a run: what was read for one is kept in it. */
export interface AttributionContext {
  readonly classify: (owner: FieldOwner, live: Resource) => Classification;
  readonly now: Date;
}

/** An entry of managedFields that speaks of the object itself, read. */
export interface Writer {
  readonly owner: FieldOwner;
  readonly found: Classification;
  /** When it claims to have written, in milliseconds; undefined where it says nothing readable. */
  readonly timeMs: number | undefined;
}

/** Who wrote the object itself, latest first; what only wrote its status or scale is left out. */
export function writersOf(live: Resource, context: AttributionContext): readonly Writer[] {
  return readersOf(context)(live);
}

/** An object may have many changes and thousands of entries: these are sorted once. */
const readersOf = once(({ classify }: AttributionContext) =>
  once((live: Resource): readonly Writer[] => {
    const writers = (live.owners ?? []).flatMap((owner): readonly Writer[] =>
      owner.subresource === undefined
        ? [{ owner, found: classify(owner, live), timeMs: parseInstant(owner.time ?? "") }]
        : [],
    );
    return writers.toSorted(byTime);
  }),
);

/**
 * Latest first. What is no writer (`before-first-apply`) yields to all who are. The rest of the order means nothing, but
 * is the same on every machine: the API server lists entries in an order of its own.
 */
function byTime(a: Writer, b: Writer): number {
  return (
    Number(a.found.isArtefact) - Number(b.found.isArtefact) ||
    (b.timeMs ?? -Infinity) - (a.timeMs ?? -Infinity) ||
    compareText(b.owner.operation, a.owner.operation) ||
    compareText(a.owner.manager, b.owner.manager) ||
    compareText(a.owner.time ?? "", b.owner.time ?? "")
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** What a writer says of itself, and what makes that doubtful. */
export function tell(
  writer: Writer,
  live: Resource,
  { now }: AttributionContext,
): Omit<Attribution, "wrote" | "precision"> {
  const { owner, found, timeMs } = writer;
  const doubts = [
    ...(owner.manager === "" ? ["the entry names nobody"] : []),
    ...(found.isArtefact && found.rule !== undefined ? [found.rule.reason] : []),
    ...doubtsOfTime(writer, live, now),
  ];
  return {
    manager: owner.manager,
    class: found.class,
    ...(owner.operation !== "" && { operation: owner.operation }),
    ...(owner.time !== undefined && timeMs !== undefined && { time: owner.time }),
    ...(doubts.length > 0 && { doubts }),
  };
}

/** Two clocks may differ by so much. */
const maxSkewMs = 120_000;

function doubtsOfTime({ owner, timeMs }: Writer, live: Resource, now: Date): readonly string[] {
  if (timeMs === undefined)
    return [`it claims no time${owner.time === undefined ? "" : " that can be read"}`];
  if (timeMs > now.getTime() + maxSkewMs) return ["it claims a time in the future"];
  const made = parseInstant(textField(field(live.object, "metadata"), "creationTimestamp"));
  return made !== undefined && timeMs < made ? ["it claims a time before the object was made"] : [];
}
