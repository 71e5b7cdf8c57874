import { describe, expect, it } from "vitest";
import { createSnapshotLive } from "../../../src/adapters/snapshot/snapshot-live.ts";
import { list, streamOf, virtualService } from "./folder.ts";
import { codesOf, isComplete, keysOf, now, readFiles, virtualServices } from "./live.ts";

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
        return createSnapshotLive({ path: "-", stdin }).read({ kinds: [virtualServices], now });
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
    for (const end of [text.length - 1, text.length - 12, text.length - 13]) {
      const live = await readFiles({ "a.yaml": text.slice(0, end) });
      expect(keysOf(live)).toStrictEqual(["shop/VirtualService/a"]);
      expect(codesOf(live)).toStrictEqual(["live/eu1/a.yaml SNAPSHOT_CUT_OFF"]);
    }
  });

  const bare = (name: string) => virtualService(name).replace("status: {}\n", "");

  it.for([
    ["of objects with status", `${virtualService("a")}---\n${virtualService("b")}`],
    ["of objects without status", `${bare("a")}---\n${bare("b")}---\n`],
    ["of one object", `${bare("b")}---\n`],
    [
      "of a List whose kind stands first",
      whole.replace(/^(apiVersion: v1\n)([^]*)kind: List\n[^]*/, "$1kind: List\n$2---\n"),
    ],
  ] as const)(
    "shows no object of a stream %s that may lack a part, wherever it was cut off",
    async ([, text]) => {
      const readText = async (cut: string) => {
        const live = await createSnapshotLive({ path: "-", stdin: streamOf(cut) }).read({
          kinds: [virtualServices],
          now,
        });
        const objects = live.resources.map(
          ({ key, object }) => [key.name, { ...object, status: "not compared" }] as const,
        );
        return { objects, live };
      };
      const full = new Map((await readText(text)).objects);
      expect(full.size).toBe(text.includes("name: a") ? 2 : 1);
      const betweenObjects = text.indexOf("---\n");
      for (let end = 1; end < text.length; end++) {
        const { objects, live } = await readText(text.slice(0, end));
        for (const [name, object] of objects) expect(object).toStrictEqual(full.get(name));
        const isKnown = objects.length === full.size || [0, 4].includes(end - betweenObjects);
        if (!isKnown) expect([end, live.unchecked.length]).not.toStrictEqual([end, 0]);
      }
    },
  );

  it("takes only the last object out where nothing shows that the file ends there, and says how to end it", async () => {
    const live = await readFiles({ "a.yaml": `${bare("a")}---\n${bare("b")}` });
    expect(keysOf(live)).toStrictEqual(["shop/VirtualService/a"]);
    expect(isComplete(live)).toBe(true);
    expect(live.unchecked).toStrictEqual([
      {
        what: "shop/VirtualService/b",
        key: { ...virtualServices, namespace: "shop", name: "b" },
        code: "SNAPSHOT_END_UNKNOWN",
        reason:
          "it stands last, at live/eu1/a.yaml:12, and nothing shows that the file was not cut off behind it",
        hint: expect.stringContaining("end it with a line of ---") as string,
      },
    ]);
  });

  it("does not say which object was cut off in its metadata", async () => {
    const text = virtualService("a");
    const live = await readFiles({
      "a.yaml": text.slice(0, text.indexOf("  namespace")),
      "b.yaml": virtualService("b"),
    });
    expect(codesOf(live)).toStrictEqual(["VirtualService/a SNAPSHOT_END_UNKNOWN"]);
    expect(live.unchecked[0]?.key).toBeUndefined();
    expect(isComplete(live)).toBe(false);
  });

  it.for([
    ["a line of ---", `${bare("a")}---\n`],
    ["a line of --- and a comment", `${bare("a")}--- # end\n# of all\n`],
    ["a line of ...", `${bare("a")}...\n`],
    ["its status", virtualService("a")],
    [
      "JSON",
      JSON.stringify({
        apiVersion: "networking.istio.io/v1",
        kind: "VirtualService",
        metadata: { name: "a", namespace: "shop" },
      }),
    ],
    ["a List with its kind", list(bare("a"))],
    ["a List that ends with its kind", list(bare("a")).replace(/metadata:\n {2}resourceVersion: ""\n$/, "")],
  ] as const)("knows an object to be whole by %s", async ([, content]) => {
    const live = await readFiles({ "a.yaml": content });
    expect(live.unchecked).toStrictEqual([]);
    expect(keysOf(live)).toStrictEqual(["shop/VirtualService/a"]);
  });

  it("knows a ConfigMap to be whole by the uid that kubectl prints last", async () => {
    const configMap =
      "apiVersion: v1\ndata:\n  mesh: a\nkind: ConfigMap\nmetadata:\n  name: istio\n  namespace: istio-system\n";
    const readConfigMap = async (text: string) =>
      createSnapshotLive({ path: "-", stdin: streamOf(text) }).read({
        kinds: [{ group: "", kind: "ConfigMap" }],
        now,
      });
    expect((await readConfigMap(`${configMap}  uid: 1f0c\n`)).unchecked).toStrictEqual([]);
    expect(codesOf(await readConfigMap(configMap))).toStrictEqual([
      "istio-system/ConfigMap/istio SNAPSHOT_END_UNKNOWN",
    ]);
  });

  it("does not take a List whose items are not there for an empty one", async () => {
    const live = await readFiles({
      "a.yaml": virtualService("a"),
      "b.yaml": "apiVersion: v1\nkind: List\nitems:\n",
    });
    expect(codesOf(live)).toStrictEqual(["live/eu1/b.yaml SNAPSHOT_CUT_OFF"]);
    expect(isComplete(live)).toBe(false);
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
