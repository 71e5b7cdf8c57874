import { formatFew, formatKind, type GroupKind } from "../../core/model/resource.ts";
import type { Coverage } from "./coverage.ts";
import type { discover, Discovery } from "./discovery.ts";
import type { ApiFailure } from "./failure.ts";
import { isOlder, type ListContext, type Listed, listKind } from "./list.ts";
import type { ServedKind } from "./served-kind.ts";
import type { Deadline } from "./timing.ts";

/** What the kinds of one cluster are read with. */
export interface KindReaderOptions extends Omit<ListContext, "deadline" | "notBefore"> {
  /** For one list: its time begins with its first request. */
  readonly deadline: () => Deadline;
  readonly discovery: Discovery;
  readonly discoverAgain: () => ReturnType<typeof discover>;
  /** Only these namespaces. */
  readonly only: readonly string[] | undefined;
  /** The namespaces in which the targets want objects of a kind or look after it. */
  readonly namespacesOf: (kind: GroupKind) => Promise<readonly string[]>;
  /** The moment of the last list of each kind, kept between reads. */
  readonly moments: Map<string, string>;
  readonly coverage: Coverage;
}

/**
 * Kinds of which everybody has objects, and we need few: they are listed only where the targets want them. Listing all
 * ConfigMaps of a cluster would bring what is none of our business.
 */
const scattered = new Set(["ConfigMap"]);

/** Why there is nothing of the namespaces that the configuration, or the run, leaves out. */
function notAsked(only: readonly string[]): ApiFailure {
  return {
    type: "failed",
    code: "NAMESPACE_NOT_READ",
    reason: `only ${formatFew(only)} ${only.length === 1 ? "is" : "are"} read`,
    hint: "Add the namespace to `namespaces` of the cluster, or leave that out.",
  };
}

/** Reads kind after kind of one cluster into its coverage. */
export class KindReader {
  readonly #options: KindReaderOptions;
  #again: ReturnType<typeof discover> | undefined;

  constructor(options: KindReaderOptions) {
    this.#options = options;
  }

  /** Reads all of a kind that is to be had. What cannot be read is noted, never thrown. */
  async read(kind: GroupKind): Promise<void> {
    const { discovery, coverage } = this.#options;
    const found = discovery(kind);
    if (found.type === "unserved") coverage.addUnserved(kind);
    else if (found.type === "failed") coverage.addFailure(kind, undefined, found);
    else await this.#readServed(found.served);
  }

  async #readServed(served: ServedKind): Promise<void> {
    const { only, namespacesOf } = this.#options;
    if (served.isNamespaced && scattered.has(served.kind)) {
      await this.#readNamespaces(served, await namespacesOf(served));
    } else if (served.isNamespaced && only !== undefined) {
      await this.#readNamespaces(served, only, notAsked(only));
    } else {
      await this.#readCluster(served);
    }
  }

  async #readCluster(served: ServedKind): Promise<void> {
    const { coverage, namespacesOf } = this.#options;
    const end = await this.#list(served, undefined);
    if (end === "unserved") coverage.addUnserved(served);
    else if (end.type === "listed") coverage.addList(served, undefined, end);
    else if (end.status === 403 && served.isNamespaced) {
      await this.#readNamespaces(served, await namespacesOf(served), end);
    } else coverage.addFailure(served, undefined, end);
  }

  /** Lists namespaces one by one; `others` is why there is no list of all others. */
  async #readNamespaces(served: ServedKind, named: readonly string[], others?: ApiFailure): Promise<void> {
    const { coverage } = this.#options;
    const namespaces = [...new Set(named)];
    const ends = await Promise.all(namespaces.map((namespace) => this.#list(served, namespace)));
    if (ends.includes("unserved")) {
      coverage.addUnserved(served);
      return;
    }
    if (others !== undefined) coverage.addFailure(served, undefined, others);
    for (const [index, end] of ends.entries()) {
      if (end === "unserved") continue;
      if (end.type === "listed") coverage.addList(served, namespaces[index], end);
      else coverage.addFailure(served, namespaces[index], end);
    }
  }

  /** Lists a kind where discovery found it; a kind that is gone from there is looked for once more. */
  async #list(served: ServedKind, namespace: string | undefined): Promise<Listed | ApiFailure | "unserved"> {
    const first = await this.#listOnce(served, namespace);
    if (first.type === "listed" || first.status !== 404) return first;
    const again = await (this.#again ??= this.#options.discoverAgain());
    if (again.type === "failed") return first;
    const found = again.discovery(served);
    if (found.type === "unserved") return "unserved";
    if (found.type === "failed") return first;
    return await this.#listOnce(found.served, namespace);
  }

  async #listOnce(served: ServedKind, namespace: string | undefined): Promise<Listed | ApiFailure> {
    const { deadline, moments } = this.#options;
    const id = `${formatKind(served)}/${namespace ?? ""}`;
    const notBefore = moments.get(id);
    const end = await listKind(served, namespace, { ...this.#options, deadline: deadline(), notBefore });
    if (end.type === "listed" && (notBefore === undefined || isOlder(notBefore, end.resourceVersion))) {
      moments.set(id, end.resourceVersion);
    }
    // Said once: a server that was set back to an earlier state stays behind for ever.
    if (end.type === "failed" && end.code === "LIST_STALE") moments.delete(id);
    return end;
  }
}
