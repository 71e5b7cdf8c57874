import { expect, it } from "vitest";
import { type ListContext, listKind } from "../../../src/adapters/kubernetes/list.ts";
import type { ServedKind } from "../../../src/adapters/kubernetes/served-kind.ts";
import type { Json, JsonObject } from "../../../src/core/model/json.ts";
import { page, readScript, type Scripted } from "./read-script.ts";

const kind: ServedKind = {
  group: "networking.istio.io",
  kind: "Gateway",
  version: "v1",
  resource: "gateways",
  isNamespaced: true,
};
const whole = page(["a"], { kind: "Gateway" });
const otherGroup = "gateway.networking.k8s.io/v1";

function withMetadata(metadata: JsonObject): JsonObject {
  return { ...whole, metadata: { resourceVersion: "7", ...metadata } };
}

function withItem(item: JsonObject): JsonObject {
  return { ...whole, items: [{ metadata: { name: "a", namespace: "shop" }, ...item }] };
}

async function list(answer: (index: number) => Scripted, more: Partial<ListContext> = {}) {
  const pauses: number[] = [];
  const script = readScript((_, __, index) => answer(index));
  const end = await listKind(kind, undefined, {
    read: script.read,
    readOwners: () => [],
    keep: () => true,
    deadline: () => 0,
    pause: (reading) => {
      pauses.push(reading);
      return Promise.resolve();
    },
    ...more,
  });
  return { end: end.type === "failed" ? end.code : end.resources.length, asked: script.asked.length, pauses };
}

it.for<readonly [name: string, answer: Json, end: string | number]>([
  ["a whole list", whole, 1],
  ["a list that says that nothing follows", withMetadata({ continue: "", remainingItemCount: 0 }), 1],
  [
    "a list whose items say what they are",
    withItem({ apiVersion: "networking.istio.io/v1", kind: "Gateway" }),
    1,
  ],
  ["a token that is a number", withMetadata({ continue: 5 }), "ANSWER_INVALID"],
  ["a token that is null", withMetadata({ continue: null }), "ANSWER_INVALID"],
  ["more objects and no token", withMetadata({ remainingItemCount: 1 }), "LIST_INCONSISTENT"],
  ["many more objects", withMetadata({ continue: "", remainingItemCount: 2n ** 70n }), "LIST_INCONSISTENT"],
  ["a list of another group", page([], { kind: "Gateway", apiVersion: otherGroup }), "ANSWER_INVALID"],
  [
    "a list of another version",
    page([], { kind: "Gateway", apiVersion: "networking.istio.io/v1beta1" }),
    "ANSWER_INVALID",
  ],
  ["a list of no group", page([], { kind: "Gateway", apiVersion: "" }), "ANSWER_INVALID"],
  ["an item of another group", withItem({ apiVersion: otherGroup, kind: "Gateway" }), "ANSWER_INVALID"],
])("takes $0 for what it is", async ([, answer, end]) => {
  expect((await list(() => answer)).end).toBe(end);
});

it("waits longer each time before it reads a list again", async () => {
  const { end, pauses } = await list(() => withMetadata({ remainingItemCount: 1 }));
  expect([end, pauses]).toEqual(["LIST_INCONSISTENT", [1, 2]]);
});

it("ends a list that does not end: of too many objects", async () => {
  const fresh = (index: number) =>
    page([`a${String(index)}`, `b${String(index)}`], { kind: "Gateway", next: `t${String(index)}` });
  expect(await list(fresh, { maxObjects: 5 })).toMatchObject({ end: "LIST_TOO_LONG", asked: 3 });
});

it("ends a list that does not end: of too many bytes", async () => {
  const bytes = 200 * 1024 ** 2;
  const fresh = (index: number): Scripted => {
    const value = page([String(index)], { kind: "Gateway", next: `t${String(index)}` });
    return { type: "json", value, bytes };
  };
  expect(await list(fresh)).toMatchObject({ end: "LIST_TOO_LONG", asked: 3 });
});
