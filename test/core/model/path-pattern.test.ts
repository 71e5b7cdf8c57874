import * as fc from "fast-check";
import { expect, it } from "vitest";
import { childPath, itemPath } from "../../../src/core/model/path.ts";
import { checkPathPattern, exactPattern, matchesAnyPath } from "../../../src/core/model/path-pattern.ts";

it.for([
  ["spec.http[*].fault", "spec.http[name=primary].fault"],
  ["spec.http[*].fault", "spec.http[2].fault.abort.httpStatus"],
  ["spec.http[*].fault", "spec.http[name=primary].fault[x]"],
  ["spec.http", "spec.http"],
  ["spec", "spec.http[0].route[subset=v2].weight"],
  ["spec.http[2]", "spec.http[2].timeout"],
  ["spec.http[name=primary].timeout", "spec.http[name=primary].timeout"],
  ['spec.http[name="primary"].timeout', "spec.http[name=primary].timeout"],
  ['spec.http[name="a b",port=80]', 'spec.http[name="a b",port=80].timeout'],
  ["spec.*.timeout", "spec.http.timeout"],
  ['metadata.labels["istio.io/rev"]', 'metadata.labels["istio.io/rev"]'],
  ["metadata.labels.*", 'metadata.labels["istio.io/rev"]'],
  ['metadata.labels["team"]', "metadata.labels.team"],
  ["spec.hosts[*]", "spec.hosts[*]"],
  ['spec.hosts["*"]', "spec.hosts[*]"],
  ["spec.ports[name=]", "spec.ports[name=].number"],
  ["spec.hosts", `spec.hosts["${"a ".repeat(1500)}"]`],
] as const)("%s names %s", ([pattern, path]) => {
  expect(checkPathPattern(pattern).type).toBe("pattern");
  expect(matchesAnyPath([pattern], path)).toBe(true);
});

it.for([
  ["spec.http[*].fault", "spec.http[name=primary]"],
  ["spec.http[*].fault", "spec.http[name=primary].faults"],
  ["spec.http[*].fault", "spec.http.fault"],
  ["spec.http.fault", "spec.http[0].fault"],
  ["spec.http[2]", "spec.http[20]"],
  ["spec.http[name=primary]", "spec.http[name=primary2]"],
  ["spec.*", "spec[0]"],
  ['spec.hosts["*"]', "spec.hosts[a]"],
  ["spec.http[name=*]", "spec.http[name=primary]"],
  ["spec.http", "no path at all"],
  ["spec.http", "spec.http[0"],
] as const)("%s does not name %s", ([pattern, path]) => {
  expect(matchesAnyPath([pattern], path)).toBe(false);
});

it.for([
  ["", "it is empty"],
  ["/spec/http", "it is a JSON pointer"],
  ["$.spec.http", "it is JSONPath"],
  [".spec.http", "it starts with a dot"],
  ["spec.**.fault", "** has no meaning: everything below a path belongs to it anyway"],
  ["spec.http[].fault", "[] has no meaning: [*] is any item"],
  ["*", "it starts with no field"],
  ["[*].spec", "it starts with no field"],
  ["*.spec", "it starts with no field"],
  ["spec..http", "it is no path"],
  ["spec.http[", "it is no path"],
  ["spec.http[*", "it is no path"],
  ["spec.http]", "it is no path"],
  ["spec.http[0]fault", "it is no path"],
  ["spec http", "it is no path"],
  ["spec.ht*", "it is no path"],
  ["spec.http[a b]", "it is no path"],
  ['spec["\\x"]', "it is no path"],
  [`spec${".a".repeat(1500)}`, "it is no path"],
] as const)("refuses %s: %s", ([text, reason]) => {
  expect(checkPathPattern(text)).toMatchObject({ type: "refused", reason });
});

const label = fc.oneof(
  fc.constantFrom("*", "0", "v2", "name=primary"),
  fc.string({ unit: "grapheme", minLength: 1 }).map((text) => JSON.stringify(text)),
  fc.string({ minLength: 1 }).map((text) => `name=${JSON.stringify(text)}`),
);
const path = fc
  .array(
    fc.oneof(
      fc.string({ unit: "grapheme" }).map((name) => ({ name })),
      label.map((item) => ({ item })),
    ),
    {
      maxLength: 8,
    },
  )
  .map((steps) =>
    steps.reduce((at, step) => ("name" in step ? childPath(at, step.name) : itemPath(at, step.item)), "spec"),
  );

it("has an exact pattern for every path, which names what is below it and nothing beside it", () => {
  fc.assert(
    fc.property(path, path, (one, other) => {
      const pattern = exactPattern(one);
      expect(checkPathPattern(pattern).type).toBe("pattern");
      expect(matchesAnyPath([pattern], one)).toBe(true);
      expect(matchesAnyPath([pattern], `${one}.below[0]`)).toBe(true);
      expect(matchesAnyPath([exactPattern(`${one}.beside`)], `${one}.besides`)).toBe(false);
      const isBelow = other === one || other.startsWith(`${one}.`) || other.startsWith(`${one}[`);
      if (isBelow) expect(matchesAnyPath([pattern], other)).toBe(true);
    }),
  );
});

it("never throws, and takes no longer for texts made to be slow", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'spec.http[]"*=,\\ $/'.split("")) }), (text) => {
      expect(() => matchesAnyPath([text], text)).not.toThrow();
    }),
  );
  const slow = ["[".repeat(2000), `a[${'"\\'.repeat(990)}`, `a["${"\\".repeat(1900)}`, "*".repeat(2000)];
  const start = performance.now();
  for (const text of slow) expect(checkPathPattern(text).type).toBe("refused");
  expect(performance.now() - start).toBeLessThan(500);
});
