import type { Direction, Effect } from "../../model/finding.ts";
import type { Difference, EffectRow, EffectTable } from "../effect.ts";
import { around, itemsOf, nameAt, nameOf, valueOf } from "../effect-values.ts";
import {
  added,
  any,
  changed,
  emptied,
  filled,
  from,
  inside,
  listRows,
  removed,
  reordered,
  to,
  told,
} from "../effect-words.ts";
import type { Node } from "../table.ts";
import { tlsEffect, tlsModeOf } from "./client-tls.ts";

/**
 * Sentences about what the mesh configuration lets out, trusts, reads and shows, by the paths in it. Facts: istio.io/api
 * mesh/v1alpha1/config.proto; istio pkg/config/mesh/mesh.go:65-131 (what holds without a key),
 * pilot/pkg/model/push_context.go (initDefaultExportMaps).
 */

const unknownHosts = "requests to hosts that the mesh does not know";

/** Without the block ALLOW_ANY holds, without a mode in it REGISTRY_ONLY. */
function outboundMode(policy: Node | undefined): string {
  return policy === undefined ? "ALLOW_ANY" : (nameAt(policy, "mode") ?? "REGISTRY_ONLY");
}

const outbound: EffectRow = told((at) => {
  const policy = around(at, "outboundTrafficPolicy");
  const [git, live] = [outboundMode(policy?.desired), outboundMode(policy?.live)];
  if (git === live) return undefined;
  if (live === "REGISTRY_ONLY") return { text: `${unknownHosts} are refused`, direction: "strengthens" };
  if (git === "REGISTRY_ONLY") return { text: `${unknownHosts} are let out`, direction: "weakens" };
  return { text: `${unknownHosts} are let out in another way`, direction: "weakens" };
});

const otherOutbound = any(`${unknownHosts} are treated differently`, "weakens");

/** How much of a path is normalised, from less to more; DEFAULT is BASE. */
const normalizations: readonly string[] = ["NONE", "BASE", "MERGE_SLASHES", "DECODE_AND_MERGE_SLASHES"];

function normalizationOf(node: Node | undefined): number {
  const name = nameOf(node) ?? "DEFAULT";
  return normalizations.indexOf(name === "DEFAULT" ? "BASE" : name);
}

const normalization: readonly EffectRow[] = [
  told(({ desired, live }) => {
    const [before, after] = [normalizationOf(desired), normalizationOf(live)];
    if (before < 0 || after < 0 || before === after) return undefined;
    return after < before
      ? { text: "paths are normalised less: other spellings may pass by policies", direction: "weakens" }
      : { text: "paths are normalised more before policies see them", direction: "neutral" };
  }),
  any("policies see paths in another form", "weakens"),
];

/** Whether a list of namespaces holds them all, which no list does, too. */
function isForAll(list: Node | undefined): boolean {
  return list === undefined || itemsOf(list).some((item) => valueOf(item) === "*");
}

/** Who sees objects that do not say so themselves. An empty list is nobody. */
function defaultExport(setting: string, what: string, fewer: Direction): EffectTable {
  const effectOf = (at: Difference): Effect => {
    const list = around(at, setting);
    const [before, after] = [isForAll(list?.desired), isForAll(list?.live)];
    if (after && !before)
      return { text: `${what} without exportTo are seen in every namespace`, direction: "weakens" };
    return before && !after
      ? { text: `${what} without exportTo are no longer seen in every namespace`, direction: fewer }
      : { text: `${what} without exportTo are seen in other namespaces`, direction: "weakens" };
  };
  return { [setting]: [told(effectOf)] };
}

const atLeast13 = ["TLSV1_3"];

/** Without a version TLS 1.2 is the oldest. */
function tlsRows(path: string, what: string): EffectTable {
  const version = [
    to(atLeast13, `${what} must use TLS 1.3`, "strengthens"),
    from(atLeast13, `${what} may use TLS 1.2 again`, "weakens"),
    any(`${what} use at least TLS 1.2, as by default`),
  ];
  return {
    [path]: [inside("minProtocolVersion", version), any(`${what} use other settings of TLS`, "weakens")],
    [`${path}.minProtocolVersion`]: version,
    [`${path}.ecdhCurves`]: [any(`${what} use other curves for their keys`, "weakens")],
    ...listRows(`${path}.cipherSuites`, [
      reordered(`${what} prefer other cipher suites`, "weakens"),
      emptied(`${what} may use the default cipher suites`, "weakens"),
      filled(`${what} use the listed cipher suites, no longer the default ones`, "weakens"),
      added(`${what} may use one more cipher suite`, "weakens"),
      removed(`${what} no longer use a cipher suite`, "strengthens"),
      any(`${what} use other cipher suites`, "weakens"),
    ]),
  };
}

/** Sentences about further CAs, which are trusted besides the mesh's own. */
export function furtherCaRows(path: string): EffectTable {
  return listRows(path, [
    emptied("no CA is trusted besides the mesh's own", "strengthens"),
    added("certificates of one more CA are trusted", "weakens"),
    removed("certificates of one CA are no longer trusted", "strengthens"),
    any("certificates of another CA are trusted", "weakens"),
  ]);
}

/** How a server is spoken with that no DestinationRule is about: without a block, and without a mode, in plain text. */
export function clientRows(path: string, what: string): EffectTable {
  const mode = told((at) => {
    const [git, live] = [at.desired, at.live].map((side) => tlsModeOf(side) ?? "DISABLE");
    return git === undefined || live === undefined ? undefined : tlsEffect(what, git, live);
  });
  const otherwise = any(`connections to ${what} are encrypted in another way`, "weakens");
  return {
    [path]: [mode, otherwise],
    [`${path}.mode`]: [
      told(({ desired, live }) => tlsEffect(what, nameOf(desired) ?? "DISABLE", nameOf(live) ?? "DISABLE")),
      otherwise,
    ],
    [`${path}.insecureSkipVerify`]: [
      to(true, `the certificate of ${what} is no longer verified`, "weakens"),
      from(true, `the certificate of ${what} is verified`, "strengthens"),
      any(`the certificate of ${what} stays verified`),
    ],
  };
}

const otherNamespaces = "istiod reads the Services and policies of other namespaces";

/** Rows by the paths in the mesh configuration. */
export const meshSecurity: EffectTable = {
  outboundTrafficPolicy: [outbound, otherOutbound],
  "outboundTrafficPolicy.mode": [outbound, otherOutbound],
  "outboundTrafficPolicy.tls": [any(`${unknownHosts} are encrypted in another way`, "weakens")],
  enableAutoMtls: [
    to(false, "mutual TLS is no longer automatic: plaintext unless a DestinationRule asks for it", "weakens"),
    any("mutual TLS is automatic: used wherever the workload takes it", "strengthens"),
  ],
  ...tlsRows("meshMTLS", "connections inside the mesh"),
  ...tlsRows("tlsDefaults", "TLS connections other than the mesh's own"),
  trustDomain: [
    changed("workloads have identities of trust domain {value}, no longer {git}", "weakens"),
    added("workloads have identities of trust domain {value}, no longer of the default one", "weakens"),
    removed("workloads have identities of the default trust domain, no longer of {git}", "weakens"),
    any("workloads have identities of another trust domain", "weakens"),
  ],
  ...listRows("trustDomainAliases", [
    emptied("identities of no other trust domain count as the mesh's own any more", "weakens"),
    filled("identities of further trust domains count as the mesh's own", "weakens"),
    added("identities of trust domain {value} count as the mesh's own", "weakens"),
    removed("identities of trust domain {git} no longer count as the mesh's own", "weakens"),
    any("identities of other trust domains count as the mesh's own", "weakens"),
  ]),
  rootNamespace: [
    changed("policies for the whole mesh are read from {value}, no longer from {git}", "weakens"),
    added("policies for the whole mesh are read from {value}, not the default namespace", "weakens"),
    removed("policies for the whole mesh are read from the default namespace, not {git}", "weakens"),
    any("policies for the whole mesh are read from another namespace", "weakens"),
  ],
  ...furtherCaRows("caCertificates"),
  ca: [any("certificates of workloads come from another place", "weakens")],
  ...clientRows("ca.tlsSettings", "the CA"),
  "ca.requestTimeout": [any("istiod waits another time for the CA")],
  certificates: [any("istiod makes other certificates", "weakens")],
  verifyCertificateAtClient: [
    to(false, "certificates of servers outside the mesh need not be verified", "weakens"),
    from(true, "certificates of servers outside the mesh need not be verified", "weakens"),
    to(true, "certificates of servers outside the mesh are verified", "strengthens"),
    any("certificates of servers outside the mesh are verified by another rule", "weakens"),
  ],
  configSources: [any("istiod reads configuration from other places", "weakens")],
  ...listRows("discoverySelectors", [
    emptied("istiod reads every namespace, no longer the selected ones only", "weakens"),
    filled("istiod reads only the selected namespaces: policies of others no longer hold", "weakens"),
    added("istiod reads the namespaces of one more selector", "weakens"),
    removed("istiod no longer reads the namespaces of a selector: their policies no longer hold", "weakens"),
    any(otherNamespaces, "weakens"),
  ]),
  pathNormalization: [inside("normalization", normalization), any("policies see paths as by default")],
  "pathNormalization.normalization": normalization,
  ...defaultExport("defaultServiceExportTo", "Services", "neutral"),
  ...defaultExport("defaultVirtualServiceExportTo", "VirtualServices", "neutral"),
  // Where a DestinationRule is not seen, neither is the TLS that it asks for.
  ...defaultExport("defaultDestinationRuleExportTo", "DestinationRules", "weakens"),
  serviceEntryVisibility: [any("ServiceEntries are seen in other namespaces", "weakens")],
  defaultTrafficPolicy: [any("connections follow other default settings", "weakens")],
  serviceSettings: [any("other services stay within their own cluster", "weakens")],
  serviceScopeConfigs: [any("other services can be reached from other clusters", "weakens")],
};
