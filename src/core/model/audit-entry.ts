import type { ResourceKey } from "./resource.ts";

/** What a request did to an object that it wrote or deleted. */
export type AuditVerb = "create" | "update" | "patch" | "delete" | "deletecollection";

/** A request that the API server's audit log has, and that succeeded. It holds no value of any field. */
export interface AuditEntry {
  /** For `deletecollection` without a name: all objects of the kind in the namespace ("": in all), or some by labels. */
  readonly key: ResourceKey;
  readonly verb: AuditVerb;
  /** Who it was for: the impersonated user where there is one. */
  readonly user: string;
  readonly groups: readonly string[];
  /** Who impersonated the user. */
  readonly impersonatedBy?: string;
  /** When the request came (ISO 8601). */
  readonly time: string;
  readonly userAgent: string;
  /** The field manager that the API server noted for it; "" where the log does not tell. */
  readonly manager: string;
  /** The fields that a patch speaks of (RFC 6901). Absent where the log does not tell, or the request is no patch. */
  readonly paths?: readonly string[];
}
