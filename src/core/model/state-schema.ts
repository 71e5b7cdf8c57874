import type { ClockState, State } from "./state.ts";

/** Whether a value that was parsed is one thing. */
type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === "string";
const count: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;

/** The years that can be written as text. */
const [firstMs, lastMs] = [-62_167_219_200_000, 253_402_300_799_999];
const time: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) >= firstMs && (value as number) <= lastMs;

function oneOf(...words: readonly string[]): Check {
  return (value) => typeof value === "string" && words.includes(value);
}

function listOf(item: Check): Check {
  return (value) => Array.isArray(value) && value.every(item);
}

/** A mapping with these fields, of which some may be absent, and with no others. */
function record(
  required: Readonly<Record<string, Check>>,
  optional: Readonly<Record<string, Check>> = {},
): Check {
  const needed = Object.keys(required);
  const checks = new Map(Object.entries({ ...required, ...optional }));
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
    const fields = Object.entries(value);
    return (
      needed.every((name) => Object.hasOwn(value, name)) &&
      fields.every(([name, content]) => checks.get(name)?.(content) === true)
    );
  };
}

const clockFields = {
  firstSeen: time,
  since: time,
  basis: oneOf("seen", "claim", "last-clean"),
  due: time,
  lastSeen: time,
};

/** A clock that begins after it was seen would end too late. */
function inOrder(check: Check): Check {
  return (value) => {
    if (!check(value)) return false;
    const { since, firstSeen } = value as ClockState;
    return since <= firstSeen;
  };
}

const pathClock = inOrder(record({ ...clockFields, path: text }, { gone: time, fingerprint: text }));

/** Ids are keyIds, or lists of texts of their kind. */
const id: Check = (value) => {
  if (typeof value !== "string") return false;
  try {
    return listOf(text)(JSON.parse(value));
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
};

const object = record(
  { id },
  {
    judged: time,
    seen: record({ uid: text, generation: count, spec: text }),
    clocks: listOf(pathClock),
  },
);

const cluster = record({
  name: text,
  objects: listOf(object),
  swept: listOf(record({ namespace: text, time })),
  unknowns: listOf(inOrder(record({ ...clockFields, id }))),
});

const run = record({
  time,
  commit: text,
  closure: text,
  counts: listOf(record({ kind: text, desired: count, live: count })),
});

const guard = record({
  type: oneOf("git-shrank", "live-shrank", "many-new"),
  id: text,
  text,
  before: count,
  now: count,
});

const target = record({ name: text }, { good: run, held: record({ guards: listOf(guard), run }) });

const state = record(
  { revision: count, clusters: listOf(cluster), targets: listOf(target) },
  { salt: text, lastRun: record({ time }, { confirmed: time }) },
);

/** Whether a value that was parsed is a State of this version, and nothing more. */
export function isState(value: unknown): value is State {
  return state(value);
}
