import type { JudgingConfig } from "../../src/config/config-judging.ts";

/** How findings are judged where the configuration does not say. */
export const plainJudging: JudgingConfig = {
  breakGlass: { syncWithinMs: 86_400_000, annotation: "mesh-drift/break-glass" },
  ignore: [],
  exemptions: { file: ".drift/exemptions.yaml", maxLengthMs: 30 * 86_400_000, tier0: false },
  managers: [],
  controllers: [],
  risk: [],
  maintenance: [],
};
