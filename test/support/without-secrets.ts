import type { Located } from "../../src/core/compare/compare.ts";
import { isList, isObject, type Json, objectOf } from "../../src/core/model/json.ts";

/** What is left to be shown of a side of a change. */
export function withoutSecrets({ value, secret = [] }: Located): Json {
  return secret.reduce<Json>((left, pointer) => {
    const path = pointer
      .split("/")
      .slice(1)
      .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
    return blank(left, path);
  }, value);
}

function blank(value: Json, path: readonly string[]): Json {
  const [first, ...rest] = path;
  if (first === undefined) return "***";
  if (isList(value)) return value.map((item, i) => (String(i) === first ? blank(item, rest) : item));
  if (!isObject(value)) return value;
  return objectOf(
    Object.entries(value).map(([name, item]) => [name, name === first ? blank(item, rest) : item] as const),
  );
}
