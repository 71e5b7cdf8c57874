import type { Json, JsonObject } from "../../src/core/model/json.ts";
import { traceOrigins } from "../../src/pipeline/trace.ts";
import type { WantedPlace } from "../../src/pipeline/traced.ts";
import type { Rendered } from "../../src/ports/renderer.ts";
import { checkoutOf } from "../adapters/kustomize/memory-checkout.ts";
import { Seeded } from "../support/seeded.ts";
import { openRenderer } from "../support/shipped-renderer.ts";
import { anyTree } from "./any-tree.ts";
import { checkContainers, checkScalars } from "./check-origins.ts";
import { containersOf, leavesOf } from "./edit-scalar.ts";
import { type Asked, renderTree, type TreeRun } from "./tree-run.ts";

/** How the places of some trees came out. `right` and `wrong` are of those that were edited and rendered. */
export interface Score {
  asked: number;
  known: number;
  right: number;
  /** Edited, but the tree cannot be rendered then: an operation tests the value, a name is lost. */
  refused: number;
  wrong: number;
  readonly failures: string[];
  /** Reasons of unknown places. */
  readonly unknown: string[];
}

export interface ProvenanceOptions {
  readonly trees: number;
  readonly seed: number;
  /** Edits of one tree that are rendered; each is of one place in every object. */
  readonly edits: number;
}

/** Traces every place of generated trees, and edits and renders to see whether what is said is true. */
export async function scoreProvenance({
  trees,
  seed,
  edits,
}: ProvenanceOptions): Promise<ReadonlyMap<string, Score>> {
  const scores = new Map<string, Score>();
  const renderer = openRenderer();
  try {
    // A few trees are refused by Kustomize: a patch may be about something that another one took away.
    for (let [index, scored] = [0, 0]; scored < trees && index < 2 * trees; index++) {
      const chances = new Seeded(seed + index);
      const tree = anyTree(chances);
      const run = { tree, chances, renderer, edits, label: `seed ${String(seed + index)}` };
      if (await scoreTree(run, scores)) scored += 1;
    }
  } finally {
    await renderer.close();
  }
  return scores;
}

/** Whether there is something to score. */
async function scoreTree(run: TreeRun, scores: Map<string, Score>): Promise<boolean> {
  const plain = await renderTree(run, run.tree.files);
  if (plain === undefined) return false;
  const asked = await askAll(run, plain);
  for (const { origin } of asked) {
    const score = scoreOf(scores, origin.type === "known" ? origin.by : "unknown");
    score.asked += 1;
    if (origin.type === "known") score.known += 1;
    else score.unknown.push(origin.reason);
  }
  const tell = (one: Asked, fault: string | undefined) => {
    const score = scoreOf(scores, one.origin.type === "known" ? one.origin.by : "unknown");
    if (fault === undefined) score.right += 1;
    else if (fault === "refused") score.refused += 1;
    else {
      score.wrong += 1;
      score.failures.push(
        `${run.label} ${String(one.object)}${one.place.pointer}: ${fault} ${JSON.stringify(one.origin)}`,
      );
    }
  };
  await checkScalars(run, { plain, asked, tell });
  await checkContainers(run, { plain, asked, tell });
  return true;
}

function scoreOf(scores: Map<string, Score>, by: string): Score {
  const found = scores.get(by) ?? {
    asked: 0,
    known: 0,
    right: 0,
    refused: 0,
    wrong: 0,
    failures: [],
    unknown: [],
  };
  scores.set(by, found);
  return found;
}

/** Every field but those that name the object; of every mapping and list itself, and something that it lacks. */
async function askAll({ tree, renderer, chances }: TreeRun, plain: Rendered): Promise<readonly Asked[]> {
  const wanted = plain.resources.map((resource) => ({
    resource,
    places: placesOf(resource.object, chances),
  }));
  const lookup = await traceOrigins(
    { checkout: checkoutOf(tree.files), desired: { type: "overlay", overlay: tree.overlay } },
    wanted,
    { renderer, openBase: () => Promise.reject(new Error("no base is asked for")) },
  );
  return wanted.flatMap(({ resource, places }, object) =>
    places.map((place) => {
      const origin = lookup(resource.key, place) ?? { type: "unknown", reason: "not answered" };
      return { object, place, origin };
    }),
  );
}

function placesOf(object: JsonObject, chances: Seeded): readonly WantedPlace[] {
  const leaves = [...leavesOf(object)].filter(([pointer]) => !isIdentity(pointer));
  const containers = containersOf(object).filter((pointer) => pointer !== "/metadata");
  return [
    ...leaves.map(([pointer, value]) => ({ pointer, ...lineOf(value, chances) })),
    ...containers.map((pointer) => ({ pointer })),
    { pointer: `${chances.pick(containers)}/lacking/deeper` },
  ];
}

function lineOf(value: Json, chances: Seeded): { readonly line?: number } {
  if (typeof value !== "string" || !value.includes("\n")) return {};
  const lines = value.split("\n").flatMap((text, index) => (text === "" ? [] : [index + 1]));
  return { line: chances.pick(lines) };
}

function isIdentity(pointer: string): boolean {
  return /^\/(?:apiVersion|kind|metadata\/name|metadata\/namespace)$/.test(pointer);
}

/** The table of the proof: a line a kind of origin, and a sum. */
export async function provenanceTable(
  options: ProvenanceOptions = { trees: 60, seed: 1000, edits: 12 },
): Promise<readonly string[]> {
  const scores = await scoreProvenance(options);
  const rows = [...scores].sort(([a], [b]) => (a < b ? -1 : 1)).map(([by, score]) => [by, ...cells(score)]);
  const all = sumOf([...scores.values()]);
  const head = ["provenance, set by", "asked", "known", "edited and right", "refused", "wrong"];
  const share = `${((100 * all.known) / Math.max(1, all.asked)).toFixed(2)} % known of ${String(options.trees)} trees`;
  return [...aligned([head, ...rows, ["all", ...cells(all)]]), share, ...all.failures.slice(0, 20)];
}

function cells({ asked, known, right, refused, wrong }: Score): readonly string[] {
  return [asked, known, right, refused, wrong].map(String);
}

/** All scores as one. */
export function sumOf(scores: readonly Score[]): Score {
  const sum: Score = { asked: 0, known: 0, right: 0, refused: 0, wrong: 0, failures: [], unknown: [] };
  for (const score of scores) {
    for (const name of ["asked", "known", "right", "refused", "wrong"] as const) sum[name] += score[name];
    sum.failures.push(...score.failures);
    sum.unknown.push(...score.unknown);
  }
  return sum;
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
