import { utimes } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { createSnapshotLive, type SnapshotOptions } from "../../../src/adapters/snapshot/snapshot-live.ts";
import { formatKey } from "../../../src/core/model/resource.ts";
import type { LiveRead } from "../../../src/ports/live.ts";
import { folderWith, list, streamOf, virtualService } from "./folder.ts";

const now = new Date("2026-11-21T00:00:00Z");
const virtualServices = { group: "networking.istio.io", kind: "VirtualService" };
const gateways = { group: "networking.istio.io", kind: "Gateway" };
const routes = { group: "gateway.networking.k8s.io", kind: "HTTPRoute" };

type Options = Omit<SnapshotOptions, "path" | "stdin" | "label">;

async function read(folder: string, options: Options = {}): Promise<LiveRead> {
  const live = createSnapshotLive({ path: folder, label: "live/eu1", stdin: streamOf(""), ...options });
  return live.read([virtualServices, gateways], now);
}

async function readFiles(
  files: Record<string, string | Uint8Array>,
  options: Options = {},
): Promise<LiveRead> {
  return read(await folderWith(files), options);
}

const keysOf = ({ resources }: LiveRead) => resources.map(({ key }) => formatKey(key));
const codesOf = ({ unchecked }: LiveRead) => unchecked.map(({ what, code }) => `${what} ${code}`);
const isComplete = (live: LiveRead, namespace = "shop") => live.isComplete(virtualServices, namespace);

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
    expect(keysOf(await live.read([virtualServices], now))).toStrictEqual(["shop/VirtualService/ä"]);
    const again = await live.read([gateways], now);
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
    const { resources } = await live.read([gateways, { group: "", kind: "Secret" }], now);
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

  it("counts a kind as seen although it was not asked for", async () => {
    const folder = await folderWith({ "a.yaml": virtualService("a") });
    const live = await createSnapshotLive({ path: folder, stdin: streamOf("") }).read([gateways], now);
    expect(isComplete(live)).toBe(true);
  });

  it.for([
    ["no files", {}],
    ["an empty file", { "a.yaml": "" }],
    ["an empty List", { "a.yaml": list() }],
    ["only comments", { "a.yaml": "# nothing\n---\n" }],
  ] as const)("never says that all is missing where a snapshot has %s", async ([, files]) => {
    const live = await readFiles(files, { kinds: ["VirtualService"] });
    expect(codesOf(live)).toStrictEqual(["snapshot live/eu1 SNAPSHOT_EMPTY"]);
    expect(isComplete(live)).toBe(false);
  });

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

describe("a snapshot that was cut off", () => {
  const whole = list(virtualService("a"), virtualService("b"));
  const odd = whole.replaceAll(/hosts:\n *- (.*)\n/g, "hosts: [$1]\n");

  it.for([
    ["plain", whole],
    ["odd", odd],
  ] as const)(
    "is never complete and shows no object that may lack a part: %s YAML cut anywhere",
    async ([, text]) => {
      const readText = (cut: string) => {
        const stdin = (async function* () {
          yield await Promise.resolve(cut);
        })();
        return createSnapshotLive({ path: "-", stdin }).read([virtualServices], now);
      };
      const full = new Map((await readText(text)).resources.map(({ key, object }) => [key.name, object]));
      expect(full.size).toBe(2);
      for (let end = 1; end < text.indexOf("kind: List") + "kind: Lis".length; end++) {
        const live = await readText(text.slice(0, end));
        expect(isComplete(live)).toBe(false);
        expect(live.unchecked.length).toBeGreaterThan(0);
        for (const { key, object } of live.resources) expect(object).toStrictEqual(full.get(key.name));
      }
    },
  );

  it("shows no object of a stream that was cut off in the middle of a line", async () => {
    const text = `${virtualService("a")}---\n${virtualService("b")}`;
    for (const end of [text.length - 1, text.length - 2, text.length - 12]) {
      const live = await readFiles({ "a.yaml": text.slice(0, end) });
      expect(keysOf(live)).toStrictEqual(["shop/VirtualService/a"]);
      expect(codesOf(live)).toStrictEqual(["live/eu1/a.yaml SNAPSHOT_CUT_OFF"]);
    }
  });

  it.for([
    ["JSON", '{"apiVersion": "v1", "items": [{"kind": "VirtualS', "live/eu1/a.yaml:1 SNAPSHOT_CUT_OFF"],
    [
      "a List without its kind",
      whole.slice(0, whole.indexOf("kind: List")),
      "live/eu1/a.yaml:1 SNAPSHOT_CUT_OFF",
    ],
    ["a line", virtualService("a").trimEnd(), "live/eu1/a.yaml SNAPSHOT_CUT_OFF"],
  ] as const)("is reported as such: %s", async ([, content, problem]) => {
    expect(codesOf(await readFiles({ "a.yaml": content }))).toStrictEqual([problem]);
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
        reason: "it stands at live/eu1/a.yaml:13 and at live/eu1/b.yaml:2 with different contents",
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
        reason: "live/eu1/b.yaml is 2 days old; at most 90 minutes are allowed",
        hint: "Take the snapshot again, or raise maxAge.",
      },
    ]);
  });
});
