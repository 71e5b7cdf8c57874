import { didYouMean } from "../core/model/closest.ts";
import type { Config } from "../config/config.ts";
import { meshKinds } from "../core/mesh/kinds.ts";
import { formatKind } from "../core/model/resource.ts";
import { DriftError } from "../lib/errors.ts";

/** The findings about a kind that a cluster does not know are about its definition. */
const definition = "CustomResourceDefinition";

/**
 * Kinds that a snapshot is said to hold completely, and kinds that rules are about, have to be kinds of the mesh: a
 * misspelt one would have no effect. That is known here, because configuration knows no kinds. Throws CONFIG_INVALID
 * with a line for each.
 */
export function checkKinds(config: Config): void {
  const known = new Set(meshKinds.flatMap((kind) => [kind.kind, formatKind(kind)]));
  const details = [...inSnapshots(config), ...inRules(config)].flatMap(({ where, kinds }) =>
    kinds
      .filter((kind) => !known.has(kind))
      .map(
        (kind) => `${where}.kinds: ${JSON.stringify(kind)} is no kind of the mesh${didYouMean(kind, known)}`,
      ),
  );
  if (details.length === 0) return;
  const what = details.length === 1 ? "a kind that is" : `${String(details.length)} kinds that are`;
  throw new DriftError("CONFIG_INVALID", `${config.path} names ${what} not compared`, {
    hint: "Correct it, or leave it out: only kinds of the mesh are compared.",
    details,
  });
}

interface NamedKinds {
  /** "ignore[0]" */
  readonly where: string;
  readonly kinds: readonly string[];
}

function inSnapshots({ clusters }: Config): readonly NamedKinds[] {
  return [...clusters.values()].map(({ name, live }) => ({
    where: `clusters.${name}`,
    kinds: live.type === "snapshot" ? (live.kinds ?? []) : [],
  }));
}

function inRules({ judging: { ignore, risk, controllers } }: Config): readonly NamedKinds[] {
  const rules = [
    ...[...ignore, ...risk].map(({ id, kinds = [] }) => ({ where: id, kinds })),
    ...controllers.map(({ kinds }, index) => ({ where: `controllers[${String(index)}]`, kinds })),
  ];
  return rules.map(({ where, kinds }) => ({ where, kinds: kinds.filter((kind) => kind !== definition) }));
}
