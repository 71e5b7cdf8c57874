import { describe, expect, it } from "vitest";
import { type ApiFailure, explainBroken } from "../../../src/adapters/kubernetes/failure.ts";
import { isOlder, type ListContext, listKind } from "../../../src/adapters/kubernetes/list.ts";
import type { ServedKind } from "../../../src/adapters/kubernetes/served-kind.ts";
import type { Json, JsonObject } from "../../../src/core/model/json.ts";
import { broken, page, readScript, type ReadScript, type Scripted } from "./read-script.ts";

const kind: ServedKind = {
  group: "networking.istio.io",
  kind: "VirtualService",
  version: "v1",
  resource: "virtualservices",
  isNamespaced: true,
};
const path = "/apis/networking.istio.io/v1/virtualservices";

function contextOf({ read }: ReadScript): ListContext {
  return {
    read,
    readOwners: () => [],
    keep: () => true,
    deadline: () => 0,
    pause: () => Promise.resolve(),
  };
}

async function list(script: ReadScript, more: Partial<ListContext> = {}, namespace?: string) {
  const end = await listKind(kind, namespace, { ...contextOf(script), ...more });
  if (end.type === "failed") return `${end.code}: ${end.reason}`;
  return end.resources.map(({ key }) => key.name).join(" ");
}

/** Answers in turn, and stays with the last answer. */
function inTurn(...answers: readonly Scripted[]): ReadScript {
  return readScript((_, __, index) => answers[Math.min(index, answers.length - 1)] ?? null);
}

function queries({ asked }: ReadScript): readonly string[] {
  return asked.map((one) => one.slice(one.indexOf("?") + 1));
}

const cannot = "LIST_INCONSISTENT: the server's list cannot be used:";

describe("listKind", () => {
  it("reads page after page of 500 until one has no token", async () => {
    const script = inTurn(page(["a", "b"], { next: "t1" }), page(["c"], { next: "t2+/=" }), page([]));
    expect(await list(script)).toBe("a b c");
    expect(script.asked).toEqual([
      `${path}?limit=500`,
      `${path}?limit=500&continue=t1`,
      `${path}?limit=500&continue=t2%2B%2F%3D`,
    ]);
  });

  it("reads one namespace", async () => {
    const script = inTurn(page(["a"]));
    expect(await list(script, {}, "shop")).toBe("a");
    expect(script.asked).toEqual(["/apis/networking.istio.io/v1/namespaces/shop/virtualservices?limit=500"]);
  });

  it("reads kinds of the core group and kinds without a namespace", async () => {
    const script = inTurn({
      kind: "NamespaceList",
      apiVersion: "v1",
      metadata: { resourceVersion: "7" },
      items: [{ metadata: { name: "shop" } }],
    });
    const namespaces = {
      group: "",
      kind: "Namespace",
      version: "v1",
      resource: "namespaces",
      isNamespaced: false,
    };
    const context = contextOf(script);
    expect(await listKind(namespaces, undefined, context)).toMatchObject({
      resources: [{ key: { kind: "Namespace", namespace: "", name: "shop" } }],
      resourceVersion: "7",
    });
    expect(script.asked).toEqual(["/api/v1/namespaces?limit=500"]);
  });

  it("keeps only what somebody compares", async () => {
    expect(await list(inTurn(page(["a", "b"])), { keep: ({ name }) => name === "b" })).toBe("b");
  });

  it("tells of objects that cannot be compared by their key", async () => {
    let deep: Json = {};
    for (let level = 0; level < 200; level++) deep = { a: deep };
    const script = inTurn({
      ...page([]),
      items: [{ metadata: { name: "a", namespace: "shop" }, spec: deep }],
    });
    const context = contextOf(script);
    expect(await listKind(kind, undefined, context)).toMatchObject({
      type: "listed",
      resources: [],
      unclear: [{ key: { name: "a" }, code: "OBJECT_TOO_DEEP" }],
    });
  });
});

describe("a list that expires while it is read", () => {
  const expired: ApiFailure = {
    type: "failed",
    status: 410,
    code: "LIST_EXPIRED",
    reason: "the server answered 410",
    hint: "",
  };

  it("is begun again, and nothing of the first reading is left", async () => {
    const script = inTurn(
      page(["a", "gone"], { next: "t1" }),
      expired,
      page(["a", "b"], { next: "t2", resourceVersion: "8" }),
      page(["c"], { resourceVersion: "8" }),
    );
    expect(await list(script)).toBe("a b c");
    expect(queries(script)).toEqual([
      "limit=500",
      "limit=500&continue=t1",
      "limit=500",
      "limit=500&continue=t2",
    ]);
  });

  it("is given up on after three readings", async () => {
    const script = readScript((_, query) => (query.has("continue") ? 410 : page(["a"], { next: "t1" })));
    expect(await list(script)).toBe("LIST_EXPIRED: the server answered 410");
    expect(script.asked).toHaveLength(6);
  });

  it("fails with what else the server says, and keeps no page", async () => {
    expect(await list(inTurn(page(["a"], { next: "t1" }), broken))).toBe("ANSWER_CUT_OFF: cut");
    expect(
      await list(readScript((_, __, index) => (index === 0 ? page(["a"], { next: "t1" }) : 403))),
    ).toMatch(/^FORBIDDEN/);
  });
});

describe("a list whose pages do not fit together", () => {
  it.for<readonly [name: string, reason: string, answers: readonly Json[]]>([
    [
      "are of different moments",
      "its pages are of different moments",
      [page(["a"], { next: "t1" }), page(["b"], { resourceVersion: "8" })],
    ],
    ["hold an object twice", "an object stands in it twice", [page(["a"], { next: "t1" }), page(["a"])]],
    ["hold an object twice at once", "an object stands in it twice", [page(["a", "a"])]],
    [
      "name themselves as the next",
      "it comes back to a page before",
      [page(["a"], { next: "t1" }), page(["b"], { next: "t1" })],
    ],
    [
      "go round in a circle",
      "it comes back to a page before",
      [page(["a"], { next: "t1" }), page(["b"], { next: "t2" }), page(["c"], { next: "t1" })],
    ],
  ])("is read again where they %s, three times in all", async ([, reason, answers]) => {
    const whole = inTurn(...answers, page(["x"], { resourceVersion: "9" }));
    expect(await list(whole)).toBe("x");
    const forEver = readScript((_, __, index) => answers[index % answers.length] ?? null);
    expect(await list(forEver)).toBe(`${cannot} ${reason}`);
    expect(forEver.asked).toHaveLength(3 * answers.length);
  });

  it("does not go on for ever where page after page is empty", async () => {
    const script = readScript((_, __, index) => page([], { next: `t${String(index)}` }));
    expect(await list(script)).toBe(`${cannot} page after page is empty, and it does not end`);
    expect(script.asked).toHaveLength(33);
  });

  it("may have an empty page in the middle", async () => {
    expect(await list(inTurn(page(["a"], { next: "t1" }), page([], { next: "t2" }), page(["b"])))).toBe(
      "a b",
    );
  });
});

describe("a page that is too large", () => {
  const tooLarge = explainBroken("too-large", "the answer is larger than 64 MiB");

  it("is asked for with fewer objects, from the first page on", async () => {
    const script = readScript((_, query) => {
      if (query.get("limit") !== "5") return tooLarge;
      return query.has("continue") ? page(["b"]) : page(["a"], { next: "t1" });
    });
    expect(await list(script)).toBe("a b");
    expect(queries(script)).toEqual(["limit=500", "limit=50", "limit=5", "limit=5&continue=t1"]);
  });

  it("is given up on where one object is too large", async () => {
    const script = readScript(() => tooLarge);
    expect(await list(script)).toBe("ANSWER_TOO_LARGE: the answer is larger than 64 MiB");
    expect(queries(script)).toEqual(["limit=500", "limit=50", "limit=5", "limit=1"]);
  });
});

describe("a server that is behind", () => {
  const notBefore = "100";

  it("is asked for nothing older than what was read before, on the first page only", async () => {
    const script = inTurn(
      page(["a"], { next: "t1", resourceVersion: "100" }),
      page(["b"], { resourceVersion: "100" }),
    );
    expect(await list(script, { notBefore })).toBe("a b");
    expect(queries(script)).toEqual([
      "limit=500&resourceVersion=100&resourceVersionMatch=NotOlderThan",
      "limit=500&continue=t1",
    ]);
  });

  it("is not believed where it answers with something older all the same", async () => {
    const script = readScript(() => page(["a"], { resourceVersion: "99" }));
    expect(await list(script, { notBefore })).toBe(
      "LIST_STALE: the server's list cannot be used: it is older than one that was read before",
    );
    expect(script.asked).toHaveLength(3);
  });

  it("is believed when it has caught up", async () => {
    const script = inTurn(page([], { resourceVersion: "9" }), page(["a"], { resourceVersion: "101" }));
    expect(await list(script, { notBefore })).toBe("a");
  });

  it.for<readonly [version: string, than: string | undefined, older: boolean]>([
    ["99", "100", true],
    ["100", "100", false],
    ["101", "100", false],
    ["9007199254740993", "9007199254740994", true],
    ["abc", "100", false],
    ["99", "abc", false],
    ["99", undefined, false],
  ])("knows whether %s is before %s", ([version, than, older]) => {
    expect(isOlder(version, than)).toBe(older);
  });
});

describe("an answer that is no list of the kind", () => {
  const whole = page(["a"]);
  const without = (name: string): JsonObject =>
    Object.fromEntries(Object.entries(whole).filter(([key]) => key !== name));
  const noList = "ANSWER_INVALID: the server's answer is no list of VirtualService";
  const elsewhere = "ANSWER_INVALID: the server's list of VirtualService holds an object of another place";
  const something = "ANSWER_INVALID: the server's list of VirtualService holds something else";

  it.for<readonly [name: string, answer: Json, told: string]>([
    ["null", null, noList],
    ["a Status", { kind: "Status", status: "Failure" }, noList],
    ["a list of another kind", page(["a"], { kind: "Gateway" }), noList],
    ["a list of tables", { ...whole, kind: "Table" }, noList],
    ["a list without items", without("items"), noList],
    ["a list whose items are null", { ...whole, items: null }, noList],
    ["a list without metadata", without("metadata"), noList],
    ["a list of no moment", page(["a"], { resourceVersion: "" }), noList],
    ["an item that is null", { ...whole, items: [null] }, something],
    ["an item without metadata", { ...whole, items: [{ spec: {} }] }, something],
    [
      "an item of another kind",
      { ...whole, items: [{ kind: "Gateway", metadata: { name: "a", namespace: "shop" } }] },
      something,
    ],
    ["an item without a namespace", { ...whole, items: [{ metadata: { name: "a" } }] }, elsewhere],
  ])("is not taken where it is %s", async ([, answer, told]) => {
    const script = inTurn(answer);
    expect(await list(script)).toBe(told);
    expect(script.asked).toHaveLength(1);
  });

  it("is not taken where an object stands in another namespace than was asked for", async () => {
    expect(await list(inTurn(page(["a", "payments/b"])), {}, "shop")).toBe(elsewhere);
  });

  it("is not taken for cluster-scoped kinds where an object has a namespace", async () => {
    const script = inTurn(page(["a"], { kind: "GatewayClass" }));
    const context = contextOf(script);
    const classes = { ...kind, kind: "GatewayClass", isNamespaced: false };
    expect(await listKind(classes, undefined, context)).toMatchObject({ code: "ANSWER_INVALID" });
  });
});
