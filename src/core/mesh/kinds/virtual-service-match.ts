import { field, isList, isObject, type Json, textField } from "../../model/json.ts";
import * as s from "../shapes.ts";
import { isSet, listAt } from "../sites.ts";
import type { Field, FieldRow, Order, Site } from "../table.ts";
import { headerNames, matchGateways, routeName, secretMatch, stringMatch } from "./virtual-service-parts.ts";
import { replacesPrefix, standsAlone } from "./virtual-service-site.ts";

const route = "istio pilot/pkg/networking/core/route/route.go";

/** A value that only has to be there. A claim of a token (`@request...`) is matched by its value and has no such form. */
const anyValue: FieldRow = s.rewrite(
  "virtual-service/header-present",
  "E2",
  (value) =>
    isObject(value) && Object.keys(value).join() === "regex" && value["regex"] === "*" ? {} : value,
  {
    reason: 'A header or parameter matched with {} or with the pattern "*" only has to be there.',
    source: `${route}:1163-1220`,
    when: (at) => !String(at.name).startsWith("@"),
  },
);

const emptyValue: FieldRow = s.trap("virtual-service/header-empty", [{}, { exact: "" }], {
  reason: "{} asks for any value, an empty exact for the empty one.",
  source: `${route}:1163-1179, 1203-1220`,
});

const valueMatch: Field = s.message(secretMatch, { rows: [anyValue, emptyValue] });

const anyPath: readonly FieldRow[] = [
  s.absent(
    "virtual-service/uri-root",
    "E2",
    { prefix: "/" },
    {
      reason: "Every path starts with a slash, and a match without a path is generated as the prefix /.",
      source: `${route}:1059-1115 (TranslateRouteMatch)`,
      when: standsAlone,
    },
  ),
  s.absent(
    "virtual-service/uri-any",
    "E3",
    { regex: ".*" },
    {
      reason: "The pattern .* matches every path, as the prefix / does.",
      source: `${route}:1631-1647 (IsCatchAllRoute)`,
      when: (at) => standsAlone(at) && !replacesPrefix(at),
    },
  ),
];

/** Requests that a route is for. */
const match: Field = s.message({
  name: s.text({ rows: [routeName] }),
  uri: s.message(stringMatch, { rows: anyPath }),
  scheme: s.message(stringMatch),
  method: s.message(stringMatch),
  authority: s.message(stringMatch),
  headers: s.mapOf(valueMatch, { keys: headerNames }),
  withoutHeaders: s.mapOf(valueMatch, { keys: headerNames }),
  queryParams: s.mapOf(valueMatch),
  port: s.number(),
  sourceLabels: s.mapOf(s.text()),
  gateways: matchGateways(`${route}:453-466 (sourceMatchHTTP)`, asksForSource),
  ignoreUriCase: s.boolean(),
  sourceNamespace: s.text(),
  statPrefix: s.text({ rows: [routeName] }),
});

/** Labels and namespace of the source are looked at only where a match names no gateways. */
function asksForSource(at: Site): boolean {
  const around = at.up?.value;
  return !standsAlone(at) || isSet(around, "sourceLabels") || textField(around, "sourceNamespace") !== "";
}

const matchNames: Order["identity"] = [
  [["name"]],
  [["uri", "exact"]],
  [["uri", "prefix"]],
  [["uri", "regex"]],
];

const anyMatch: Order = s.set(
  "virtual-service/match",
  {
    reason: "A route is taken if any of its matches fits; their order does not matter.",
    source: `${route}:421-432`,
  },
  matchNames,
);

const prefixMatch: Order = s.ordered(
  "virtual-service/match-rewrite",
  {
    reason:
      "The prefix that matched is what a rewrite replaces, so of two that fit the same path the first one counts.",
    source: `${route}:488-501, 640-652, 786-789`,
  },
  matchNames,
);

/** Order counts where the matched prefix is replaced and two matches may fit one path. */
function matchOrder(at: Site): Order {
  const paths = isList(at.value) ? at.value.map(pathOf) : [];
  return replacesPrefix(at) && paths.some((a, i) => paths.slice(i + 1).some((b) => mayOverlap(a, b)))
    ? prefixMatch
    : anyMatch;
}

interface Path {
  readonly type: "exact" | "prefix";
  readonly text: string;
}

/** The path of a match, in lower case because a match may ignore it; a pattern is taken for a prefix of anything. */
function pathOf(item: Json): Path {
  const uri = field(item, "uri");
  const exact = field(uri, "exact");
  if (typeof exact === "string") return { type: "exact", text: exact.toLowerCase() };
  return { type: "prefix", text: textField(uri, "prefix").toLowerCase() };
}

/** Whether one path may fit both so that it matters which of them is taken. */
function mayOverlap(a: Path, b: Path): boolean {
  // Of two equal prefixes it does not matter which one is replaced; an unknown one may be any.
  if (a.type === b.type && a.text === b.text) return a.type === "prefix" && a.text === "";
  return (
    (b.type === "prefix" && a.text.startsWith(b.text)) || (a.type === "prefix" && b.text.startsWith(a.text))
  );
}

/** The matches of an HTTP route. */
export const matches: Field = s.listOf(match, s.choice([anyMatch, prefixMatch], matchOrder), {
  rows: [
    s.absent("virtual-service/match-all", "E3", [{}], {
      reason: "A route without matches takes every request, and so does one with an empty match.",
      source: `${route}:416-420, 1059-1062, 1631-1647`,
      when: (at) => standsAlone(at) && listAt(at.value).length === 1,
    }),
  ],
});
