import type { ResourceKey } from "./resource.ts";

/** A difference that was there in earlier runs and is no more. Told once. */
export interface Resolved {
  readonly cluster: string;
  readonly key: ResourceKey;
  readonly path: string;
  /** ISO 8601 */
  readonly since: string;
  readonly lastedMs: number;
}
