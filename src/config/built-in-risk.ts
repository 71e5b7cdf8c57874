import { readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import * as z from "zod";
import type { RiskRule } from "../core/model/risk-rule.ts";
import { oneOf } from "./schema-words.ts";

/** The rules of config/risk.yaml. The file is ours and ships with the package: a slip in it is ours, too. */
const riskRule = z.strictObject({
  id: z.string().regex(/^[a-z][a-z-]+$/),
  tier: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]),
  kinds: z.array(z.string()).min(1).optional(),
  namespaces: z.array(z.string()).min(1).optional(),
  names: z.array(z.string()).min(1).optional(),
  paths: z.array(z.string()).min(1).optional(),
  types: z.array(oneOf(["changed", "missing", "extra", "conflict", "dangling"])).optional(),
  direction: oneOf(["weakens", "strengthens", "neutral"]).optional(),
  reason: z.string().min(1),
  source: z.string().min(1),
});

/**
 * The built-in rules about risk, in their order. `folder` is that of the package, an absolute path. Throws a plain error
 * where the installation is damaged.
 */
export async function readBuiltInRisk(folder: string): Promise<readonly RiskRule[]> {
  const file = path.join(folder, "config", "risk.yaml");
  const rows = z.array(riskRule).parse(parse(await readFile(file, "utf8")));
  return rows.map((row) => defined(row));
}

type Row = z.infer<typeof riskRule>;

/** The row without keys that have no value. */
function defined({ kinds, namespaces, names, paths, types, direction, ...rest }: Row): RiskRule {
  return {
    ...rest,
    ...(kinds && { kinds }),
    ...(namespaces && { namespaces }),
    ...(names && { names }),
    ...(paths && { paths }),
    ...(types && { types }),
    ...(direction && { direction }),
  };
}
