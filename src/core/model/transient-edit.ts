import type { ResourceKey } from "./resource.ts";

/**
 * What was done to an object between two runs and undone again, so that neither saw it: its spec is what it was.
 * `edited`: its generation is two or more ahead; `recreated`: it was deleted and made again.
 */
export interface TransientEdit {
  readonly cluster: string;
  readonly key: ResourceKey;
  readonly type: "edited" | "recreated";
  /** For `edited`: how many changes the API server counted. */
  readonly changes?: number;
  /** The run before (ISO 8601); absent where its time is not known. */
  readonly after?: string;
}
