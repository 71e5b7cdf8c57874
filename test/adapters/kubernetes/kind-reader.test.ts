import { describe, expect, it } from "vitest";
import { Coverage } from "../../../src/adapters/kubernetes/coverage.ts";
import { discover } from "../../../src/adapters/kubernetes/discovery.ts";
import { explainStatus } from "../../../src/adapters/kubernetes/failure.ts";
import { KindReader } from "../../../src/adapters/kubernetes/kind-reader.ts";
import type { Json, JsonObject } from "../../../src/core/model/json.ts";
import type { GroupKind } from "../../../src/core/model/resource.ts";
import { page, readScript, type Scripted } from "./read-script.ts";

const istio = "networking.istio.io";
const kind = { group: istio, kind: "VirtualService" };
const configMap = { group: "", kind: "ConfigMap" };
const namespaceKind = { group: "", kind: "Namespace" };
const path = `/apis/${istio}/v1/virtualservices`;
/** Asked where the list of groups does not name it. */
const groupPath = `/apis/${istio}`;
const inNamespace = (name: string) => `/apis/${istio}/v1/namespaces/${name}/virtualservices`;

function discoveryOf(versions: readonly string[]): JsonObject {
  const resources = [
    { resource: "virtualservices", responseKind: { kind: "VirtualService" }, scope: "Namespaced" },
  ];
  return {
    kind: "APIGroupDiscoveryList",
    items: [
      { metadata: { name: "apps" }, versions: [] },
      ...(versions.length === 0
        ? []
        : [{ metadata: { name: istio }, versions: versions.map((version) => ({ version, resources })) }]),
    ],
  };
}

interface Setting {
  /** By path; a list is taken in turn, its last answer for ever. */
  readonly answers: Readonly<Record<string, Scripted | readonly Scripted[]>>;
  /** The versions that each discovery finds, in turn. */
  readonly versions?: readonly (readonly string[])[];
  readonly only?: readonly string[];
  readonly wanted?: readonly string[];
  readonly moments?: Map<string, string>;
}

async function readKinds(setting: Setting, kinds: readonly GroupKind[] = [kind]) {
  const { answers, versions = [["v1"]], only, wanted = ["shop", "payments"] } = setting;
  const counts = new Map<string, number>();
  const script = readScript((url): Scripted => {
    const index = counts.get(url) ?? 0;
    counts.set(url, index + 1);
    if (url === "/apis") return discoveryOf(versions[Math.min(index, versions.length - 1)] ?? []);
    const answer = answers[url] ?? (url === groupPath ? 404 : undefined);
    return isList(answer) ? (answer[Math.min(index, answer.length - 1)] ?? 500) : (answer ?? 500);
  });
  const first = await discover(script.read, kinds, () => 0);
  if (first.type === "failed") throw new Error(first.reason);
  const coverage = new Coverage();
  const asksForNamespaces: string[] = [];
  const reader = new KindReader({
    read: script.read,
    readOwners: () => [],
    keep: () => true,
    deadline: () => () => 0,
    pause: () => Promise.resolve(),
    discovery: first.discovery,
    discoverAgain: () => discover(script.read, kinds, () => 0),
    only,
    namespacesOf: ({ kind: name }) => {
      asksForNamespaces.push(name);
      return Promise.resolve(wanted);
    },
    moments: setting.moments ?? new Map<string, string>(),
    coverage,
  });
  await Promise.all(kinds.map((one) => reader.read(one)));
  return { coverage, asked: script.asked.map((one) => one.split("?")[0]), asksForNamespaces };
}

function isList(answer: Scripted | readonly Scripted[] | undefined): answer is readonly Scripted[] {
  return Array.isArray(answer);
}

function told(coverage: Coverage) {
  return {
    names: coverage.resources.map(({ key }) => `${key.namespace}/${key.name}`),
    unread: coverage.unread.map(({ namespace = "*", code }) => `${namespace} ${code}`),
    unserved: coverage.unserved.map((one) => one.kind),
    complete: everywhere.filter((name) => coverage.isComplete(kind, name)),
  };
}

/** What an API server says that is asked for nothing older than what it does not have. */
const tooNew = explainStatus(504, "Timeout: Too large resource version: 100, current: 99");

const everywhere = ["shop", "payments", "other"];

describe("KindReader", () => {
  it("lists a kind once for the whole cluster, and asks nobody for namespaces", async () => {
    const { coverage, asked, asksForNamespaces } = await readKinds({
      answers: { [path]: page(["a", "other/b"]) },
    });
    expect(told(coverage)).toEqual({
      names: ["shop/a", "other/b"],
      unread: [],
      unserved: [],
      complete: everywhere,
    });
    expect([asked, asksForNamespaces]).toEqual([["/apis", path], []]);
  });

  it("lists namespace by namespace where only these are read", async () => {
    const { coverage, asked } = await readKinds({
      only: ["shop"],
      answers: { [inNamespace("shop")]: page(["a"]) },
    });
    expect(told(coverage)).toMatchObject({
      names: ["shop/a"],
      complete: ["shop"],
      unread: ["* NAMESPACE_NOT_READ"],
    });
    expect(coverage.unread[0]?.reason).toBe("only shop is read");
    expect(asked).toEqual(["/apis", inNamespace("shop")]);
  });

  it("lists a namespace once, however often it is named", async () => {
    const { coverage, asked } = await readKinds({
      only: ["shop", "shop"],
      answers: { [inNamespace("shop")]: page(["a"]) },
    });
    expect(told(coverage)).toMatchObject({ names: ["shop/a"], complete: ["shop"] });
    expect(asked).toEqual(["/apis", inNamespace("shop")]);
  });

  it("lists ConfigMaps only where the targets want them", async () => {
    const place = "/api/v1/namespaces/istio-system/configmaps";
    const { coverage, asked } = await readKinds(
      {
        wanted: ["istio-system"],
        answers: { [place]: page(["istio-system/istio"], { kind: "ConfigMap", apiVersion: "v1" }) },
      },
      [configMap],
    );
    expect(asked).toEqual(["/apis", place]);
    expect([coverage.isComplete(configMap, "istio-system"), coverage.isComplete(configMap, "shop")]).toEqual([
      true,
      false,
    ]);
  });

  it("says that there is no such kind", async () => {
    const { coverage, asked } = await readKinds({ versions: [[]], answers: {} });
    expect(told(coverage)).toEqual({ names: [], unread: [], unserved: ["VirtualService"], complete: [] });
    expect(asked).toEqual(["/apis", groupPath]);
  });

  it("keeps nothing of a list that failed", async () => {
    const { coverage } = await readKinds({ answers: { [path]: [page(["a"], { next: "t1" }), 500] } });
    expect(told(coverage)).toEqual({ names: [], unread: ["* SERVER_ERROR"], unserved: [], complete: [] });
  });
});

describe("a kind that may not be listed for the whole cluster", () => {
  it("is listed in the namespaces that the targets look after", async () => {
    const { coverage } = await readKinds({
      answers: { [path]: 403, [inNamespace("shop")]: page(["a"]), [inNamespace("payments")]: page([]) },
    });
    expect(told(coverage)).toEqual({
      names: ["shop/a"],
      unread: ["* FORBIDDEN"],
      unserved: [],
      complete: ["shop", "payments"],
    });
  });

  it("is unread by name in the namespaces where it may not be listed either", async () => {
    const { coverage } = await readKinds({
      answers: { [path]: 403, [inNamespace("shop")]: page(["a"]), [inNamespace("payments")]: 403 },
    });
    expect(told(coverage)).toEqual({
      names: ["shop/a"],
      unread: ["* FORBIDDEN", "payments FORBIDDEN"],
      unserved: [],
      complete: ["shop"],
    });
  });

  it("is only unread where it has no namespaces", async () => {
    const { coverage, asked } = await readKinds({ answers: { "/api/v1/namespaces": 403 } }, [namespaceKind]);
    expect(coverage.unread).toMatchObject([{ kind: namespaceKind, code: "FORBIDDEN" }]);
    expect(asked).toEqual(["/apis", "/api/v1/namespaces"]);
  });
});

describe("a kind that is gone from where discovery found it", () => {
  it("is looked for once more, and is unserved where it is nowhere", async () => {
    const { coverage, asked } = await readKinds({ versions: [["v1"], []], answers: { [path]: 404 } });
    expect(told(coverage)).toEqual({ names: [], unread: [], unserved: ["VirtualService"], complete: [] });
    expect(asked).toEqual(["/apis", path, "/apis", groupPath]);
  });

  it("is unread where the list of groups lacks it, and the group is there all the same", async () => {
    const { coverage } = await readKinds({
      versions: [["v1"], []],
      answers: { [path]: 404, [groupPath]: 503 },
    });
    expect(told(coverage)).toEqual({ names: [], unread: ["* NOT_FOUND"], unserved: [], complete: [] });
  });

  it("is unserved where it goes in the middle of its list", async () => {
    const { coverage } = await readKinds({
      versions: [["v1"], []],
      answers: { [path]: [page(["a"], { next: "t1" }), 404] },
    });
    expect(told(coverage)).toEqual({ names: [], unread: [], unserved: ["VirtualService"], complete: [] });
  });

  it("is read at the version where it is now", async () => {
    const newer = path.replace("/v1/", "/v1beta1/");
    const { coverage } = await readKinds({
      versions: [["v1"], ["v1beta1"]],
      answers: { [path]: 404, [newer]: page(["a"], { apiVersion: `${istio}/v1beta1` }) },
    });
    expect(told(coverage)).toMatchObject({ names: ["shop/a"], unread: [], complete: everywhere });
  });

  it("is read again where it was never gone", async () => {
    const { coverage } = await readKinds({ answers: { [path]: [404, page(["a"])] } });
    expect(told(coverage)).toMatchObject({ names: ["shop/a"], complete: everywhere });
  });

  it("is unread where discovery finds what is not there", async () => {
    const { coverage, asked } = await readKinds({ answers: { [path]: 404 } });
    expect(told(coverage)).toMatchObject({ unread: ["* NOT_FOUND"], unserved: [], complete: [] });
    expect(asked).toEqual(["/apis", path, "/apis", path]);
  });

  it("is unserved also where its namespaces were listed", async () => {
    const { coverage, asked } = await readKinds({
      only: ["shop", "payments"],
      versions: [["v1"], []],
      answers: { [inNamespace("shop")]: 404, [inNamespace("payments")]: 404 },
    });
    expect(told(coverage)).toMatchObject({ unread: [], unserved: ["VirtualService"], complete: [] });
    expect(asked.filter((one) => one === "/apis")).toHaveLength(2);
  });
});

describe("the moments of lists", () => {
  it("are kept, and an older list is not taken the next time", async () => {
    const moments = new Map<string, string>();
    await readKinds({ moments, answers: { [path]: page(["a"], { resourceVersion: "100" }) } });
    const { coverage } = await readKinds({
      moments,
      answers: { [path]: page([], { resourceVersion: "99" }) },
    });
    expect(told(coverage)).toMatchObject({ unread: ["* LIST_STALE"], complete: [] });
  });

  it.for<readonly [name: string, answer: Scripted]>([
    ["answers with an older list", page(["b"], { resourceVersion: "99" })],
    ["says that it has nothing so new", tooNew],
  ])("are forgotten by one who $0 for good, after it was told once", async ([, answer]) => {
    const moments = new Map([[`VirtualService.${istio}/`, "100"]]);
    const first = await readKinds({ moments, answers: { [path]: answer } });
    expect(told(first.coverage).unread).toEqual(["* LIST_STALE"]);
    const answers = { [path]: page(["b"], { resourceVersion: "99" }) };
    const second = await readKinds({ moments, answers });
    expect(told(second.coverage)).toMatchObject({ names: ["shop/b"], unread: [] });
    expect([...moments.values()]).toEqual(["99"]);
  });

  it("go forward", async () => {
    const moments = new Map<string, string>();
    for (const resourceVersion of ["9", "100"]) {
      await readKinds({ moments, answers: { [path]: page(["a"], { resourceVersion }) } });
    }
    expect([...moments.values()]).toEqual(["100"]);
  });

  it("of a namespace say nothing of another", async () => {
    const moments = new Map<string, string>();
    const answers = {
      [inNamespace("shop")]: page(["a"], { resourceVersion: "100" }),
      [inNamespace("payments")]: page([], { resourceVersion: "50" }),
    } satisfies Record<string, Json>;
    await readKinds({ moments, only: ["shop"], answers });
    const { coverage } = await readKinds({ moments, only: ["payments"], answers });
    expect(told(coverage)).toMatchObject({ complete: ["payments"] });
  });
});
