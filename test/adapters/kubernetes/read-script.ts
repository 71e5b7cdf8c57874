import type { ApiEnd, ReadApi } from "../../../src/adapters/kubernetes/api-reader.ts";
import { type ApiFailure, explainStatus } from "../../../src/adapters/kubernetes/failure.ts";
import type { Json, JsonObject } from "../../../src/core/model/json.ts";

/** A reader that answers by path and query, and what it was asked. */
export interface ReadScript {
  readonly read: ReadApi;
  /** Path and query, in order. Grows. */
  readonly asked: string[];
}

/** What `answer` gives: JSON, a failure, or the number of a status. */
export type Scripted = Json | ApiEnd;

/** Answers each request by its path and query and by how many came before it. */
export function readScript(
  answer: (path: string, query: URLSearchParams, index: number) => Scripted,
): ReadScript {
  const asked: string[] = [];
  return {
    asked,
    read: ({ path }) => {
      const index = asked.push(path) - 1;
      const url = new URL(path, "https://127.0.0.1");
      return Promise.resolve(endOf(answer(url.pathname, url.searchParams, index)));
    },
  };
}

function endOf(scripted: Scripted): ApiEnd {
  if (typeof scripted === "number") return explainStatus(scripted);
  return isEnd(scripted) ? scripted : { type: "json", value: scripted, bytes: 0 };
}

function isEnd(scripted: Scripted): scripted is ApiEnd {
  return (
    typeof scripted === "object" &&
    scripted !== null &&
    "type" in scripted &&
    (scripted.type === "json" || scripted.type === "failed")
  );
}

/** A failure without a status. */
export const broken: ApiFailure = {
  type: "failed",
  code: "ANSWER_CUT_OFF",
  reason: "cut",
  hint: "Scan again.",
};

/** What a page of a list says of itself. */
export interface PageOptions {
  readonly next?: string;
  readonly resourceVersion?: string;
  readonly kind?: string;
  readonly apiVersion?: string;
}

/** A page of a list with objects of these names in namespace shop; "ns/name" is one of another. */
export function page(names: readonly string[], options: PageOptions = {}): JsonObject {
  const { next, resourceVersion = "7", kind = "VirtualService" } = options;
  const { apiVersion = "networking.istio.io/v1" } = options;
  return {
    kind: `${kind}List`,
    apiVersion,
    metadata: { resourceVersion, ...(next !== undefined && { continue: next }) },
    items: names.map((name) => ({ metadata: metadataOf(name) })),
  };
}

function metadataOf(text: string): JsonObject {
  const [first = "", second] = text.split("/");
  return second === undefined ? { name: first, namespace: "shop" } : { name: second, namespace: first };
}
