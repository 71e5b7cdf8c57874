import { didYouMean } from "../core/model/closest.ts";
import type { Config } from "../config/config.ts";
import { meshKinds } from "../core/mesh/kinds.ts";
import { formatKind } from "../core/model/resource.ts";
import { DriftError } from "../lib/errors.ts";

/**
 * Kinds that a snapshot is said to hold completely have to be kinds of the mesh: a misspelt one would have no effect.
 * That is known here, because configuration knows no kinds. Throws CONFIG_INVALID with a line for each.
 */
export function checkKinds(config: Config): void {
  const known = new Set(meshKinds.flatMap((kind) => [kind.kind, formatKind(kind)]));
  const details = [...config.clusters.values()].flatMap(({ name, live }) =>
    (live.type === "snapshot" ? (live.kinds ?? []) : [])
      .filter((kind) => !known.has(kind))
      .map(
        (kind) =>
          `clusters.${name}.kinds: ${JSON.stringify(kind)} is no kind of the mesh${didYouMean(kind, known)}`,
      ),
  );
  if (details.length === 0) return;
  const what = details.length === 1 ? "a kind that is" : `${String(details.length)} kinds that are`;
  throw new DriftError("CONFIG_INVALID", `${config.path} names ${what} not compared`, {
    hint: "Correct it, or leave it out: only kinds of the mesh are read from a snapshot.",
    details,
  });
}
