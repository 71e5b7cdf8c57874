/** What sort of writer a field manager is: somebody at a keyboard, a deployer, a controller, or nobody knows. */
export type WriterClass = "person" | "gitops" | "controller" | "unknown";

/** A user as the API server's audit log names it. */
export interface AuditUser {
  readonly name: string;
  readonly groups: readonly string[];
  /** Who acted in the name of the user (`--as`). */
  readonly impersonatedBy?: string;
  /** "update", "patch", "create", "delete", "deletecollection" */
  readonly verb: string;
  /** When the request came (ISO 8601). */
  readonly time: string;
  /** Whether the log shows that the request wrote this field, or only that it wrote the object at that time. */
  readonly precision: "field" | "object";
}

/**
 * Who wrote a place of a live object last, as its managedFields have it: a claim, because whoever may write the object
 * may write these, too. It explains, and never excuses.
 */
export interface Attribution {
  /** "kubectl-edit"; "" where nobody is named. */
  readonly manager: string;
  readonly class: WriterClass;
  /** "Apply", "Update"; absent where nobody is named. */
  readonly operation?: string;
  readonly subresource?: string;
  /** When the manager claims to have written (ISO 8601). */
  readonly time?: string;
  /** What it wrote, as a path: the field itself, or what the API server tracks as one around it ("spec.http"); "" is the object. */
  readonly wrote: string;
  /** `field`: this very field; `around`: something around it; `object`: only that it wrote the object last. */
  readonly precision: "field" | "around" | "object";
  /** What makes it doubtful, in words for people: "it claims a time in the future", "the object has no managedFields". */
  readonly doubts?: readonly string[];
  /** The person, where an audit log tells. */
  readonly user?: AuditUser;
}
