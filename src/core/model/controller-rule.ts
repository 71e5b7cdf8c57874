/**
 * What a controller may set of live objects, as the built-in list or `controllers` in drift.yaml has it. A manager's
 * name is a claim: it never makes a rule fit by itself.
 */
export interface ControllerRule {
  /** "Flagger" */
  readonly name: string;
  /** The field managers it writes as; with * at the end for any ending. */
  readonly managers: readonly string[];
  /** "VirtualService", "Gateway.networking.istio.io" */
  readonly kinds: readonly string[];
  /** Patterns of the paths it sets (path-pattern.ts). */
  readonly paths: readonly string[];
  /** How a live value is checked against what the controller wants now. Absent: it is not, and stays drift. */
  readonly check?: "flagger" | "argo-rollouts";
  /** Why, in one sentence for people. */
  readonly reason: string;
  /** Where that is written down; rules of a configuration have none. */
  readonly source?: string;
}
