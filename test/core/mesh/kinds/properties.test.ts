import jsonPatch from "fast-json-patch";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Change, compare, type Compared, type Located } from "../../../../src/core/compare/compare.ts";
import { meshKinds } from "../../../../src/core/mesh/kinds.ts";
import { pathTo } from "../../../../src/core/mesh/place.ts";
import { listRules } from "../../../../src/core/mesh/rules.ts";
import { spellingRows } from "../../../../src/core/mesh/scalar.ts";
import type { KindTable, Node, Site } from "../../../../src/core/mesh/table.ts";
import type { Json, JsonObject } from "../../../../src/core/model/json.ts";
import { type RawPath, toPointer } from "../../../../src/core/model/path.ts";
import { arbitraryObject } from "../../../support/arbitrary-object.ts";
import {
  asObject,
  blend,
  copyOf,
  meaningOf,
  nodesOf,
  replaceAt,
  reverseKeys,
  turnSets,
  withoutSilent,
} from "../../../support/meaning.ts";
import { rootOf } from "../../../support/mesh-object.ts";
import { Seeded } from "../../../support/seeded.ts";
import { withoutSecrets } from "../../../support/without-secrets.ts";

const tables = meshKinds.filter(({ table }) => !table.structural).map(({ table }) => table);

/** How often a property is tried on each kind, so that all kinds together make at least 1,000. */
const runsOfEach = 70;

const equality = fc.constantFrom("strict", "istio", "envoy");

/** A sentence about objects of every kind. `fc.pre` inside the check takes another one. */
function property<T>(
  sentence: string,
  make: (table: KindTable) => fc.Arbitrary<T>,
  check: (made: T, table: KindTable) => void,
): void {
  describe(sentence, () => {
    let held = 0;

    it.for(tables)("$kind ($group)", { timeout: 60_000 }, (table) => {
      const checked = fc.property(make(table), (made) => {
        check(made, table);
        held += 1;
      });
      fc.assert(checked, { numRuns: runsOfEach });
    });

    it("holds a thousand times", () => {
      expect(held).toBeGreaterThanOrEqual(1000);
    });
  });
}

/** Two objects of a kind: any two, or two that have parts in common. */
function pairOf(table: KindTable): fc.Arbitrary<readonly [JsonObject, JsonObject]> {
  const object = arbitraryObject(table);
  return fc.tuple(object, object, fc.boolean(), fc.nat()).map(([one, other, isNear, seed]) => {
    const chance = new Seeded(seed);
    return [one, isNear ? asObject(blend(one, other, () => chance.has(0.8))) : other];
  });
}

/** What was found of one object: drift, and what is the same only by Envoy's defaults. */
function changesIn({ findings, notes }: Compared): readonly Change[] {
  return [...findings.flatMap(({ changes }) => changes), ...notes.map(({ change }) => change)];
}

function sidesOf(changes: readonly Change[]): readonly Located[] {
  return changes.flatMap(({ desired, live }) => [desired, live].filter((side) => side !== undefined));
}

function isInside(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(`${outer}/`);
}

/** Not so where a value has another meaning because of the leaf beside it: the case of a protocol once a port is shared. */
function isWrittenOtherwise({ desired, live }: Change): boolean {
  return JSON.stringify(desired) !== JSON.stringify(live);
}

/** Whether a change is told of exactly this place, or of the item of a list, or the hidden whole, that it decides. */
function isAt({ pointer: told, secret = [] }: Located, pointer: string): boolean {
  if (told === pointer) return true;
  return isInside(pointer, told) && (/\/\d+$/.test(told) || secret.includes(""));
}

/** Of two items that mean the same, either may be told of, and of a list whose order means something else now, all. */
function isInSameList(side: Located, pointer: string): boolean {
  const list = /^.*?(?=\/\d+(?:\/|$))/.exec(pointer)?.[0];
  return isAt(side, pointer) || (list !== undefined && isInside(side.pointer, list));
}

/** Whether a list holds two items that mean the same. */
function hasTwins(meaning: Node): boolean {
  return nodesOf(meaning).some(
    ({ body }) =>
      body.type === "list" && new Set(body.items.map(({ text }) => text)).size < body.items.length,
  );
}

/** What the orders of all lists mean: that of a list by key depends on whether a key is said twice. */
function ordersIn(meaning: Node): string {
  return nodesOf(meaning)
    .map(({ body }) => (body.type === "list" ? body.order.type : ""))
    .join(" ");
}

/** Another value for a leaf, of the kind that its field wants. */
function otherValue(value: Json): Json {
  if (typeof value === "boolean") return !value;
  if (typeof value === "number") return value + 7;
  if (typeof value === "string" && /^\d+(?:\.\d+)?m?s$/.test(value)) return "7s";
  return typeof value === "string" ? `${value}7` : value;
}

/** Whether a site is in what the table is about. */
function isMeant({ kind }: KindTable, site: Site): boolean {
  const path = pathTo(site);
  return rootOf(kind).every((name, depth) => path[depth] === name);
}

function isPlainLeaf(table: KindTable, { body, synthetic, raw, site }: Node): boolean {
  return body.type === "leaf" && !synthetic && isMeant(table, site) && raw !== otherValue(raw);
}

const knownRules = new Set([...listRules().rules, ...Object.values(spellingRows)].map(({ id }) => id));

property(
  "an object means the same as itself, and nothing has to be said of it:",
  arbitraryObject,
  (object) => {
    const found = compare([object], [copyOf(object)]);
    expect([found.findings, found.notes, found.unchecked, found.equalBy]).toEqual([[], [], [], []]);
  },
);

property(
  "the canonical text does not depend on the order of keys, nor of lists without order:",
  arbitraryObject,
  (object, table) => {
    const turned = asObject(reverseKeys(turnSets(table, object)));
    expect(meaningOf(table, turned).text).toBe(meaningOf(table, object).text);
    const { findings, notes } = compare([object], [turned]);
    expect([findings, notes]).toEqual([[], []]);
  },
);

property(
  "the canonical text is that of the object without what says nothing, of which nothing is left then:",
  (table) => fc.tuple(arbitraryObject(table), equality),
  ([object, setting], table) => {
    const plain = withoutSilent(table, object, setting);
    expect(meaningOf(table, plain, setting).text).toBe(meaningOf(table, object, setting).text);
    expect(withoutSilent(table, plain, setting)).toEqual(plain);
  },
);

property(
  "another value of a leaf is found there, or a rule says why it is the same:",
  (table) => fc.tuple(arbitraryObject(table), fc.nat(), equality),
  ([object, seed, setting], table) => {
    const leaves = nodesOf(meaningOf(table, object, setting)).filter((node) => isPlainLeaf(table, node));
    const leaf = leaves[seed % Math.max(1, leaves.length)];
    fc.pre(leaf !== undefined);
    const path: RawPath = pathTo(leaf.site);
    const live = asObject(replaceAt(object, path, otherValue));
    const found = compare([object], [live], { equality: setting });
    const changes = changesIn(found).filter(isWrittenOtherwise);
    if (changes.length === 0) {
      expect(changesIn(found)).toEqual([]);
      expect(found.equalBy.length).toBeGreaterThan(0);
      for (const { rule } of found.equalBy) expect(knownRules).toContain(rule);
    }
    const meanings = [object, live].map((side) => meaningOf(table, side, setting));
    // A weight is a share of the sum of its list: another one may change what all items mean.
    const isShared =
      path.at(-1) === "weight" || meanings.some(hasTwins) || new Set(meanings.map(ordersIn)).size > 1;
    const isTold = isShared ? isInSameList : isAt;
    expect(sidesOf(changes).filter((side) => !isTold(side, toPointer(path)))).toEqual([]);
  },
);

const opposite = { added: "removed", removed: "added", changed: "changed", reordered: "reordered" } as const;

/** One change as text. Items without an identity are called by their position on the desired side. */
function told(type: Change["type"], first: Located | undefined, second: Located | undefined): string {
  const isReordered = type === "reordered";
  return JSON.stringify([type, ...[first, second].map((side) => (isReordered ? side?.pointer : side))]);
}

property(
  "the differences are those that are found the other way round:",
  (table) => fc.tuple(pairOf(table), equality),
  ([[one, other], setting]) => {
    // What a note says of one direction may be drift in the other: a value may say nothing only beside live's others.
    const there = changesIn(compare([one], [other], { equality: setting }));
    const back = changesIn(compare([other], [one], { equality: setting }));
    expect(back.map(({ type, desired, live }) => told(opposite[type], live, desired)).sort()).toEqual(
      there.map(({ type, desired, live }) => told(type, desired, live)).sort(),
    );
  },
);

property(
  "with its patch applied, the desired object means what the live one means:",
  (table) => fc.tuple(pairOf(table), equality),
  ([[desired, live], setting]) => {
    const [finding] = compare([desired], [live], { equality: setting }).findings;
    fc.pre(finding?.patch !== undefined);
    const adopted = jsonPatch.applyPatch(copyOf(desired), [...finding.patch]).newDocument;
    expect(compare([adopted], [live], { equality: setting }).findings).toEqual([]);
  },
);

const secret = "hunter2-of-the-shop";

property(
  "a secret is shown only where it is said that there is one:",
  (table) => fc.tuple(arbitraryObject(table, { secret }), arbitraryObject(table, { secret })),
  ([desired, live]) => {
    const whole = [...compare([desired], []).findings, ...compare([], [live]).findings];
    for (const { effect } of whole) expect(effect?.text ?? "").not.toContain(secret);
    for (const { path, effect, desired: mine, live: theirs } of changesIn(compare([desired], [live]))) {
      expect(path + (effect?.text ?? "")).not.toContain(secret);
      for (const side of [mine, theirs])
        if (side) expect(JSON.stringify(withoutSecrets(side))).not.toContain(secret);
    }
  },
);

property(
  "a value of the wrong type is compared without an error:",
  (table) => fc.tuple(arbitraryObject(table), fc.nat(), fc.jsonValue({ maxDepth: 3 }), equality),
  ([object, seed, value, setting], table) => {
    const nodes = nodesOf(meaningOf(table, object)).filter(({ site }) => isMeant(table, site));
    const node = nodes[seed % Math.max(1, nodes.length)];
    fc.pre(node !== undefined);
    const broken = asObject(replaceAt(object, pathTo(node.site), () => value as Json));
    expect(() => compare([object], [broken], { equality: setting })).not.toThrow();
    expect(() => compare([broken], [object], { equality: setting })).not.toThrow();
    expect(compare([broken], [copyOf(broken)], { equality: setting }).findings).toEqual([]);
  },
);
