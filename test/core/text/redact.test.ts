import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Change, Located } from "../../../src/core/model/finding.ts";
import { field, isList, isObject, type Json, objectOf } from "../../../src/core/model/json.ts";
import { toPointer } from "../../../src/core/model/path.ts";
import { conceal, concealFinding, concealNote } from "../../../src/core/text/redact.ts";
import { json } from "../manifest/arbitraries.ts";

const key = "a key";
const mark = /^‹hidden [0-9a-f]{12}›$/;

function located(value: Json, ...secret: string[]): Located {
  return { pointer: "/spec", value, secret };
}

/** Every place inside a value, as a path. */
function places(value: Json, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  const entries = isList(value) ? [...value.entries()] : isObject(value) ? Object.entries(value) : [];
  return [path, ...entries.flatMap(([step, item]) => places(item, [...path, step]))];
}

function withCanary(value: Json, path: readonly (string | number)[], canary: Json): Json {
  const [step, ...rest] = path;
  if (step === undefined) return canary;
  if (isList(value)) return value.map((item, i) => (i === step ? withCanary(item, rest, canary) : item));
  if (!isObject(value)) return value;
  return objectOf(
    Object.entries(value).map(
      ([name, item]) => [name, name === step ? withCanary(item, rest, canary) : item] as const,
    ),
  );
}

describe("conceal", () => {
  it("hides the named places and nothing else", () => {
    const value = {
      hosts: ["a"],
      headers: { set: { "x-key": "s3cret", n: 1 } },
      list: [{ token: "t" }, "b"],
    };
    const concealed = conceal(located(value, "/headers/set", "/list/0/token"), key);
    expect(concealed).toStrictEqual({
      pointer: "/spec",
      value: {
        hosts: ["a"],
        headers: { set: expect.stringMatching(mark) as string },
        list: [{ token: expect.stringMatching(mark) as string }, "b"],
      },
      secret: ["/headers/set", "/list/0/token"],
    });
  });

  it.for([
    ["text", "s3cret"],
    ["a number", 1234],
    ["a mapping", { user: "u", password: "p" }],
    ["a list", ["a", "b"]],
  ] as const)("hides a whole value that is %s", ([, value]) => {
    expect(conceal(located(value, ""), key).value).toMatch(mark);
  });

  it("marks equal values equally, whatever the order of keys, and different ones differently", () => {
    const markOf = (value: Json, secretKey = key) => conceal(located(value, ""), secretKey).value;
    expect(markOf({ a: 1, b: [2n] })).toBe(markOf({ b: [2n], a: 1 }));
    expect(markOf({ a: 1 })).not.toBe(markOf({ a: "1" }));
    expect(markOf(["a", "b"])).not.toBe(markOf(["b", "a"]));
    expect(markOf("s3cret")).not.toBe(markOf("s3cret", "another key"));
  });

  it("finds keys with slashes, tildes and names of prototypes", () => {
    const value = objectOf([
      ["a/b~c", "x"],
      ["__proto__", { deep: "y" }],
      ["toString", "z"],
    ]);
    const hidden = conceal(located(value, "/a~1b~0c", "/__proto__/deep", "/toString"), key).value;
    expect(Object.keys(hidden as object)).toStrictEqual(["a/b~c", "__proto__", "toString"]);
    expect(field(field(hidden, "__proto__"), "deep")).toMatch(mark);
    expect(JSON.stringify(hidden)).not.toMatch(/"[xyz]"/);
    expect(Object.getPrototypeOf(hidden)).toBe(Object.prototype);
  });

  it("hides what a pointer should have led through where it leads nowhere", () => {
    expect(conceal(located({ a: { b: "s3cret" } }, "/a/c"), key).value).toStrictEqual({
      a: expect.stringMatching(mark) as string,
    });
    expect(conceal(located(["s3cret"], "/7"), key).value).toMatch(mark);
    expect(conceal(located(["s3cret"], "/length"), key).value).toMatch(mark);
    expect(conceal(located("s3cret", "/0"), key).value).toMatch(mark);
    expect(conceal(located({ a: "s3cret" }, "/toString"), key).value).toMatch(mark);
  });

  it("hides a credential by its looks where no table named it, and names it then", () => {
    const value = {
      uri: { exact: "/x?token=abcdef123" },
      host: "reviews",
      pem: ["-----BEGIN PRIVATE KEY-----\nMII"],
    };
    expect(conceal({ pointer: "", value }, key)).toStrictEqual({
      pointer: "",
      value: {
        uri: { exact: expect.stringMatching(mark) as string },
        host: "reviews",
        pem: [expect.stringMatching(mark) as string],
      },
      secret: ["/uri/exact", "/pem/0"],
    });
  });

  it("hides a mapping in which a name holds a credential by its looks", () => {
    const { value, secret } = conceal({ pointer: "", value: { a: { "token=abcdef": 1, b: 2 }, c: 3 } }, key);
    expect(value).toStrictEqual({ a: expect.stringMatching(mark) as string, c: 3 });
    expect(secret).toEqual(["/a"]);
  });

  it("returns the very same place where there is nothing to hide", () => {
    const place = { pointer: "/spec/timeout", value: "5s" };
    expect(conceal(place, key)).toBe(place);
  });

  it("leaves no trace of a secret anywhere, however deep and in whatever form", () => {
    const canary = "cAnArY-9e1f7";
    const forms: Json[] = [canary, [canary], { [canary]: "x" }, { a: { b: [canary, 1] } }];
    fc.assert(
      fc.property(json, fc.constantFrom(...forms), fc.nat(), fc.nat(), (value, form, first, second) => {
        const all = places(value);
        const path = all[first % all.length] ?? [];
        const other = all[second % all.length] ?? [];
        const planted = withCanary(value, path, form);
        const hidden = conceal(located(planted, toPointer(other), toPointer(path)), key);
        const text = JSON.stringify(hidden.value, (_, item: unknown) =>
          typeof item === "bigint" ? String(item) : item,
        );
        expect(text).not.toContain(canary);
      }),
      { numRuns: 500 },
    );
  });
});

describe("concealFinding and concealNote", () => {
  const change: Change = {
    type: "changed",
    path: "spec.headers",
    desired: located({ a: "one-s3cret" }, "/a"),
    live: located({ a: "two-s3cret" }, "/a"),
    undecided: [{ rule: "r", missing: "m" }],
  };
  const resource = { group: "g", kind: "K", namespace: "n", name: "x" };

  it("hides both sides of every change and keeps the rest", () => {
    const finding = {
      type: "changed",
      key: resource,
      changes: [change, { type: "added", path: "p" }],
    } as const;
    const concealed = concealFinding(finding, key);
    expect(JSON.stringify(concealed)).not.toContain("s3cret");
    expect(concealed.changes[0]).toMatchObject({
      path: "spec.headers",
      undecided: [{ rule: "r", missing: "m" }],
    });
    expect(concealed.changes[1]).toStrictEqual({ type: "added", path: "p" });
    expect(concealed.changes[0]?.desired?.value).not.toStrictEqual(concealed.changes[0]?.live?.value);
  });

  it("hides the change of a note", () => {
    const note = concealNote({ key: resource, change, reason: "why" }, key);
    expect(JSON.stringify(note)).not.toContain("s3cret");
    expect(note).toMatchObject({ key: resource, reason: "why" });
  });
});
