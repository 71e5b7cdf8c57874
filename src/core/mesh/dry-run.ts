import type { GroupKind } from "../model/resource.ts";
import { isSameKind } from "../model/resource.ts";
import { rewrite } from "./shapes.ts";
import type { FieldRow } from "./table.ts";

/** The annotation that takes a policy out of force, and the kind that istiod reads it on. */
export const dryRunAnnotation = "istio.io/dry-run";
export const dryRunKind: GroupKind = { group: "security.istio.io", kind: "AuthorizationPolicy" };

/** What Go's strconv.ParseBool takes for true. */
const trueWords: ReadonlySet<unknown> = new Set(["1", "t", "T", "TRUE", "true", "True"]);

/** The spellings of the annotation: true, or not there. */
export const dryRun: FieldRow = rewrite(
  "authorization-policy/dry-run",
  "E2",
  (value) => (trueWords.has(value) ? "true" : undefined),
  {
    reason:
      "A policy is only logged where the annotation is a spelling of true; with anything else it is enforced.",
    source: "istio pilot/pkg/security/authz/builder/builder.go:152-162 (strconv.ParseBool)",
    when: (at) => at.name === dryRunAnnotation && isSameKind(at.object.key, dryRunKind),
  },
);
