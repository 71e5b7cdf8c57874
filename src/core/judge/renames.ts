import { interpret } from "../mesh/interpret.ts";
import { meshKindOf } from "../mesh/kinds.ts";
import type { Facts } from "../mesh/table.ts";
import type { EqualitySetting, Finding } from "../model/finding.ts";
import { field, isObject } from "../model/json.ts";
import { formatKind, keyId, type Resource, type ResourceKey } from "../model/resource.ts";

/** Where the objects of one-sided findings are looked up, and how they are read. */
export interface RenameInput {
  /** By keyId. */
  readonly desired: ReadonlyMap<string, Resource>;
  readonly live: ReadonlyMap<string, Resource>;
  readonly facts: Facts;
  readonly equality: EqualitySetting;
}

/**
 * The same findings; where one object is missing and another of its kind and namespace is extra that means the same but
 * for the name, each names the other: somebody renamed it, and it is as old as the older of the two. Where more than
 * one would do on either side, nobody can tell, and none is named.
 */
export function withRenames(findings: readonly Finding[], input: RenameInput): readonly Finding[] {
  const missing = byMeaning(findings, "missing", input);
  const extra = byMeaning(findings, "extra", input);
  const partner = new Map<string, ResourceKey>();
  for (const [meaning, [gone, ...moreGone]] of missing) {
    const [came, ...moreCame] = extra.get(meaning) ?? [];
    if (gone === undefined || came === undefined || moreGone.length + moreCame.length > 0) continue;
    partner.set(keyId(gone), came);
    partner.set(keyId(came), gone);
  }
  return findings.map((finding) => {
    const renamed = isOneSided(finding) ? partner.get(keyId(finding.key)) : undefined;
    return renamed === undefined ? finding : { ...finding, renamed };
  });
}

function isOneSided({ type }: Finding): boolean {
  return type === "missing" || type === "extra";
}

function byMeaning(
  findings: readonly Finding[],
  type: "missing" | "extra",
  input: RenameInput,
): ReadonlyMap<string, readonly ResourceKey[]> {
  const found = new Map<string, ResourceKey[]>();
  const side = type === "missing" ? input.desired : input.live;
  for (const { key } of findings.filter((finding) => finding.type === type)) {
    const resource = side.get(keyId(key));
    const meaning = resource === undefined ? undefined : meaningOf(resource, input);
    if (meaning === undefined) continue;
    const others = found.get(meaning);
    if (others === undefined) found.set(meaning, [key]);
    else others.push(key);
  }
  return found;
}

/** What an object of its kind and namespace means, whatever its name; undefined where that cannot be told. */
function meaningOf(resource: Resource, { facts, equality }: RenameInput): string | undefined {
  const table = meshKindOf(resource.key)?.table;
  const spec = field(resource.object, "spec");
  // What says nothing is like everything else that says nothing.
  const isEmpty = spec === undefined || (isObject(spec) && Object.keys(spec).length === 0);
  if (table === undefined || resource.unresolved !== undefined || isEmpty) return undefined;
  const { text } = interpret(table, resource, facts, equality);
  return JSON.stringify([formatKind(resource.key), resource.key.namespace, text]);
}
