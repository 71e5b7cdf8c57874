import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { compare } from "../../../../src/core/compare/compare.ts";
import { effectPath } from "../../../../src/core/mesh/effect.ts";
import { kindEffects } from "../../../../src/core/mesh/effects/effects.ts";
import { meshKindOf, meshKinds } from "../../../../src/core/mesh/kinds.ts";
import { fieldsOf } from "../../../../src/core/mesh/table-fields.ts";
import type { Effect, Finding } from "../../../../src/core/model/finding.ts";
import type { Json, JsonObject } from "../../../../src/core/model/json.ts";
import { meshObject, rootOf } from "../../../support/mesh-object.ts";
import { merge, wrap } from "../../../support/table-fields.ts";

/** What is told of the changes of one kind. */
interface KindCases {
  readonly group: string;
  readonly kind: string;
  readonly base: Json;
  /** Absent: shop. */
  readonly namespace?: string;
  readonly cases: readonly Case[];
  /** What is told of the base object where only one side has it. */
  readonly missing: string;
  readonly extra: string;
}

interface Case {
  readonly at?: string;
  readonly git?: Json;
  readonly live?: Json;
  readonly metadata?: { readonly git?: JsonObject; readonly live?: JsonObject };
  /** Beside the mesh configuration. */
  readonly data?: { readonly git?: JsonObject; readonly live?: JsonObject };
  readonly namespace?: string;
  readonly told: readonly string[];
}

const folder = new URL("./cases/", import.meta.url);

// The files are ours; a slip in them fails the tests that read it.
const kinds = readdirSync(fileURLToPath(folder))
  .sort()
  .map((name) => parse(readFileSync(fileURLToPath(new URL(name, folder)), "utf8")) as KindCases);

function objectOf(kind: KindCases, given: Case, side: "git" | "live"): JsonObject {
  const value = given[side];
  const spec =
    given.at === undefined ? (value ?? kind.base) : merge(kind.base, wrap(given.at.split("."), value));
  const object = meshObject(kind, spec, given.namespace ?? kind.namespace);
  return merge(object, {
    ...(given.metadata?.[side] && { metadata: given.metadata[side] }),
    ...(given.data?.[side] && { data: given.data[side] }),
  }) as JsonObject; // Two mappings make one.
}

function told(effect: Effect | undefined): string {
  if (effect === undefined) return "(nothing)";
  return effect.direction === "neutral" ? effect.text : `${effect.direction}: ${effect.text}`;
}

function toldOf(findings: readonly Finding[]): readonly string[] {
  return findings.flatMap(({ changes }) => changes.map(({ effect }) => told(effect)));
}

function strengthened(findings: readonly Finding[]): readonly string[] {
  return findings.flatMap(({ changes }) =>
    changes.filter(({ effect }) => effect?.direction === "strengthens").map(({ path }) => path),
  );
}

describe.for(kinds)("what changes of $kind do", (kind) => {
  it.for(kind.cases)("is told: $told", (given) => {
    const { findings } = compare([objectOf(kind, given, "git")], [objectOf(kind, given, "live")]);
    expect(toldOf(findings)).toEqual(given.told);
  });

  it.for(kind.cases)("strengthens in one direction at most: $told", (given) => {
    const [git, live] = [objectOf(kind, given, "git"), objectOf(kind, given, "live")];
    const there = new Set(strengthened(compare([git], [live]).findings));
    const back = strengthened(compare([live], [git]).findings);
    expect(back.filter((path) => there.has(path))).toEqual([]);
  });

  it("is told of an object that only one side has", () => {
    const object = objectOf(kind, { told: [] }, "git");
    expect(compare([object], []).findings.map(({ effect }) => told(effect))).toEqual([kind.missing]);
    expect(compare([], [object]).findings.map(({ effect }) => told(effect))).toEqual([kind.extra]);
  });
});

describe.for(kindEffects)("the sentences about $kind", ({ group, kind, fields }) => {
  const table = meshKindOf({ group, kind })?.table;
  const places = (table === undefined ? [] : fieldsOf(table)).map(({ path }) => path);
  const depth = rootOf(kind).length;

  it("have cases", () => {
    expect(kinds.map((one) => `${one.kind}.${one.group}`)).toContain(`${kind}.${group}`);
  });

  it("speak of fields that the table has", () => {
    const known = new Set(places.map((path) => path.map((name) => (name === "{}" ? "*" : name)).join(".")));
    expect(Object.keys(fields).filter((path) => !known.has(effectPath(path).join(".")))).toEqual([]);
  });

  it("speak of every field, closer than its whole spec", () => {
    const paths = Object.keys(fields).map(effectPath);
    const isTold = (place: readonly string[]): boolean =>
      paths.some(
        (path) =>
          path.length > depth &&
          path.every((name, i) => name === place[i] || (name === "*" && place[i] === "{}")),
      );
    expect(
      places.filter((place) => place.length > depth && !isTold(place)).map((place) => place.join(".")),
    ).toEqual([]);
  });

  it("say something of whatever happens to a field", () => {
    const roots = places.filter((path) => path.length <= depth).map((path) => path.join("."));
    const silent = Object.keys(fields).filter((path) => effectPath(path).length <= depth);
    expect(silent).toEqual(roots);
  });

  it("are short, and end without a full stop", () => {
    const texts = kinds
      .filter((one) => one.kind === kind)
      .flatMap(({ cases }) => cases.flatMap((one) => one.told));
    for (const text of texts) {
      expect(text.length).toBeLessThanOrEqual(110);
      expect(text).not.toMatch(/\.$|undefined|NaN|\{/);
    }
  });
});

it("every kind with a table has sentences, in the order of the tables", () => {
  const withTable = meshKinds.filter(({ table }) => table.structural !== true);
  const nameOf = ({ group, kind }: { readonly group: string; readonly kind: string }): string =>
    `${kind}.${group}`;
  expect(kindEffects.map(nameOf)).toEqual(withTable.map(nameOf));
});
