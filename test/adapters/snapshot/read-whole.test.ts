import { describe, expect, it } from "vitest";
import { createSnapshotLive, type SnapshotOptions } from "../../../src/adapters/snapshot/snapshot-live.ts";
import type { WholeRead } from "../../../src/ports/live.ts";
import { folderWith, list, streamOf, virtualService } from "./folder.ts";
import { now } from "./live.ts";

const canary = { group: "flagger.app", kind: "Canary" };

const canaryText = [
  "apiVersion: flagger.app/v1beta1",
  "kind: Canary",
  "metadata:",
  "  managedFields: [{ manager: flagger }]",
  "  name: reviews",
  "  namespace: shop",
  "spec:",
  "  targetRef: { name: reviews }",
  "status:",
  "  canaryWeight: 50",
  "  phase: Progressing",
  "",
].join("\n");

async function read(
  files: Readonly<Record<string, string>>,
  options: Partial<SnapshotOptions> = {},
): Promise<WholeRead> {
  const path = await folderWith(files);
  const live = createSnapshotLive({ path, label: "live/eu1", stdin: streamOf(""), ...options });
  return live.readWhole({ kinds: [canary], now });
}

describe("readWhole of a snapshot", () => {
  it("gives objects with their status from the same files", async () => {
    const { objects, unread } = await read({ "mesh.yaml": list(virtualService("reviews"), canaryText) });
    expect(objects.map(({ object }) => object)).toMatchObject([
      { metadata: { name: "reviews" }, status: { phase: "Progressing", canaryWeight: 50 } },
    ]);
    expect(JSON.stringify(objects)).not.toContain("managedFields");
    expect(unread).toEqual([]);
  });

  it("does not know of a kind of which the files hold nothing, unless it is said to be complete", async () => {
    const files = { "mesh.yaml": list(virtualService("reviews")) };
    expect(await read(files)).toMatchObject({
      objects: [],
      unread: [{ kind: canary, code: "KIND_NOT_READ" }],
    });
    const whole = await read(files, { kinds: ["Canary"] });
    expect(whole).toMatchObject({ objects: [], unread: [] });
    expect(whole.isComplete(canary, "shop")).toBe(true);
  });

  it("tells of a damaged, an old and a missing snapshot, and throws nothing", async () => {
    const damaged = await read({ "a.yaml": list(canaryText), "b.yaml": "a: [" });
    expect(damaged.objects).toHaveLength(1);
    expect(damaged.unread).toMatchObject([{ kind: canary }]);
    const old = await read({ "mesh.yaml": list(canaryText) }, { maxAgeMs: 0 });
    expect(old).toMatchObject({ objects: [] });
    const missing = await createSnapshotLive({ path: "/nowhere", stdin: streamOf("") }).readWhole({
      kinds: [canary],
      now,
    });
    expect(missing).toMatchObject({ objects: [], unread: [{ kind: canary, code: "LIVE_NOT_FOUND" }] });
  });
});
