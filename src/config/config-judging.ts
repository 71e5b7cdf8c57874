import type { ControllerRule } from "../core/model/controller-rule.ts";
import type { ExemptionLimits } from "../core/model/exemption-entry.ts";
import type { IgnoreRule } from "../core/model/ignore-rule.ts";
import type { ManagerRule } from "../core/model/manager-rule.ts";
import type { MaintenanceWindow } from "../core/model/maintenance-window.ts";
import type { RiskRule } from "../core/model/risk-rule.ts";

/** What exemptions a repository may hold, and where. */
export interface ExemptionsConfig extends ExemptionLimits {
  /** From the root of the repository: ".drift/exemptions.yaml". */
  readonly file: string;
}

/** How findings are judged. The rules stand in the order of the file. */
export interface JudgingConfig {
  readonly breakGlass: {
    /** How long live may differ from Git before it is overdue. */
    readonly syncWithinMs: number;
    /** The key of the annotation that names a ticket: "mesh-drift/break-glass". */
    readonly annotation: string;
  };
  readonly ignore: readonly IgnoreRule[];
  readonly exemptions: ExemptionsConfig;
  readonly managers: readonly ManagerRule[];
  readonly controllers: readonly ControllerRule[];
  readonly risk: readonly RiskRule[];
  readonly maintenance: readonly MaintenanceWindow[];
  /** The absolute path of the file that keeps clocks. Absent: a place that the command chooses. */
  readonly stateFile?: string;
}
