import jsonPatch from "fast-json-patch";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Change, compare, type Located } from "../../../../src/core/compare/compare.ts";
import { factsFrom } from "../../../../src/core/compare/facts.ts";
import { interpret } from "../../../../src/core/mesh/interpret.ts";
import { meshKinds } from "../../../../src/core/mesh/kinds.ts";
import { pathTo } from "../../../../src/core/mesh/place.ts";
import type { KindTable, Node } from "../../../../src/core/mesh/table.ts";
import { isList, isObject, type Json, type JsonObject, objectOf } from "../../../../src/core/model/json.ts";
import { type RawPath, toPointer } from "../../../../src/core/model/path.ts";
import { keyOf } from "../../../../src/core/model/resource.ts";
import { arbitraryObject } from "../../../support/arbitrary-object.ts";

const tables = meshKinds.filter(({ table }) => !table.structural).map(({ table }) => table);

function meaningOf(table: KindTable, object: JsonObject): Node {
  const key = keyOf(object);
  if (key === undefined) throw new Error("an object without a key");
  const resource = { key, object };
  return interpret(
    table,
    resource,
    factsFrom({}, { desired: [resource], live: [resource], isComplete: () => true }),
    "istio",
  );
}

/** A copy without any part in common, not even of its own: a generated object may hold one value twice. */
function copyOf(object: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(object)) as JsonObject;
}

function childrenOf(node: Node): readonly Node[] {
  if (node.body.type === "record") return [...node.body.fields.values()];
  return node.body.type === "list" ? node.body.items : [];
}

function nodesOf(node: Node): readonly Node[] {
  return [node, ...childrenOf(node).flatMap(nodesOf)];
}

function replaceAt(value: Json, path: RawPath, change: (old: Json) => Json): Json {
  const [first, ...rest] = path;
  if (first === undefined) return change(value);
  if (isList(value)) return value.map((item, i) => (i === first ? replaceAt(item, rest, change) : item));
  if (!isObject(value)) return value;
  return objectOf(
    Object.entries(value).map(([name, item]) => [
      name,
      name === first ? replaceAt(item, rest, change) : item,
    ]),
  );
}

function asObject(value: Json): JsonObject {
  if (!isObject(value)) throw new Error("not an object any more");
  return value;
}

function reverseKeys(value: Json): Json {
  if (isList(value)) return value.map(reverseKeys);
  if (!isObject(value)) return value;
  return objectOf(
    Object.entries(value)
      .reverse()
      .map(([name, item]) => [name, reverseKeys(item)] as const),
  );
}

/** The same object with every list turned round whose order says nothing. */
function turnSets(table: KindTable, object: JsonObject): JsonObject {
  // From the inside out: a path is valid as long as nothing above it was turned.
  const lists = nodesOf(meaningOf(table, object)).filter(
    ({ body, synthetic, raw, text }) =>
      body.type === "list" && !synthetic && isList(raw) && text.startsWith("("),
  );
  return lists
    .map(({ site }) => pathTo(site))
    .toSorted((a, b) => b.length - a.length)
    .reduce(
      (result, path) =>
        asObject(replaceAt(result, path, (list) => (isList(list) ? list.toReversed() : list))),
      object,
    );
}

function isInside(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(`${outer}/`);
}

function pointersOf(changes: readonly { desired?: Located; live?: Located }[]): readonly string[] {
  return changes.flatMap(({ desired, live }) =>
    [desired, live].flatMap((side) => (side ? [side.pointer] : [])),
  );
}

/** Another value for a leaf, of the kind that its field wants. */
function otherValue(value: Json): Json {
  if (typeof value === "boolean") return !value;
  if (typeof value === "number") return value + 7;
  if (typeof value === "string" && /^\d+(?:\.\d+)?m?s$/.test(value)) return "7s";
  return typeof value === "string" ? `${value}7` : value;
}

/** How often each property is tried: enough together with the fixed pairs of tables.test.ts. */
const often = { numRuns: 60 };

describe.for(tables)("objects of kind $kind ($group)", (table) => {
  const objects = arbitraryObject(table);

  it("mean the same as themselves, and nothing has to be said of it", () => {
    fc.assert(
      fc.property(objects, (object) => {
        const found = compare([object], [copyOf(object)]);
        expect([found.findings, found.notes, found.unchecked, found.equalBy]).toEqual([[], [], [], []]);
      }),
      often,
    );
  });

  it("mean the same whatever the order of keys and of lists without order", () => {
    fc.assert(
      fc.property(objects, (object) => {
        const turned = asObject(reverseKeys(turnSets(table, object)));
        const { findings, notes } = compare([object], [turned]);
        expect([findings, notes]).toEqual([[], []]);
      }),
      often,
    );
  });

  it("differ at the leaf that was changed, or a rule says why they do not", () => {
    fc.assert(
      fc.property(objects, fc.nat(), (object, seed) => {
        const leaves = nodesOf(meaningOf(table, object)).filter(
          ({ body, synthetic, raw, site }) =>
            body.type === "leaf" && !synthetic && pathTo(site)[0] === "spec" && raw !== otherValue(raw),
        );
        const leaf = leaves[seed % Math.max(1, leaves.length)];
        if (leaf === undefined) return;
        const live = asObject(replaceAt(object, pathTo(leaf.site), otherValue));
        const { findings, notes, equalBy } = compare([object], [live]);
        const pointer = toPointer(pathTo(leaf.site));
        const pointers = pointersOf([
          ...findings.flatMap(({ changes }) => changes),
          ...notes.map(({ change }) => change),
        ]);
        if (pointers.length === 0) expect(equalBy).not.toEqual([]);
        else
          expect(pointers.some((found) => isInside(pointer, found) || isInside(found, pointer))).toBe(true);
      }),
      often,
    );
  });

  it("differ from each other in the same places, whichever of them is the desired one", () => {
    fc.assert(
      fc.property(objects, objects, (one, other) => {
        // What a note says of one direction may be drift in the other: a value may say nothing only beside live's others.
        const all = ([from, to]: readonly [JsonObject, JsonObject]): readonly Change[] => {
          const { findings, notes } = compare([from], [to]);
          return [...findings.flatMap(({ changes }) => changes), ...notes.map(({ change }) => change)];
        };
        const there = all([one, other]);
        const back = all([other, one]);
        const ends = (
          changes: readonly Change[],
          first: "desired" | "live",
          second: "desired" | "live",
        ): string[] =>
          changes.map((change) => JSON.stringify([change[first]?.pointer, change[second]?.pointer])).sort();
        expect(ends(back, "live", "desired")).toEqual(ends(there, "desired", "live"));
      }),
      often,
    );
  });

  it("mean what live means once the patch is applied", () => {
    fc.assert(
      fc.property(objects, objects, (desired, live) => {
        const [finding] = compare([desired], [live]).findings;
        if (finding?.patch === undefined) return;
        const adopted = jsonPatch.applyPatch(copyOf(desired), [...finding.patch]).newDocument;
        expect(compare([adopted], [live]).findings).toEqual([]);
      }),
      often,
    );
  });

  it("show a secret only where they say that there is one", () => {
    const secret = "hunter2-of-the-shop";
    const secretive = arbitraryObject(table, { secret });
    fc.assert(
      fc.property(secretive, secretive, (desired, live) => {
        const { findings, notes } = compare([desired], [live]);
        const changes = [
          ...findings.flatMap((finding) => finding.changes),
          ...notes.map(({ change }) => change),
        ];
        for (const { path, desired: mine, live: theirs } of changes) {
          expect(path).not.toContain(secret);
          for (const side of [mine, theirs])
            if (side) expect(JSON.stringify(withoutSecrets(side))).not.toContain(secret);
        }
      }),
      often,
    );
  });

  it("are compared without an error when a value is of the wrong type", () => {
    const anything = fc.jsonValue({ maxDepth: 3 }).map((value) => value as Json);
    fc.assert(
      fc.property(objects, fc.nat(), anything, (object, seed, value) => {
        const nodes = nodesOf(meaningOf(table, object)).filter(({ site }) => pathTo(site)[0] === "spec");
        const node = nodes[seed % Math.max(1, nodes.length)];
        if (node === undefined) return;
        const broken = asObject(replaceAt(object, pathTo(node.site), () => value));
        expect(() => compare([object], [broken])).not.toThrow();
        expect(compare([broken], [copyOf(broken)]).findings).toEqual([]);
      }),
      often,
    );
  });
});

describe("values of a condition on a header", () => {
  it("are kept from being shown, those of other conditions are not", () => {
    const policy = (key: string, value: string): JsonObject => ({
      apiVersion: "security.istio.io/v1",
      kind: "AuthorizationPolicy",
      metadata: { name: "reviews", namespace: "shop" },
      spec: { rules: [{ when: [{ key, values: [value] }] }] },
    });
    const shown = (key: string): boolean =>
      compare([policy(key, "one")], [policy(key, "other")]).findings.some(({ changes }) =>
        changes.some(
          ({ live }) => live !== undefined && JSON.stringify(withoutSecrets(live)).includes("other"),
        ),
      );
    expect([shown("request.headers[x-token]"), shown("source.namespace")]).toEqual([false, true]);
  });
});

/** What is left to be shown of a side. */
function withoutSecrets({ value, secret = [] }: Located): Json {
  return secret.reduce<Json>((left, pointer) => {
    const path = pointer
      .split("/")
      .slice(1)
      .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
    return blank(left, path);
  }, value);
}

function blank(value: Json, path: readonly string[]): Json {
  const [first, ...rest] = path;
  if (first === undefined) return "***";
  if (isList(value)) return value.map((item, i) => (String(i) === first ? blank(item, rest) : item));
  if (!isObject(value)) return value;
  return objectOf(
    Object.entries(value).map(([name, item]) => [name, name === first ? blank(item, rest) : item] as const),
  );
}
