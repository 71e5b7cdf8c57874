import type { GetLimits } from "../../../src/adapters/kubernetes/get.ts";
import {
  field,
  isList,
  isObject,
  type Json,
  type JsonObject,
  textField,
} from "../../../src/core/model/json.ts";
import type { Fault, FaultRequest } from "../../support/fault.ts";
import { token } from "./world.ts";

/** A row of the table. */
export interface FaultRow {
  readonly name: string;
  /** What is played to a request that the fault strikes. */
  readonly fault: Fault;
  /** How often a call is struck in a row where it is not struck for ever; 1. */
  readonly times?: number;
  readonly limits?: Partial<GetLimits>;
  /** Whether it strikes another request than the one it is for, as well. */
  readonly alsoStrikes?: (request: FaultRequest) => boolean;
  /** Whether the cluster was read before, by the same reader. */
  readonly isSecondRead?: true;
}

/** Faults that are waited for. */
const waiting: Partial<GetLimits> = { headersTimeoutMs: 300, idleTimeoutMs: 300 };

function status(code: number, headers: Readonly<Record<string, string>> = {}): Fault {
  return { type: "answer", code, headers };
}

function editList(edit: (list: JsonObject) => Json): Fault {
  return { type: "edit", edit: (body) => (isObject(body) ? edit(body) : body) };
}

/** Changes the items of a list, or of a discovery. */
function editItems(edit: (items: readonly Json[]) => Json): Fault {
  return editList((list) => {
    const items = field(list, "items");
    return isList(items) ? { ...list, items: edit(items) } : list;
  });
}

/** Adds an item that is wrong, so that empty lists are struck as well. */
function addItem(item: Json): Fault {
  return editItems((items) => [...items, item]);
}

const stale = editItems((items) =>
  items.map((item) => {
    const versions = field(item, "versions");
    const mark = (version: Json): Json => (isObject(version) ? { ...version, freshness: "Stale" } : version);
    return isObject(item) && isList(versions) ? { ...item, versions: versions.map(mark) } : item;
  }),
);

/** Without a group, as one of several servers may be for a moment that was started before the group was. */
const withoutGroup = editItems((items) =>
  items.filter((item) => textField(field(item, "metadata"), "name") !== "networking.istio.io"),
);

/** Without a kind of each group. */
const withoutKind = editItems((items) =>
  items.map((item) => {
    const versions = field(item, "versions");
    return isObject(item) && isList(versions) ? { ...item, versions: versions.map(withoutFirstKind) } : item;
  }),
);

function withoutFirstKind(version: Json): Json {
  const resources = field(version, "resources");
  return isObject(version) && isList(resources) ? { ...version, resources: resources.slice(1) } : version;
}

/** What a server, or a proxy before it, says of a request that it finds fault with. */
const quote = { kind: "Status", message: `bad request: {"authorization":"Bearer ${token}"}` };

/** A list that is behind: older, and without its last object. */
const behind = editList((list) => {
  const items = field(list, "items");
  const metadata = field(list, "metadata");
  const rest = isList(items) ? items.slice(0, -1) : [];
  return {
    ...list,
    items: rest,
    metadata: { ...(isObject(metadata) ? metadata : {}), resourceVersion: "1" },
  };
});

const isPaymentsList = ({ namespace }: FaultRequest): boolean => namespace === "payments";

function withoutItems(list: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(list).filter(([name]) => name !== "items"));
}

/** Where a redirect leads: a server that counts what it is sent. */
export function faultRows(elsewhere: string): readonly FaultRow[] {
  return [
    { name: "101", fault: status(101, { connection: "Upgrade", upgrade: "websocket" }) },
    { name: "401", fault: status(401) },
    { name: "403", fault: status(403) },
    { name: "403, and in one namespace too", fault: status(403), alsoStrikes: isPaymentsList },
    { name: "404", fault: status(404) },
    { name: "400", fault: status(400) },
    { name: "400 that quotes the token", fault: { type: "answer", code: 400, body: quote } },
    { name: "503 that quotes the token", fault: { type: "answer", code: 503, body: quote } },
    {
      name: "200 with the token as its type",
      fault: { type: "answer", code: 200, headers: { "content-type": `text/html; for=${token}` } },
    },
    { name: "410", fault: { type: "expired", freshToken: false } },
    { name: "410 with a fresh token", fault: { type: "expired", freshToken: true } },
    { name: "continue token repeats", fault: { type: "repeat-token" } },
    { name: "empty page with a token", fault: { type: "empty-page" } },
    { name: "429 with Retry-After 1", fault: status(429, { "retry-after": "1" }) },
    { name: "429 with Retry-After 120", fault: status(429, { "retry-after": "120" }) },
    { name: "429 without Retry-After", fault: status(429) },
    { name: "429 with garbage", fault: status(429, { "retry-after": "soon" }) },
    { name: "429 with a date", fault: status(429, { "retry-after": "Fri, 02 Jan 2026 00:00:10 GMT" }) },
    { name: "500", fault: status(500) },
    { name: "500 three times", fault: status(500), times: 3 },
    { name: "502", fault: status(502) },
    { name: "503", fault: status(503) },
    { name: "504", fault: status(504) },
    { name: "reset before any byte", fault: { type: "reset", after: "nothing" } },
    { name: "reset in the body", fault: { type: "reset", after: "half" } },
    { name: "cut body (length)", fault: { type: "cut", encoding: "length" } },
    { name: "cut body (chunks)", fault: { type: "cut", encoding: "chunked" } },
    { name: "cut body (gzip)", fault: { type: "cut", encoding: "gzip" } },
    { name: "no byte", fault: { type: "hang" }, limits: waiting },
    { name: "nothing behind the headers", fault: { type: "stall", after: "headers" }, limits: waiting },
    { name: "nothing behind half of the body", fault: { type: "stall", after: "half" }, limits: waiting },
    {
      name: "a byte now and then",
      fault: { type: "drip", bytes: 1, intervalMs: 20 },
      limits: { totalTimeoutMs: 400 },
    },
    { name: "200 with HTML", fault: { type: "answer", code: 200, body: "<html>Log in</html>" } },
    {
      name: "200 with half of a JSON text",
      fault: { type: "answer", code: 200, body: '{"kind":', headers: json },
    },
    { name: "200 with {}", fault: { type: "answer", code: 200, body: {} } },
    { name: "200 with a Status", fault: { type: "answer", code: 200, body: { kind: "Status", code: 200 } } },
    { name: "wrong kind", fault: editList((list) => ({ ...list, kind: "PodList" })) },
    { name: "no items", fault: editList(withoutItems) },
    { name: "null items", fault: editItems(() => null) },
    { name: "an item that is null", fault: addItem(null) },
    { name: "an item without metadata", fault: addItem({ spec: {} }) },
    { name: "an item twice", fault: editItems((items) => [...items, ...items.slice(0, 1)]) },
    { name: "another resourceVersion", fault: { type: "stale", resourceVersion: "999999999" } },
    { name: "a list that is behind", fault: behind, isSecondRead: true },
    { name: "discovery that is stale", fault: stale },
    { name: "discovery that lacks a group", fault: withoutGroup },
    { name: "discovery that lacks kinds", fault: withoutKind },
    { name: "redirect", fault: { type: "redirect", location: elsewhere } },
    {
      name: "larger than is read",
      fault: { type: "huge", bytes: 3_000_000 },
      limits: { maxBodyBytes: 1_500_000 },
    },
  ];
}

const json = { "content-type": "application/json" };
