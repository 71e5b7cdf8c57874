import type { Finding } from "./finding.ts";
import type { Summary } from "./scan-result.ts";

/** How many findings of each type, without those that are exempt, and how many of them are overdue. */
export function countFindings(
  findings: readonly Finding[],
): Omit<Summary, "ignored" | "unchecked" | "notes" | "inSync"> {
  const counts = { changed: 0, missing: 0, extra: 0, conflict: 0, dangling: 0, ineffective: 0 };
  let [overdue, exempt] = [0, 0];
  for (const { type, standing } of findings) {
    if (standing?.state === "exempt") exempt++;
    else {
      counts[type]++;
      if (standing?.isOverdue === true) overdue++;
    }
  }
  return { ...counts, overdue, exempt };
}
