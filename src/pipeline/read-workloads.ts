import type { Workloads } from "../core/judge/judge-cluster.ts";
import { mayLoseWorkloads } from "../core/judge/references/selectors.ts";
import { kinds } from "../core/judge/references/world.ts";
import { isSameKind } from "../core/model/resource.ts";
import type { LivePort } from "../ports/live.ts";
import type { ScannedTarget } from "./scanned.ts";

/**
 * The Pods of a cluster, where drift may have left a selector without one; undefined where it cannot have. They only
 * explain: where they may not be read, nothing is said of selectors.
 */
export async function readWorkloads(
  scanned: readonly ScannedTarget[],
  port: LivePort,
  now: Date,
): Promise<Workloads | undefined> {
  const findings = scanned.flatMap(({ judgement }) => judgement.findings);
  if (!findings.some(mayLoseWorkloads)) return undefined;
  const places = new Set(scanned.flatMap(({ judgement }) => judgement.namespaces));
  const namespaces = [...places].filter((name) => name !== "");
  const { objects, isComplete } = await port.readWhole({ kinds: [kinds.pod], namespaces, now });
  return { pods: objects.filter(({ key }) => isSameKind(key, kinds.pod)), isComplete };
}
