/** A controller whose status says what live should be: one that is checked, not believed. */
export type CheckedController = "flagger" | "argo-rollouts";

/**
 * A controller that rewrites live objects by design, as config/controllers.yaml or `controllers` in drift.yaml has it. It
 * explains a change; its name alone excuses none.
 */
export interface ControllerRule {
  /** "flagger" */
  readonly name: string;
  /** The field managers it writes as; with * at the end for any ending. */
  readonly managers: readonly string[];
  /** Kinds that it rewrites: "VirtualService", "Gateway.networking.istio.io". */
  readonly kinds: readonly string[];
  /** Patterns of the paths it sets (path-pattern.ts). */
  readonly paths: readonly string[];
  /** What the live value is checked against. Absent: nothing can be checked, the rule only explains. */
  readonly check?: CheckedController;
  /** What it does there, in one sentence for people. */
  readonly reason: string;
  /** Where that is written down; rules of a configuration have none. */
  readonly source?: string;
}
