import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compare, type Compared } from "../../src/core/compare/compare.ts";
import { formatKind, keyId, type Resource } from "../../src/core/model/resource.ts";
import { controlPlaneBinary } from "../support/control-plane.ts";
import { realObjects } from "../support/real-objects.ts";
import { sendRealObjects, type Trip } from "./real-object-trip.ts";

const isHere = controlPlaneBinary() !== undefined && realObjects !== undefined;

/** A field that the server threw away: a difference, but where a rule says that nobody reads it. */
function ruleAbout(field: string, { equalBy }: Compared, { key }: Resource): string | undefined {
  return equalBy.find((by) => keyId(by.key) === keyId(key) && by.path === field)?.rule;
}

/** What is told of one object, by where its values stand in Git. */
function toldOf({ findings }: Compared, { key }: Resource): readonly string[] {
  return findings
    .filter((finding) => keyId(finding.key) === keyId(key))
    .flatMap(({ type, changes }) =>
      type === "changed"
        ? changes.map((change) => `${change.type} ${rawPath(change.desired?.pointer ?? "")}`)
        : [type],
    );
}

/** "/spec/http/0/name" as the server writes it: "spec.http[0].name". */
function rawPath(pointer: string): string {
  return pointer
    .slice(1)
    .replaceAll(/\/(\d+)(?=\/|$)/g, "[$1]")
    .replaceAll("/", ".");
}

/** A row a kind: how many were sent, and what became of them. */
function formatTrip({ sent }: Trip, diffs: readonly Compared[]): string {
  const kinds = [...new Set(sent.map(({ resource }) => formatKind(resource.key)))].sort();
  const rows = kinds.map((kind) => {
    const all = sent.filter(({ resource }) => formatKind(resource.key) === kind);
    const created = all.filter(({ refused }) => refused === undefined);
    const same = created.filter(({ resource }) => diffs.every((diff) => toldOf(diff, resource).length === 0));
    const pruned = created.flatMap(({ resource, pruned: fields }) =>
      fields.map((field) => {
        const rule = diffs.map((diff) => ruleAbout(field, diff, resource)).find((id) => id !== undefined);
        return `${resource.key.namespace}/${resource.key.name} ${field}: ${rule ?? "a difference"}`;
      }),
    );
    const refused = all.flatMap(({ resource: { key }, refused: why }) =>
      why === undefined ? [] : [`${key.namespace}/${key.name} ${why}`],
    );
    return [kind, all.length, created.length, same.length, pruned.join("<br>"), refused.join("<br>")];
  });
  const total = [1, 2, 3].map((column) => rows.reduce((sum, row) => sum + Number(row[column]), 0));
  const head = ["kind", "sent", "accepted", "no difference", "fields the server threw away", "refused"];
  return [head, head.map(() => "---"), ...rows, ["all", ...total, "", ""]]
    .map((row) => `| ${row.join(" | ")} |\n`)
    .join("");
}

describe.skipIf(!isHere)("real objects that went through an API server", () => {
  let trip: Trip;
  let diffs: readonly Compared[];

  beforeAll(async () => {
    trip = await sendRealObjects(realObjects ?? []);
    const git = trip.sent
      .filter(({ refused }) => refused === undefined)
      .map(({ resource }) => resource.object);
    const live = trip.read.resources.map(({ object }) => object);
    diffs = (["strict", "istio"] as const).map((equality) => compare(git, live, { equality }));
  }, 300_000);

  afterAll(async () => {
    await trip.stop();
  });

  it("are read whole", () => {
    expect([trip.read.unchecked, trip.read.unread, trip.read.unserved]).toEqual([[], [], []]);
  });

  it("have no difference, under strict equality too, but for what the server threw away", () => {
    for (const diff of diffs) {
      expect(diff.unchecked).toEqual([]);
      expect(diff.notes).toEqual([]);
      for (const { resource, refused, pruned } of trip.sent) {
        if (refused !== undefined) continue;
        const lost = pruned.filter((field) => ruleAbout(field, diff, resource) === undefined);
        expect([keyId(resource.key), toldOf(diff, resource)]).toEqual([
          keyId(resource.key),
          lost.map((field) => `removed ${field}`),
        ]);
      }
    }
  });

  it("are accepted, thrown away in part or refused as the table says", async () => {
    await expect(formatTrip(trip, diffs)).toMatchFileSnapshot("real-objects.md");
  });
});
