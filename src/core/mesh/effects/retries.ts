import type { EffectTable } from "../effect.ts";
import { added, any, falls, removed, rises, to } from "../effect-words.ts";
import { tryLimitRows } from "./route-words.ts";

/**
 * Sentences about what is tried again (HTTPRetry), for a route and for the whole mesh: a block without attempts has
 * none. Facts: istio.io/api networking/v1alpha3/virtual_service.proto; istio
 * pilot/pkg/networking/core/route/retry/retry.go:107-119.
 */

/** What changes of the parts of the block at a path do. */
export function retryRows(path: string): EffectTable {
  return {
    [`${path}.attempts`]: [
      to(0, "retries are now off"),
      removed("retries are now off"),
      added("retries are now on: up to {value}"),
      rises("failed requests are tried again more often: up to {value}, no longer {git}"),
      falls("failed requests are tried again less often: up to {value}, no longer {git}"),
    ],
    [`${path}.perTryTimeout`]: tryLimitRows,
    [`${path}.retryOn`]: [any("other failures are tried again")],
    [`${path}.backoff`]: [any("retries wait another time before they are made")],
  };
}
