import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import type { Json, JsonObject } from "../../../../src/core/model/json.ts";
import { meshObject } from "../../../support/mesh-object.ts";
import { merge, wrap } from "../../../support/table-fields.ts";

/** Two values at one place of a spec; no `at`: they are the spec, or a text of mesh configuration. */
export interface Case {
  readonly at?: string;
  readonly one?: Json;
  readonly other?: Json;
  readonly namespace?: string;
  /** Names from beside.yaml. */
  readonly beside?: readonly string[];
}

/** Two spellings of one thing, the rule that says so, and from which level on they are equal. */
export interface Respelling extends Case {
  readonly rule: string;
  readonly level: "E1" | "E2" | "E3" | "CTX";
}

/** What is tested of one table. */
export interface KindCases {
  readonly group: string;
  readonly kind: string;
  readonly base: Json;
  readonly respellings: readonly Respelling[];
  readonly distinctions: readonly (Case & { readonly title: string })[];
  readonly changes: readonly (Case & { readonly title: string; readonly told: readonly string[] })[];
}

const folder = new URL("./cases/", import.meta.url);

function read(name: string): unknown {
  return parse(readFileSync(fileURLToPath(new URL(name, folder)), "utf8"));
}

// The files are ours; a slip in them fails the tests that read it.
const beside = read("beside.yaml") as Readonly<Record<string, JsonObject>>;

/** The cases of every kind that has a table. */
export const kindCases: readonly KindCases[] = readdirSync(fileURLToPath(folder))
  .filter((name) => name !== "beside.yaml")
  .sort()
  .map((name) => read(name) as KindCases);

/** The two sides of a case, with what stands beside it. */
export function sidesOf(kind: KindCases, given: Case): { one: JsonObject[]; other: JsonObject[] } {
  const others = (given.beside ?? []).map((name) => beside[name] ?? fail(name));
  const side = (value: Json | undefined): JsonObject[] => [objectOf(kind, given, value), ...others];
  return { one: side(given.one), other: side(given.other) };
}

function objectOf(kind: KindCases, { at, namespace }: Case, value: Json | undefined): JsonObject {
  const spec = at === undefined ? (value ?? {}) : merge(kind.base, wrap(at.split("."), value));
  return meshObject(kind, spec, namespace);
}

function fail(name: string): never {
  throw new Error(`beside.yaml has no ${name}`);
}
