import { expect, it } from "vitest";
import { matchesLabels, parseLabelSelector } from "../../../src/core/model/label-selector.ts";

const shop = new Map([
  ["team", "mesh"],
  ["example.com/env", "prod"],
  ["empty", ""],
]);

it.for([
  ["team=mesh", true],
  ["team==mesh", true],
  ["team=other", false],
  ["team!=other", true],
  ["absent!=x", true],
  ["absent=", false],
  ["empty=", true],
  ["team", true],
  ["!team", false],
  ["!absent", true],
  ["example.com/env in (prod, stage)", true],
  ["example.com/env notin (prod,stage)", false],
  ["absent notin (x)", true],
  ["absent in (x)", false],
  ["team=mesh,example.com/env in (dev,prod),!absent", true],
  ["team=mesh,example.com/env in (dev)", false],
] as const)("%s selects the namespace: %s", ([text, expected]) => {
  const selector = parseLabelSelector(text);
  expect(selector && matchesLabels(selector, shop)).toBe(expected);
});

it.for(["", " ", "a b", "a=b=c", "a in ()x", "a in x", "-a=b", "a=b,,c=d", "a=b,", "a in (x", "a/b/c=d"])(
  "takes %j for no selector",
  (text) => {
    expect(parseLabelSelector(text)).toBeUndefined();
  },
);
