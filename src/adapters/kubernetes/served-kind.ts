import type { GroupKind } from "../../core/model/resource.ts";

/** Where a kind is read: one version of it, the one that the server prefers. */
export interface ServedKind extends GroupKind {
  readonly version: string;
  /** "virtualservices" */
  readonly resource: string;
  readonly isNamespaced: boolean;
}

/** What group and version are called together, as objects and lists name them: "networking.istio.io/v1", "v1". */
export function apiVersionOf({ group, version }: Pick<ServedKind, "group" | "version">): string {
  return group === "" ? version : `${group}/${version}`;
}
