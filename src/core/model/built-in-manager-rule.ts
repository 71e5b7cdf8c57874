import type { ManagerRule } from "./manager-rule.ts";

/** A row of config/managers.yaml. */
export interface BuiltInManagerRule extends ManagerRule {
  /** Only on objects that carry a mark of Argo CD or Flux. */
  readonly onlyDelivered?: boolean;
}
