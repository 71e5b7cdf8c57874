import type { Finding } from "./finding.ts";
import type { Summary } from "./scan-result.ts";

/** How many findings of each type. */
export function countFindings(
  findings: readonly Finding[],
): Pick<Summary, "changed" | "missing" | "extra" | "conflict" | "dangling" | "ineffective"> {
  const counts = { changed: 0, missing: 0, extra: 0, conflict: 0, dangling: 0, ineffective: 0 };
  for (const { type } of findings) counts[type]++;
  return counts;
}
