/** 0 mesh-wide or weakening security · 1 security, EnvoyFilter, exposure at gateways · 2 routing and resilience · 3 telemetry and names. */
export type Tier = 0 | 1 | 2 | 3;

/** How bad a change may be, and the rule that says so. */
export interface Risk {
  readonly tier: Tier;
  /** The id of the rule: "weakens-security". */
  readonly rule: string;
  /** One sentence for people. */
  readonly reason: string;
}
