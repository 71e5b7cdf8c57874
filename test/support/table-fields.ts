import { type Json, objectOf } from "../../src/core/model/json.ts";

/** The smallest value that holds `value` at the end of `path`; undefined leaves the last field out. */
export function wrap(path: readonly string[], value: Json | undefined): Json {
  return path.reduceRight<Json | undefined>((inner, name) => {
    if (name === "[]") return inner === undefined ? [] : [inner];
    if (name === "{}") return inner === undefined ? {} : { "x-key": inner };
    return inner === undefined ? {} : objectOf([[name, inner]]);
  }, value) as Json; // A path has at least one name, so something is built.
}

/** `over` laid over `base`, field by field; lists item by item. */
export function merge(base: Json, over: Json): Json {
  if (Array.isArray(base) && Array.isArray(over)) {
    const [longer, shorter] = base.length > over.length ? [base, over] : [over, base];
    return (longer as readonly Json[])
      .map((_, i) => {
        const [mine, theirs] = [base[i] as Json | undefined, over[i] as Json | undefined];
        if (mine === undefined) return theirs ?? null;
        return theirs === undefined ? mine : merge(mine, theirs);
      })
      .concat(shorter.slice(longer.length) as Json[]);
  }
  if (!isMapping(base) || !isMapping(over)) return over;
  const names = new Set([...Object.keys(base), ...Object.keys(over)]);
  return objectOf(
    [...names].map((name) => {
      const [mine, theirs] = [base[name], over[name]];
      if (mine === undefined) return [name, theirs ?? null] as const;
      return [name, theirs === undefined ? mine : merge(mine, theirs)] as const;
    }),
  );
}

function isMapping(value: Json): value is Readonly<Record<string, Json>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
