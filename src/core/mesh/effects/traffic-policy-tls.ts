import type { Effect } from "../../model/finding.ts";
import type { Difference, EffectRow, EffectTable } from "../effect.ts";
import {
  eitherSide,
  hostName,
  itemAround,
  itemsAt,
  itemsOf,
  nameAt,
  nameOf,
  wholeAround,
} from "../effect-values.ts";
import { added, any, emptied, filled, from, listRows, removed, to, told } from "../effect-words.ts";
import { nodeAtNames } from "../place.ts";
import type { Node } from "../table.ts";
import { autoTls, tlsEffect, tlsModeIn, tlsModeOf } from "./client-tls.ts";

/**
 * How connections to a host are encrypted. A subset's block replaces that of the host; settings of a port inherit none.
 * Facts: istio pilot/pkg/networking/core/destination_rule.go:174-202; pilot/pkg/networking/util/util.go:886-890.
 */

type Side = "desired" | "live";

/** Longer names make no sentence. */
const longestTarget = 60;

/** What the policy around a difference is for: "reviews", "subset v1 of reviews", "port 80 of reviews". */
function targetOf(at: Difference): string {
  const root = eitherSide(wholeAround(at));
  const host = hostName(root && nodeAtNames(root, ["spec", "host"])) ?? "the host";
  const subset = nameAt(eitherSide(itemAround(at, "subsets")), "name");
  const port = nameAt(eitherSide(itemAround(at, "portLevelSettings")), "port", "number");
  const ofSubset = subset === undefined ? host : `subset ${subset} of ${host}`;
  const target = port === undefined ? ofSubset : `port ${port} of ${ofSubset}`;
  return target.length > longestTarget ? "the host" : target;
}

/** A sentence about what the policy around is for. */
export function aboutTarget(before: string, after = ""): (at: Difference) => string {
  return (at) => `${before} ${targetOf(at)}${after}`;
}

/** The policy of the host that a subset falls back to; undefined outside of subsets. */
function policyAbove(at: Difference, side: Side): Node | undefined {
  const root = itemAround(at, "subsets") && wholeAround(at)[side];
  return root && nodeAtNames(root, ["spec", "trafficPolicy"]);
}

/** The mode of a policy, its own or the one it falls back to. */
function modeOf(policy: Difference, side: Side): string {
  return tlsModeIn(policy[side]) ?? tlsModeIn(policyAbove(policy, side)) ?? autoTls;
}

/** The mode for a port that has settings of its own, or none. */
function modeOfPort(policy: Difference, side: Side, settings: Node | undefined): string {
  if (settings !== undefined) return tlsModeIn(settings) ?? autoTls;
  const above = policyAbove(policy, side);
  // The settings that the host has for its ports may be for this one.
  return itemsAt(above, "portLevelSettings").length > 0 ? "unknown" : modeOf(policy, side);
}

function portEffect(policy: Difference, git: Node | undefined, live: Node | undefined): Effect | undefined {
  const port = nameAt(live ?? git, "port", "number");
  const where = port === undefined ? "a port" : `port ${port} of ${targetOf(policy)}`;
  return tlsEffect(where, modeOfPort(policy, "desired", git), modeOfPort(policy, "live", live));
}

/** What settings of ports do that only one side has. */
function portEffects(policy: Difference): readonly (Effect | undefined)[] {
  const [git, live] = [policy.desired, policy.live].map((side) => itemsAt(side, "portLevelSettings"));
  return [
    ...(git ?? []).map((item) => portEffect(policy, item, undefined)),
    ...(live ?? []).map((item) => portEffect(policy, undefined, item)),
  ];
}

/** What weakens goes before what strengthens. */
function worst(effects: readonly (Effect | undefined)[]): Effect | undefined {
  const known = effects.filter((effect) => effect !== undefined);
  return known.find(({ direction }) => direction === "weakens") ?? known[0];
}

/** What it does to encryption that only one side has a policy. */
export const wholePolicyTls: EffectRow = told((at) =>
  at.desired !== undefined && at.live !== undefined
    ? undefined
    : worst([tlsEffect(targetOf(at), modeOf(at, "desired"), modeOf(at, "live")), ...portEffects(at)]),
);

/** The same for the list of the settings of ports. */
export const wholePortsTls: EffectRow = told((at) =>
  at.up === undefined || (at.desired !== undefined && at.live !== undefined)
    ? undefined
    : worst(portEffects(at.up)),
);

/** The same for the settings of one port. */
export const onePortTls: EffectRow = told((at) => {
  const policy = at.up?.up;
  return policy === undefined || (at.desired !== undefined && at.live !== undefined)
    ? undefined
    : portEffect(policy, at.desired, at.live);
});

/** What a subset that only live has does to encryption: no request could name it before, so it strengthens nothing. */
function subsetEffect(at: Difference): Effect | undefined {
  if (at.live === undefined || at.desired !== undefined) return undefined;
  const live = nodeAtNames(at.live, ["trafficPolicy"]);
  const policy: Difference = { name: "trafficPolicy", up: at, ...(live && { live }) };
  const own = tlsEffect(targetOf(at), modeOf(policy, "desired"), modeOf(policy, "live"));
  const effect = worst([own, ...portEffects(policy)]);
  return effect?.direction === "weakens" ? effect : undefined;
}

/** What it does to encryption that only live has a subset. */
export const newSubsetTls: EffectRow = told(subsetEffect);

/** The same for a list of subsets. */
export const newSubsetsTls: EffectRow = told((at) =>
  at.desired === undefined
    ? worst(itemsOf(at.live).map((live) => subsetEffect({ name: "[]", up: at, live })))
    : undefined,
);

/** What changes of the block `tls` at a path do. */
export function clientTlsRows(path: string): EffectTable {
  return {
    [path]: [
      told((at) => {
        const [git, live] = (["desired", "live"] as const).map(
          (side) => tlsModeOf(at[side]) ?? tlsModeIn(policyAbove(at, side)) ?? autoTls,
        );
        return git === undefined || live === undefined ? undefined : tlsEffect(targetOf(at), git, live);
      }),
      any(aboutTarget("connections to", " are encrypted in another way"), "weakens"),
    ],
    [`${path}.mode`]: [
      told((at) => tlsEffect(targetOf(at), nameOf(at.desired) ?? "DISABLE", nameOf(at.live) ?? "DISABLE")),
      any(aboutTarget("connections to", " are encrypted in another way"), "weakens"),
    ],
    [`${path}.insecureSkipVerify`]: [
      to(true, aboutTarget("the certificates of", " are no longer verified"), "weakens"),
      from(true, aboutTarget("the certificates of", " are verified"), "strengthens"),
      any(aboutTarget("the certificates of", " stay verified")),
    ],
    [`${path}.caCertificates`]: [
      removed(aboutTarget("the certificates of", " need no longer come from the CA given in Git"), "weakens"),
      added(aboutTarget("the certificates of", " must come from the CA given live")),
      any(aboutTarget("another CA is trusted for"), "weakens"),
    ],
    [`${path}.caCrl`]: [
      removed(aboutTarget("revoked certificates are accepted from"), "weakens"),
      added(aboutTarget("revoked certificates are refused from"), "strengthens"),
      any(aboutTarget("other certificates count as revoked for"), "weakens"),
    ],
    [`${path}.credentialName`]: [
      any(aboutTarget("another Secret holds the certificates for connections to"), "weakens"),
    ],
    [`${path}.clientCertificate`]: [any(aboutTarget("another client certificate is presented to"))],
    [`${path}.privateKey`]: [any(aboutTarget("another key is used with the client certificate for"))],
    [`${path}.sni`]: [any(aboutTarget("connections to", " ask for another server name (SNI)"), "weakens")],
    ...listRows(`${path}.subjectAltNames`, serverNameRows),
  };
}

/** Rows about the names that a server's certificate may have: without any, Istio takes the ones it knows. */
export const serverNameRows: readonly EffectRow[] = [
  emptied("servers may have any name that Istio finds, no longer those of Git only", "weakens"),
  filled("servers are accepted by the names given, no longer by those that Istio finds", "weakens"),
  added("servers of the name {value} are accepted, too", "weakens"),
  added("servers of one more name are accepted", "weakens"),
  removed("servers of the name {git} are no longer accepted", "strengthens"),
  removed("servers of one of the names are no longer accepted", "strengthens"),
  any("servers of other names are accepted", "weakens"),
];
