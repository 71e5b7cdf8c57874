import type { Finding } from "./finding.ts";
import type { ResourceKey } from "./resource.ts";

/** A difference that is not told as drift because somebody said so, and who. It is counted, and can be listed. */
export interface Hidden {
  readonly key: ResourceKey;
  /** Of the finding that it was, or was part of. */
  readonly type: Finding["type"];
  /** Of the change. Absent: the whole object. */
  readonly path?: string;
  readonly by: "ignore" | "exemption";
  /** Where it is said: "ignore[0]" of drift.yaml, ".drift/exemptions.yaml:12". */
  readonly rule: string;
  /** As the rule or the exemption has it. */
  readonly reason: string;
  /** When an exemption ends (ISO 8601). */
  readonly until?: string;
}
