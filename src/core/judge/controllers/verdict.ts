import type { UnreadKind } from "../../model/finding.ts";
import type { GroupKind, Resource } from "../../model/resource.ts";

/** What the object of a controller says of a change that its controller may have made. */
export type ControllerVerdict =
  /** Live is as the controller's status says it should be now. */
  | {
      readonly type: "in-step";
      /** "Canary shop/reviews" */
      readonly controller: string;
      /** "50 % to canary (phase Progressing)" */
      readonly says: string;
      /** Whether a rollout is under way. Where it is not, the controller has left live so: Git is what is behind. */
      readonly inFlight: boolean;
    }
  /** The controller does not want what live has. */
  | {
      readonly type: "out-of-step";
      readonly controller: string;
      /** "20 % to canary (phase Progressing)" */
      readonly expected: string;
      /** One sentence for people. */
      readonly reason: string;
    }
  /** A controller wrote it, and nothing tells it to any more. */
  | { readonly type: "gone"; readonly reason: string }
  /** Nothing can be checked: the change is judged as without any controller. */
  | { readonly type: "unknown"; readonly reason: string };

/** What was read to explain findings (ports/live, WholeRead). */
export interface ControllerEvidence {
  readonly objects: readonly Resource[];
  readonly unread: readonly UnreadKind[];
  readonly isComplete: (kind: GroupKind, namespace?: string) => boolean;
}
