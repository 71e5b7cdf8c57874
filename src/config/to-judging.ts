import path from "node:path";
import type { JudgingConfig } from "./config-judging.ts";
import { present } from "./present.ts";
import type { ParsedConfig } from "./schema.ts";

const dayMs = 86_400_000;

/** How findings are judged, with the defaults; `folder` is that of the file. */
export function toJudging(parsed: ParsedConfig, folder: string): JudgingConfig {
  const { syncWithin = dayMs, annotation = "mesh-drift/break-glass" } = parsed.breakGlass ?? {};
  const { file = ".drift/exemptions.yaml", maxLength = 30 * dayMs, tier0 = false } = parsed.exemptions ?? {};
  return {
    breakGlass: { syncWithinMs: syncWithin, annotation },
    exemptions: { file, maxLengthMs: maxLength, tier0 },
    ...toRules(parsed),
    ...(parsed.state && { stateFile: path.resolve(folder, parsed.state.file) }),
  };
}

function toRules({
  ignore = [],
  managers = [],
  controllers = [],
  risk = [],
  maintenance = [],
}: ParsedConfig): Pick<JudgingConfig, "ignore" | "managers" | "controllers" | "risk" | "maintenance"> {
  return {
    ignore: ignore.map(({ reason, ...rule }, index) => ({
      ...present(rule),
      id: `ignore[${String(index)}]`,
      reason,
    })),
    managers: managers.map(({ operation, ...rule }) => ({ ...rule, ...present({ operation }) })),
    controllers: controllers.map(({ check, ...rule }) => ({ ...rule, ...present({ check }) })),
    risk: risk.map(({ tier, reason, ...rule }, index) => ({
      ...present(rule),
      id: `risk[${String(index)}]`,
      tier,
      reason,
    })),
    maintenance: maintenance.map(({ targets, reason, ...window }) => ({
      ...window,
      ...present({ targets, reason }),
    })),
  };
}
