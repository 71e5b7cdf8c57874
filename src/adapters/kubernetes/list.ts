import { field, isList, type Json, textField } from "../../core/model/json.ts";
import { keyId, type Resource, type ResourceKey } from "../../core/model/resource.ts";
import type { ReadApi } from "./api-reader.ts";
import type { ServedKind } from "./discovery.ts";
import { type ApiFailure, explainInvalid } from "./failure.ts";
import type { ReadOwners } from "./owners.ts";
import { projectItem, type UnclearObject } from "./project.ts";

/** A whole list, as it stood at one moment. */
export interface Listed {
  readonly type: "listed";
  readonly resources: readonly Resource[];
  readonly unclear: readonly UnclearObject[];
  /** Which moment: greater is later, as far as numbers can be compared. */
  readonly resourceVersion: string;
}

/** What a list is read with. */
export interface ListContext {
  readonly read: ReadApi;
  readonly readOwners: ReadOwners;
  /** Objects that nobody compares are not kept. */
  readonly keep: (key: ResourceKey) => boolean;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  /** The moment of an earlier list of the kind: an older one is not taken. */
  readonly notBefore?: string | undefined;
}

const pageSize = 500;
/** The first reading and two more: one that is overtaken each time will be overtaken again. */
const maxReadings = 3;
/** A server that has nothing to say in so many pages in a row says nothing more. */
const maxEmptyPages = 10;

/**
 * Reads a whole list in pages: all objects of a kind, or those of one namespace. Pages of two moments are never joined;
 * a list that expires while it is read is begun again, and so is one whose pages do not fit together or that is older
 * than one that was read before.
 */
export async function listKind(
  kind: ServedKind,
  namespace: string | undefined,
  context: ListContext,
): Promise<Listed | ApiFailure> {
  let limit = pageSize;
  let last: ApiFailure = explainInvalid("no list was read");
  for (let reading = 1; reading <= maxReadings;) {
    const end = await new Reading(kind, namespace, limit, context).run();
    if (end.type === "listed") return end;
    if (end.type === "failed" && end.code === "ANSWER_TOO_LARGE" && limit > 1) {
      limit = Math.max(1, Math.floor(limit / 10));
      continue;
    }
    if (end.type === "failed") return end;
    last = end.because;
    reading++;
  }
  return last;
}

/** A reading that has to be begun again. */
interface Overtaken {
  readonly type: "overtaken";
  readonly because: ApiFailure;
}

/** One page as it came. */
interface Page {
  readonly items: readonly Json[];
  readonly next: string;
  readonly resourceVersion: string;
}

/** One attempt to read a list from its first page to its last. */
class Reading {
  readonly #kind: ServedKind;
  readonly #namespace: string | undefined;
  readonly #limit: number;
  readonly #context: ListContext;
  readonly #resources: Resource[] = [];
  readonly #unclear: UnclearObject[] = [];
  readonly #ids = new Set<string>();
  readonly #tokens = new Set<string>();
  #resourceVersion: string | undefined;
  #emptyPages = 0;

  constructor(kind: ServedKind, namespace: string | undefined, limit: number, context: ListContext) {
    this.#kind = kind;
    this.#namespace = namespace;
    this.#limit = limit;
    this.#context = context;
  }

  async run(): Promise<Listed | ApiFailure | Overtaken> {
    for (let next = ""; ;) {
      const path = this.#path(next);
      const answer = await this.#context.read({ path, accept: "application/json" }, this.#context.deadline);
      if (answer.type === "failed") {
        const isExpired = answer.status === 410;
        return isExpired ? { type: "overtaken", because: answer } : answer;
      }
      const page = readPage(answer.value, this.#kind);
      if (page === undefined) return explainInvalid(`the server's answer is no list of ${this.#kind.kind}`);
      const fault = this.#addPage(page);
      if (fault !== undefined) return fault;
      if (page.next === "") return this.#listed();
      next = page.next;
    }
  }

  #path(next: string): string {
    const { group, version, resource } = this.#kind;
    const base = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
    const place = this.#namespace === undefined ? "" : `/namespaces/${encodeURIComponent(this.#namespace)}`;
    const query = new URLSearchParams({ limit: String(this.#limit) });
    const { notBefore } = this.#context;
    if (next !== "") query.set("continue", next);
    else if (notBefore !== undefined) {
      query.set("resourceVersion", notBefore);
      query.set("resourceVersionMatch", "NotOlderThan");
    }
    return `${base}${place}/${resource}?${query.toString()}`;
  }

  /** Adds a page; what is wrong with it. */
  #addPage(page: Page): ApiFailure | Overtaken | undefined {
    this.#resourceVersion ??= page.resourceVersion;
    if (page.resourceVersion !== this.#resourceVersion) return again("its pages are of different moments");
    if (isOlder(page.resourceVersion, this.#context.notBefore)) {
      return again("it is older than one that was read before", "LIST_STALE");
    }
    if (page.next !== "" && this.#tokens.has(page.next)) return again("it comes back to a page before");
    this.#tokens.add(page.next);
    this.#emptyPages = page.items.length === 0 ? this.#emptyPages + 1 : 0;
    if (this.#emptyPages > maxEmptyPages) return again("page after page is empty, and it does not end");
    for (const item of page.items) {
      const fault = this.#addItem(item);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  #addItem(item: Json): ApiFailure | Overtaken | undefined {
    const projected = projectItem(item, this.#kind, this.#kind.version, this.#context.readOwners);
    if (projected.type === "invalid") {
      return explainInvalid(`the server's list of ${this.#kind.kind} holds something else`);
    }
    const { key } = projected.type === "resource" ? projected.resource : projected.unchecked;
    const isElsewhere = this.#namespace !== undefined && key.namespace !== this.#namespace;
    if (isElsewhere || this.#kind.isNamespaced !== (key.namespace !== "")) {
      return explainInvalid(`the server's list of ${this.#kind.kind} holds an object of another place`);
    }
    const id = keyId(key);
    if (this.#ids.has(id)) return again("an object stands in it twice");
    this.#ids.add(id);
    if (!this.#context.keep(key)) return undefined;
    if (projected.type === "resource") this.#resources.push(projected.resource);
    else this.#unclear.push(projected.unchecked);
    return undefined;
  }

  #listed(): Listed {
    return {
      type: "listed",
      resources: this.#resources,
      unclear: this.#unclear,
      resourceVersion: this.#resourceVersion ?? "",
    };
  }
}

function readPage(answer: Json, { kind }: ServedKind): Page | undefined {
  const items = field(answer, "items");
  const metadata = field(answer, "metadata");
  const resourceVersion = textField(metadata, "resourceVersion");
  if (textField(answer, "kind") !== `${kind}List` || !isList(items) || resourceVersion === "")
    return undefined;
  return { items, next: textField(metadata, "continue"), resourceVersion };
}

function again(what: string, code = "LIST_INCONSISTENT"): Overtaken {
  const because: ApiFailure = {
    type: "failed",
    code,
    reason: `the server's list cannot be used: ${what}`,
    hint: "Scan again; if it stays, look at the API servers behind the address: one of them may be behind.",
  };
  return { type: "overtaken", because };
}

/**
 * Whether one moment is before another. Resource versions of one kind can be compared as numbers; what is no number
 * tells nothing. Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions
 */
export function isOlder(version: string, than: string | undefined): boolean {
  if (than === undefined || !/^\d+$/.test(version) || !/^\d+$/.test(than)) return false;
  return BigInt(version) < BigInt(than);
}
