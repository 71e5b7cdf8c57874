import { isList, type Json } from "../../model/json.ts";
import { hasNoAmbient } from "../ambient.ts";
import { meshSetting, missingConfig } from "../mesh-config.ts";
import * as s from "../shapes.ts";
import type { Answer, FieldRow, Site } from "../table.ts";

/** What stands for the mesh's own trust domain in a policy, whatever that is called. */
const ownDomain = "cluster.local";

/** A principal that names a trust domain without a wildcard: <trust domain>/ns/<namespace>/sa/<account>. */
const namedPrincipal = /^([^/*]+)((?:\/[^/]*){4})$/;

/**
 * Principals of the mesh's trust domain, of its aliases and of `cluster.local` are one: istiod writes each of them out
 * for every one of these domains. ztunnel reads policies without that, so the rule asks for a mesh without it.
 */
export const trustDomainAlias: FieldRow = s.rewrite(
  "authorization-policy/trust-domain",
  "CTX",
  (value) => (typeof value === "string" ? value.replace(namedPrincipal, `${ownDomain}$2`) : value),
  {
    reason: "A principal of the mesh's trust domain, or of an alias of it, is one of all of them.",
    source: "istio pilot/pkg/security/trustdomain/bundle.go (ReplaceTrustDomainAliases); model.go:159-179",
    when: isOfMesh,
  },
);

function isOfMesh(at: Site): Answer {
  const [, domain] = typeof at.value === "string" ? (namedPrincipal.exec(at.value) ?? []) : [];
  // What is plain already needs no rule.
  if (domain === undefined || domain === ownDomain) return false;
  const own = meshSetting(at, "trustDomain");
  const aliases = meshSetting(at, "trustDomainAliases");
  if (own === "unknown" || aliases === "unknown") return missingConfig;
  return isNamed(own, aliases, domain) ? hasNoAmbient(at) : false;
}

function isNamed(own: Json | undefined, aliases: Json | undefined, domain: string): boolean {
  return own === domain || (isList(aliases) && aliases.includes(domain));
}
