import type { AuditEntry } from "../core/model/audit-entry.ts";
import type { ResourceKey } from "../core/model/resource.ts";

/** What an audit log has of some objects. */
export interface AuditRead {
  /** In the order of the log. */
  readonly entries: readonly AuditEntry[];
  /** What could not be read of it, one sentence each: then somebody may be missing. */
  readonly warnings: readonly string[];
}

/** Where requests to an API server are recorded. It explains changes; nothing depends on it. */
export interface AuditPort {
  /** Reads who wrote or deleted these objects. Never throws for what is wrong with the log. */
  readonly read: (wanted: readonly ResourceKey[]) => Promise<AuditRead>;
}
