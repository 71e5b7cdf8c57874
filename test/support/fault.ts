import type { Json } from "../../src/core/model/json.ts";

/** What a fault is chosen by. Counted over the life of the proxy. */
export interface FaultRequest {
  /** From 0, over all requests. */
  readonly index: number;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** "" for core resources, and for what is about no resource. */
  readonly group: string;
  /** The plural ("virtualservices"); "" for discovery and whatever else is about no resource. */
  readonly resource: string;
  /** "" where all namespaces are asked for, or there are none. */
  readonly namespace: string;
  /** From 1. A page that is asked for again has its number again. */
  readonly page: number;
  /** Whether the request has a continue token. */
  readonly continued: boolean;
  /** From 1: how often the same path with the same query was asked for. */
  readonly attempt: number;
}

/**
 * What a client gets instead of the answer:
 *
 * - `answer`: these headers and this body and nothing of the server's: text goes out as HTML unless the headers say
 *   otherwise, everything else as JSON; without a body, the Status that Kubernetes has for the code;
 * - `expired`: the 410 of a continue token that is too old, with or without a token that goes on in the newest
 *   snapshot (made of the one in the request, as an API server does);
 * - `redirect`: to another address;
 * - `reset`: a TCP reset before any byte, or behind half of the body;
 * - `cut`: an orderly end of the connection behind half of the body, which content-length or the missing last chunk
 *   tells; with `gzip` the HTTP message is whole and only the gzip stream in it ends early;
 * - `hang`: nothing at all; `stall`: the headers, or half of the body as well, then nothing;
 * - `drip`: the true answer, `bytes` at a time every `intervalMs`;
 * - `edit`: the true answer with a changed JSON body; `stale`: with an older resourceVersion of the list;
 * - `replay`: the body that an earlier request (its index) was answered with, if the proxy records bodies;
 * - `repeat-token`: the true page, with the token that it was asked for by: it names itself as the next one;
 * - `empty-page`: a page without items and with a new token, each time;
 * - `huge`: a list of one object of about so many bytes.
 */
export type Fault =
  | {
      readonly type: "answer";
      readonly code: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: Json;
    }
  | { readonly type: "expired"; readonly freshToken: boolean }
  | { readonly type: "redirect"; readonly location: string; readonly code?: 301 | 302 | 307 | 308 }
  | { readonly type: "reset"; readonly after: "nothing" | "half" }
  | { readonly type: "cut"; readonly encoding: "length" | "chunked" | "gzip" }
  | { readonly type: "hang" }
  | { readonly type: "stall"; readonly after: "headers" | "half" }
  | { readonly type: "drip"; readonly bytes: number; readonly intervalMs: number }
  | { readonly type: "edit"; readonly edit: (body: Json) => Json }
  | { readonly type: "stale"; readonly resourceVersion: string }
  | { readonly type: "replay"; readonly index: number }
  | { readonly type: "repeat-token" }
  | { readonly type: "empty-page" }
  | { readonly type: "huge"; readonly bytes: number };

/** Chooses the fault of a request; undefined lets it pass. */
export type ChooseFault = (request: FaultRequest) => Fault | undefined;

/** Numbers requests as `FaultRequest` says. */
export class RequestCounter {
  #index = 0;
  readonly #attempts = new Map<string, number>();
  /** By path: the page that each continue token stands for. */
  readonly #pages = new Map<string, Map<string, number>>();

  /** Describes the next request; `url` is path and query. */
  next(method: string, url: string): FaultRequest {
    const { pathname: path, searchParams: query } = new URL(url, "https://127.0.0.1");
    const attempt = (this.#attempts.get(`${method} ${url}`) ?? 0) + 1;
    this.#attempts.set(`${method} ${url}`, attempt);
    const token = query.get("continue") ?? "";
    return {
      index: this.#index++,
      method,
      path,
      query,
      ...resourceOf(path),
      page: this.#pageOf(path, token),
      continued: token !== "",
      attempt,
    };
  }

  #pageOf(path: string, token: string): number {
    const pages = (token === "" ? undefined : this.#pages.get(path)) ?? new Map<string, number>();
    const page = pages.get(token) ?? pages.size + 1;
    this.#pages.set(path, pages.set(token, page));
    return page;
  }
}

/** /api/v1 and /apis/<group>/<version>, then [/namespaces/<namespace>]/<plural>[/<name>]. */
function resourceOf(path: string): Pick<FaultRequest, "group" | "resource" | "namespace"> {
  const names = path.split("/").slice(1);
  const isCore = names[0] === "api";
  if (!isCore && names[0] !== "apis") return { group: "", resource: "", namespace: "" };
  const group = isCore ? "" : (names[1] ?? "");
  const [first = "", namespace = "", plural] = names.slice(isCore ? 2 : 3);
  // /namespaces/<name> alone is a namespace itself.
  if (first !== "namespaces" || plural === undefined) return { group, resource: first, namespace: "" };
  return { group, resource: plural, namespace };
}
