import { utimes } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { createSnapshotLive } from "../../../src/adapters/snapshot/snapshot-live.ts";
import { folderWith, list, streamOf, virtualService } from "./folder.ts";
import { codesOf, isComplete, keysOf, now, read, readFiles, virtualServices } from "./live.ts";

const gateways = { group: "networking.istio.io", kind: "Gateway" };
const routes = { group: "gateway.networking.k8s.io", kind: "HTTPRoute" };

describe("createSnapshotLive", () => {
  it("reads Lists, streams and JSON of a folder and the folders in it, in the order of names", async () => {
    const live = await readFiles({
      "b/routes.yml": `${virtualService("c")}---\n${virtualService("d")}`,
      "a.yaml": list(virtualService("a"), virtualService("b")),
      "c.JSON":
        '{"apiVersion":"networking.istio.io/v1","kind":"VirtualService","metadata":{"name":"e","namespace":"x"}}',
      "notes.txt": "kind: [",
      ".hidden.yaml": "kind: [",
      ".git/config.yaml": "kind: [",
    });
    expect(keysOf(live)).toStrictEqual([
      ...["a", "b", "c", "d"].map((name) => `shop/VirtualService/${name}`),
      "x/VirtualService/e",
    ]);
    expect(live.unchecked).toStrictEqual([]);
    expect(live.source).toBe("snapshot live/eu1");
  });

  it("reads one file, whatever its name, and standard input as often as it is asked", async () => {
    const folder = await folderWith({ snapshot: virtualService("a") });
    expect(keysOf(await read(path.join(folder, "snapshot")))).toStrictEqual(["shop/VirtualService/a"]);
    const live = createSnapshotLive({ path: "-", stdin: streamOf(virtualService("ä")) });
    expect(keysOf(await live.read({ kinds: [virtualServices], now }))).toStrictEqual([
      "shop/VirtualService/ä",
    ]);
    const again = await live.read({ kinds: [gateways], now });
    expect(again.isComplete(virtualServices, "shop")).toBe(true);
    expect(again).toMatchObject({
      resources: [],
      source: "snapshot from standard input",
      asOf: now.toISOString(),
    });
  });

  it("keeps only the kinds asked for, and never a Secret", async () => {
    const secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: shop}\ndata: {a: Yg==}\n";
    const folder = await folderWith({ "a.yaml": list(virtualService("a"), secret) });
    const live = createSnapshotLive({ path: folder, stdin: streamOf("") });
    const { resources } = await live.read({ kinds: [gateways, { group: "", kind: "Secret" }], now });
    expect(resources).toStrictEqual([]);
  });

  it("leaves out what the API server and kubectl note about an object", async () => {
    const notes = [
      "  managedFields: [{manager: m}]",
      '  annotations: {kubectl.kubernetes.io/last-applied-configuration: "{}", b: c}',
      "spec:",
    ];
    const noted = virtualService("a").replace("spec:", notes.join("\n"));
    const { resources } = await readFiles({ "a.yaml": noted });
    expect(resources[0]?.object["metadata"]).toStrictEqual({
      name: "a",
      namespace: "shop",
      annotations: { b: "c" },
    });
  });

  it("throws where there is no snapshot, and says how to take one", async () => {
    await expect(read("/nowhere/live")).rejects.toMatchObject({
      code: "LIVE_NOT_FOUND",
      message: "the snapshot /nowhere/live does not exist",
      hint: expect.stringContaining("kubectl get") as string,
    });
  });
});

describe("completeness", () => {
  it("takes a kind for complete of which an object is there, in every namespace", async () => {
    const live = await readFiles({ "a.yaml": virtualService("a") });
    expect(isComplete(live)).toBe(true);
    expect(isComplete(live, "other")).toBe(true);
    expect(live.isComplete(gateways, "shop")).toBe(false);
  });

  it.for([["Gateway"], ["Gateway.networking.istio.io"]])(
    "takes the kind %s for complete because it is declared",
    async ([kind = ""]) => {
      const live = await readFiles({ "a.yaml": virtualService("a") }, { kinds: [kind] });
      expect(live.isComplete(gateways, "shop")).toBe(true);
      expect(live.isComplete({ group: "gateway.networking.k8s.io", kind: "Gateway" }, "shop")).toBe(
        kind === "Gateway",
      );
      expect(live.isComplete(routes, "shop")).toBe(false);
    },
  );

  it("is limited to the namespaces that are declared", async () => {
    const live = await readFiles({ "a.yaml": virtualService("a") }, { namespaces: ["shop"] });
    expect(isComplete(live)).toBe(true);
    expect(isComplete(live, "other")).toBe(false);
    expect(isComplete(live, "")).toBe(false);
  });

  it("says of which other namespaces it does not hold what is asked for", async () => {
    const folder = await folderWith({ "a.yaml": virtualService("a") });
    const live = createSnapshotLive({ path: folder, stdin: streamOf(""), namespaces: ["shop"] });
    const namespacesOf = () => Promise.resolve(["shop", "payments"]);
    const { unread } = await live.read({ kinds: [virtualServices], now, namespacesOf });
    expect(unread).toMatchObject([
      { kind: virtualServices, namespace: "payments", reason: "the snapshot holds only shop" },
    ]);
  });

  it("counts a kind as seen although it was not asked for", async () => {
    const folder = await folderWith({ "a.yaml": virtualService("a") });
    const live = await createSnapshotLive({ path: folder, stdin: streamOf("") }).read({
      kinds: [gateways],
      now,
    });
    expect(isComplete(live)).toBe(true);
  });

  it.for([
    ["no files", {}, "snapshot live/eu1"],
    ["an empty file", { "a.yaml": "" }, "live/eu1/a.yaml"],
    ["an empty List", { "a.yaml": list() }, "snapshot live/eu1"],
    ["only comments", { "a.yaml": "# nothing\n---\n" }, "live/eu1/a.yaml"],
  ] as const)("never says that all is missing where a snapshot has %s", async ([, files, what]) => {
    const live = await readFiles(files, { kinds: ["VirtualService"] });
    expect(codesOf(live)).toStrictEqual([`${what} SNAPSHOT_EMPTY`]);
    expect(isComplete(live)).toBe(false);
  });

  it.for([
    ["nothing", "b.json", ""],
    ["blanks", "b.json", " \n "],
    ["null", "b.json", "null"],
    ["null as YAML", "b.yaml", "null\n"],
    ["a comment", "b.yaml", "# nothing\n"],
    ["a mark of byte order", "b.yaml", "\uFEFF"],
  ] as const)("is lost with a file that holds only %s, and names it", async ([, name, content]) => {
    const live = await readFiles({ "a.yaml": virtualService("a"), [name]: content });
    expect(codesOf(live)).toStrictEqual([`live/eu1/${name} SNAPSHOT_EMPTY`]);
    expect(keysOf(live)).toStrictEqual(["shop/VirtualService/a"]);
    expect(isComplete(live)).toBe(false);
  });

  it.for([
    ["b.json", '{"apiVersion": "v1", "items": [], "kind": "List"}'],
    ["b.yaml", list()],
  ] as const)(
    "stays with an empty List, which kubectl prints where there is nothing: %s",
    async ([name, content]) => {
      const live = await readFiles({ "a.yaml": virtualService("a"), [name]: content });
      expect(live.unchecked).toStrictEqual([]);
      expect(isComplete(live)).toBe(true);
    },
  );

  it.for([
    ["broken YAML", "a: [\n", "live/eu1/b.yaml:1 MANIFEST_SYNTAX"],
    ["a key that occurs twice", "a: b\na: c\n", "live/eu1/b.yaml:2 MANIFEST_DUPLICATE_KEY"],
    ["20,000 levels", `a: ${"[".repeat(20_000)}`, "live/eu1/b.yaml:1 MANIFEST_TOO_DEEP"],
    ["an object without kind", "a: b\n---\n{c: d}\n", "live/eu1/b.yaml:1 OBJECT_WITHOUT_KIND"],
    [
      "an object without apiVersion",
      "kind: VirtualService\nmetadata: {name: a}\n",
      "live/eu1/b.yaml:1 OBJECT_WITHOUT_KIND",
    ],
    [
      "an object without name",
      "\napiVersion: networking.istio.io/v1\nkind: VirtualService\n",
      "live/eu1/b.yaml:2 VirtualService OBJECT_WITHOUT_NAME",
    ],
    ["a text that is no object", "just text\n", "live/eu1/b.yaml:1 MANIFEST_NOT_AN_OBJECT"],
    ["UTF-16", Buffer.from("\uFEFFkind: VirtualService\n", "utf16le"), "live/eu1/b.yaml MANIFEST_ENCODING"],
    ["bytes that are no text", Buffer.from([0x61, 0xff, 0xfe]), "live/eu1/b.yaml MANIFEST_ENCODING"],
  ] as const)("is lost with a file of %s, and the other files still count", async ([, content, problem]) => {
    const live = await readFiles({
      "a.yaml": virtualService("a"),
      "b.yaml": content,
      "c.yaml": virtualService("c"),
    });
    expect(codesOf(live)[0]).toBe(problem);
    expect(keysOf(live)).toStrictEqual(["shop/VirtualService/a", "shop/VirtualService/c"]);
    expect(isComplete(live)).toBe(false);
  });

  it("does not depend on what is wrong with kinds that nobody asked for", async () => {
    const pod = "apiVersion: v1\nkind: Pod\nmetadata: {generateName: a-}\n";
    expect(isComplete(await readFiles({ "a.yaml": `${virtualService("a")}---\n${pod}` }))).toBe(true);
  });
});

describe("objects that stand twice", () => {
  it("counts equal copies as one", async () => {
    const live = await readFiles({ "a.yaml": virtualService("a"), "b.yaml": virtualService("a") });
    expect(keysOf(live)).toStrictEqual(["shop/VirtualService/a"]);
    expect(live.unchecked).toStrictEqual([]);
  });

  it("takes none of two different copies, names both places, and stays complete for the others", async () => {
    const live = await readFiles({
      "a.yaml": list(virtualService("x"), virtualService("a")),
      "b.yaml": `# again\n${virtualService("a", "shop", "other")}---\n${virtualService("a")}`,
    });
    expect(keysOf(live)).toStrictEqual(["shop/VirtualService/x"]);
    expect(live.unchecked).toStrictEqual([
      {
        what: "shop/VirtualService/a",
        key: { ...virtualServices, namespace: "shop", name: "a" },
        code: "DUPLICATE_OBJECT",
        reason: "it stands at live/eu1/a.yaml:14 and at live/eu1/b.yaml:2 with different contents",
        hint: "Keep one of the two.",
      },
    ]);
    expect(isComplete(live)).toBe(true);
  });
});

describe("age", () => {
  const hourMs = 3_600_000;

  async function agedFolder(hours: number): Promise<string> {
    const folder = await folderWith({ "a.yaml": virtualService("a"), "b.yaml": virtualService("b") });
    const written = new Date(now.getTime() - hours * hourMs);
    await utimes(path.join(folder, "b.yaml"), written, written);
    await utimes(path.join(folder, "a.yaml"), now, now);
    return folder;
  }

  it("is that of the oldest file", async () => {
    const live = await read(await agedFolder(5), { maxAgeMs: 5 * hourMs });
    expect(live.asOf).toBe("2026-11-20T19:00:00.000Z");
    expect(live.resources).toHaveLength(2);
  });

  it("makes everything unchecked where it is beyond the limit, and names file, age and limit", async () => {
    const live = await read(await agedFolder(50), { maxAgeMs: 90 * 60_000 });
    expect(live.resources).toStrictEqual([]);
    expect(isComplete(live)).toBe(false);
    expect(live.unchecked).toStrictEqual([
      {
        what: "snapshot live/eu1",
        code: "SNAPSHOT_TOO_OLD",
        reason: "live/eu1/b.yaml is 2 days old; at most 90 min are allowed",
        hint: "Take the snapshot again, or raise maxAge.",
      },
    ]);
  });

  it("is not known of a file that is dated in the future, but for the difference of two clocks", async () => {
    expect((await read(await agedFolder(-0.05), { maxAgeMs: hourMs })).unchecked).toStrictEqual([]);
    const folder = await agedFolder(-240);
    const live = await read(folder, { maxAgeMs: hourMs });
    expect(live).toMatchObject({
      resources: [],
      unchecked: [
        {
          what: "snapshot live/eu1",
          code: "SNAPSHOT_FROM_FUTURE",
          reason:
            "live/eu1/b.yaml is dated 2026-12-01T00:00:00.000Z, in the future: nobody knows how old it is",
        },
      ],
    });
    expect(isComplete(live)).toBe(false);
    expect((await read(folder)).resources).toHaveLength(2);
  });
});
