import { listRules, rulesOfKinds } from "../core/mesh/rules.ts";
import { meshKinds } from "../core/mesh/kinds.ts";
import { didYouMean } from "../core/model/closest.ts";
import { formatKind } from "../core/model/resource.ts";
import type { RuleBook } from "../core/model/rule.ts";
import { DriftError } from "../lib/errors.ts";

/**
 * The rules of every kind, or of `what`: "VirtualService", "gateway.spec.servers", "Gateway.gateway.networking.k8s.io".
 * A path takes the rules at it, below it and around it. Throws USAGE where there is no such kind, or no rule there.
 */
export function findRules(what?: string): RuleBook {
  const book = listRules();
  if (what === undefined) return book;
  const { kinds, path } = parseWhat(what);
  const found = rulesOfKinds(book, kinds);
  const rules = found.rules.filter(({ paths }) => paths.some((one) => concerns(plainPath(one), path)));
  if (rules.length > 0 || (path === "" && found.asWritten.length > 0)) return { ...found, rules };
  const names = kinds.map(formatKind).join(" and ");
  throw new DriftError("USAGE", `--explain ${JSON.stringify(what)}: no rule of ${names} is about ${path}`, {
    hint: `All rules of the kind: --explain ${kinds[0]?.kind ?? ""}`,
  });
}

/** A kind, with its group or without, and the rest as a path. */
function parseWhat(what: string): { readonly kinds: typeof meshKinds; readonly path: string } {
  const [name = "", ...rest] = what.split(".");
  const named = meshKinds.filter(({ kind }) => kind.toLowerCase() === name.toLowerCase());
  if (named.length === 0) {
    const known = meshKinds.map(({ kind }) => kind);
    throw new DriftError(
      "USAGE",
      `--explain ${JSON.stringify(what)}: there is no kind ${JSON.stringify(name)}${didYouMean(name, known)}`,
      { hint: `The kinds are ${[...new Set(known)].join(", ")}.` },
    );
  }
  const path = rest.join(".");
  const ofGroup = named.filter(({ group }) => group !== "" && `${path}.`.startsWith(`${group}.`));
  const [group] = ofGroup;
  if (group === undefined) return { kinds: named, path: plainPath(path) };
  return { kinds: ofGroup, path: plainPath(path.slice(group.group.length + 1)) };
}

/** Without what stands for the items of lists. */
function plainPath(path: string): string {
  return path.replaceAll(/\[[^\]]*\]/g, "");
}

function concerns(rule: string, asked: string): boolean {
  return asked === "" || rule === asked || rule.startsWith(`${asked}.`) || asked.startsWith(`${rule}.`);
}
