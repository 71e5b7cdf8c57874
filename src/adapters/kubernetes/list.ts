import type { Json } from "../../core/model/json.ts";
import { keyId, type Resource, type ResourceKey } from "../../core/model/resource.ts";
import type { ReadApi } from "./api-reader.ts";
import { type ApiFailure, explainInvalid } from "./failure.ts";
import type { ReadOwners } from "../../core/manifest/owners.ts";
import { again, type Overtaken, type Page, readPage } from "./page.ts";
import { type Project, projectItem, type UnclearObject } from "./project.ts";
import { apiVersionOf, type ServedKind } from "./served-kind.ts";
import type { Deadline } from "./timing.ts";

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
  /** What is kept of an object; `projectItem` where it is absent. */
  readonly project?: Project;
  /** Objects that nobody compares are not kept. */
  readonly keep: (key: ResourceKey) => boolean;
  readonly deadline: Deadline;
  /** Waits before a list is begun again; `reading` counts from 1. */
  readonly pause: (reading: number) => Promise<void>;
  /** The moment of an earlier list of the kind: an older one is not taken. */
  readonly notBefore?: string | undefined;
  /** 500,000; for tests. */
  readonly maxObjects?: number;
}

const pageSize = 500;
/** The first reading and two more: one that is overtaken each time will be overtaken again. */
const maxReadings = 3;
/** A server that has nothing to say in so many pages in a row says nothing more. */
const maxEmptyPages = 10;
/** Far more than any cluster has of a kind, and as much as memory holds: a list need not come to an end by itself. */
const defaultMaxObjects = 500_000;
const maxListMiB = 512;

/**
 * Reads a whole list in pages: all objects of a kind, or those of one namespace. Pages of two moments are never joined;
 * a list that expires while it is read is begun again, and so is one whose pages do not fit together or that is older
 * than one that was read before. One that does not end within bounds is a failure.
 */
export async function listKind(
  kind: ServedKind,
  namespace: string | undefined,
  context: ListContext,
): Promise<Listed | ApiFailure> {
  let limit = pageSize;
  for (let reading = 1; ;) {
    const end = await new Reading(kind, namespace, limit, context).run();
    if (end.type === "listed") return end;
    if (end.type === "overtaken") {
      if (reading === maxReadings) return end.because;
      await context.pause(reading++);
      continue;
    }
    if (end.code !== "ANSWER_TOO_LARGE" || limit === 1) return end;
    limit = Math.max(1, Math.floor(limit / 10));
  }
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
  #bytes = 0;

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
      if (answer.type === "failed") return this.#explain(answer);
      this.#bytes += answer.bytes;
      const page = readPage(answer.value, this.#kind);
      if (page.type !== "page") return page;
      const fault = this.#addPage(page);
      if (fault !== undefined) return fault;
      if (page.next === "") return this.#listed();
      next = page.next;
    }
  }

  /** A server that is asked for nothing older and has nothing so new says so (apiserver, NewTooLargeResourceVersionError). */
  #explain(failure: ApiFailure): ApiFailure | Overtaken {
    if (failure.status === 410) return { type: "overtaken", because: failure };
    const isBehind = failure.status === 504 && failure.reason.includes("Too large resource version");
    return isBehind ? older().because : failure;
  }

  #path(next: string): string {
    const { group, version, resource } = this.#kind;
    const base = group === "" ? "/api" : `/apis/${encodeURIComponent(group)}`;
    const place = this.#namespace === undefined ? "" : `/namespaces/${encodeURIComponent(this.#namespace)}`;
    const query = new URLSearchParams({ limit: String(this.#limit) });
    const { notBefore } = this.#context;
    if (next !== "") query.set("continue", next);
    else if (notBefore !== undefined) {
      query.set("resourceVersion", notBefore);
      query.set("resourceVersionMatch", "NotOlderThan");
    }
    const names = `${encodeURIComponent(version)}${place}/${encodeURIComponent(resource)}`;
    return `${base}/${names}?${query.toString()}`;
  }

  /** Adds a page; what is wrong with it. */
  #addPage(page: Page): ApiFailure | Overtaken | undefined {
    const fault = this.#misfit(page) ?? this.#tooLong(page);
    if (fault !== undefined) return fault;
    this.#tokens.add(page.next);
    for (const item of page.items) {
      const wrong = this.#addItem(item);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  }

  /** Why a page cannot be one of the list that was begun. */
  #misfit({ resourceVersion, next, items }: Page): Overtaken | undefined {
    this.#resourceVersion ??= resourceVersion;
    if (resourceVersion !== this.#resourceVersion) return again("its pages are of different moments");
    if (isOlder(resourceVersion, this.#context.notBefore)) return older();
    if (next !== "" && this.#tokens.has(next)) return again("it comes back to a page before");
    this.#emptyPages = items.length === 0 ? this.#emptyPages + 1 : 0;
    return this.#emptyPages > maxEmptyPages
      ? again("page after page is empty, and it does not end")
      : undefined;
  }

  #tooLong({ items }: Page): ApiFailure | undefined {
    const { maxObjects = defaultMaxObjects } = this.#context;
    const isMany = this.#ids.size + items.length > maxObjects;
    if (!isMany && this.#bytes <= maxListMiB * 1024 ** 2) return undefined;
    const most = isMany ? `${maxObjects.toLocaleString("en")} objects` : `${String(maxListMiB)} MiB`;
    return {
      type: "failed",
      code: "LIST_TOO_LONG",
      reason: `the server's list does not end within ${most}`,
      hint: "Read some namespaces only: name them under `namespaces` of the cluster.",
    };
  }

  #addItem(item: Json): ApiFailure | Overtaken | undefined {
    const { project = projectItem, readOwners } = this.#context;
    const projected = project(item, this.#kind, apiVersionOf(this.#kind), readOwners);
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

function older(): Overtaken {
  return again("it is older than one that was read before", "LIST_STALE");
}

/**
 * Whether one moment is before another. Resource versions of one kind can be compared as numbers; what is no number of
 * 64 bits tells nothing. Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions
 */
export function isOlder(version: string, than: string | undefined): boolean {
  const number = /^\d{1,20}$/;
  if (than === undefined || !number.test(version) || !number.test(than)) return false;
  return BigInt(version) < BigInt(than);
}
