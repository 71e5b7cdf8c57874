import { field, textField } from "../../model/json.ts";
import type { Resource } from "../../model/resource.ts";
import { fullHost } from "../hosts.ts";
import { meshDefault } from "../mesh-config.ts";
import { speaksRedis } from "../services.ts";
import { specOf } from "../sites.ts";
import type { Answer, Site } from "../table.ts";

/** What rules of the DestinationRule ask of their surroundings. */

/**
 * Whether a block stands in the policy of the DestinationRule itself. In a subset or at a port a block that is there
 * replaces the one above it as a whole, so there an empty block is information
 * (istio pilot/pkg/networking/core/destination_rule.go:174-202, util/util.go:886-890).
 */
export function isTopPolicy(at: Site): boolean {
  return at.up?.name === "trafficPolicy" && at.up.up?.name === "spec";
}

/** Whether the block stands at the top and its host has no Redis port, which istiod may balance otherwise. */
export function isPlainTopPolicy(at: Site): boolean {
  return isTopPolicy(at) && !speaksRedis(at, textField(specOf(at), "host"));
}

/** Since 1.31 MeshConfig may give a default policy, and then an empty block at the top replaces it. */
export function hasNoMeshPolicy(at: Site): Answer {
  return isBefore131(at) ? true : meshDefault(at, "defaultTrafficPolicy");
}

function isBefore131(at: Site): boolean {
  const [major = 0, minor = 0] = at.facts.istio.split(".").map(Number);
  return major === 1 && minor > 0 && minor < 31;
}

/** Whether no other DestinationRule of the namespace is for the same host: two are merged by their exportTo as written. */
export function isAloneForHost(at: Site): Answer {
  const { namespace, name: own } = at.object.key;
  const names = rulesByHost(at).get(hostId(at, at.object)) ?? [];
  if (names.some((name) => name !== own)) return false;
  const isWhole = at.facts.isWhole("networking.istio.io", "DestinationRule", namespace);
  return isWhole ? true : { missing: `all DestinationRules of namespace ${namespace}` };
}

/** A host with the namespace of the rule that is for it. */
function hostId(at: Site, rule: Resource): string {
  const host = fullHost(textField(field(rule.object, "spec"), "host"), { ...at, object: rule });
  return JSON.stringify([rule.key.namespace, host]);
}

type RulesByHost = ReadonlyMap<string, readonly string[]>;

/** The names of the rules for each host, by the list of them: every exportTo asks. */
const byHost = new WeakMap<readonly Resource[], RulesByHost>();

function rulesByHost(at: Site): RulesByHost {
  const rules = at.facts.all("networking.istio.io", "DestinationRule");
  const known = byHost.get(rules);
  if (known !== undefined) return known;
  const found = new Map<string, string[]>();
  for (const rule of rules) {
    const id = hostId(at, rule);
    found.set(id, [...(found.get(id) ?? []), rule.key.name]);
  }
  byHost.set(rules, found);
  return found;
}
