import type { UnreadKind } from "../../core/model/finding.ts";
import { formatKind, type GroupKind, type Resource } from "../../core/model/resource.ts";
import type { ApiFailure } from "./failure.ts";
import type { Listed } from "./list.ts";
import type { UnclearObject } from "./project.ts";

/** What was read of a cluster so far, and what was not. */
export class Coverage {
  readonly resources: Resource[] = [];
  readonly unclear: UnclearObject[] = [];
  readonly unread: UnreadKind[] = [];
  readonly unserved: GroupKind[] = [];
  /** By kind: the namespaces of which there is a whole list; "all" where there is one of the cluster. */
  readonly #listed = new Map<string, "all" | Set<string>>();

  /** Adds the list of a namespace, or of the whole cluster. */
  addList(kind: GroupKind, namespace: string | undefined, list: Listed): void {
    for (const resource of list.resources) this.resources.push(resource);
    for (const object of list.unclear) this.unclear.push(object);
    const id = formatKind(kind);
    if (namespace === undefined) {
      this.#listed.set(id, "all");
      return;
    }
    const known = this.#listed.get(id);
    if (known === undefined) this.#listed.set(id, new Set([namespace]));
    else if (known !== "all") known.add(namespace);
  }

  /** Adds why there is no list of a namespace, or of what no namespace's list covers. */
  addFailure(kind: GroupKind, namespace: string | undefined, { code, reason, hint }: ApiFailure): void {
    this.unread.push({ kind, ...(namespace !== undefined && { namespace }), code, reason, hint });
  }

  addUnserved(kind: GroupKind): void {
    this.unserved.push(kind);
  }

  isComplete(kind: GroupKind, namespace?: string): boolean {
    const known = this.#listed.get(formatKind(kind));
    return known === "all" || (namespace !== undefined && known?.has(namespace) === true);
  }
}
