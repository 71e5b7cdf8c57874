import { textField } from "../../model/json.ts";
import { once } from "../../model/once.ts";
import { formatFew, type Resource } from "../../model/resource.ts";
import { resolveGateway, resolveHost } from "../../mesh/hosts.ts";
import { isSet, listAt } from "../../mesh/sites.ts";
import { type Destination, entriesOf, serviceKeyOf } from "./destinations.ts";
import { coversHost, mostSpecific } from "./host-names.ts";
import { specIn, textsAt } from "./paths.ts";
import { allIn, kinds, placeOf, type Reference, type ReferenceState, type World } from "./world.ts";

/**
 * Whether the subsets that routes name are defined, for the clients of each namespace. The rules of a client's own
 * namespace go first, then those that the host's namespace exports, then those of the root namespace; of one namespace
 * those with the most specific host count, together.
 * Source: istio pilot/pkg/model/push_context.go (destinationRule, getExportedDestinationRuleFromNamespace).
 */

interface Rule {
  readonly resource: Resource;
  readonly namespace: string;
  readonly host: string;
  readonly exportTo: readonly string[];
  readonly subsets: readonly string[];
  /** Holds only for some workloads of its namespace. */
  readonly isSelective: boolean;
}

const rulesOf = once((world: World) => allIn(world, kinds.destinationRule).map((one) => ruleOf(one, world)));

function ruleOf(resource: Resource, { domain }: World): Rule {
  const { value: spec } = specIn(resource.object);
  const { namespace } = resource.key;
  return {
    resource,
    namespace,
    host: resolveHost(textField(spec, "host"), namespace, domain),
    // Without exportTo it is everybody, unless the mesh says otherwise; then fewer clients are looked at than there are.
    exportTo: textsAt(spec, "exportTo").map((name) => (name === "." ? namespace : name)),
    subsets: listAt(spec, "subsets").map((subset) => textField(subset, "name")),
    isSelective: isSet(spec, "workloadSelector"),
  };
}

/** By exact host, and those with a wildcard. */
const ruleIndex = once((world: World) => {
  const byHost = new Map<string, Rule[]>();
  const wild: Rule[] = [];
  for (const rule of rulesOf(world)) {
    const others = byHost.get(rule.host);
    if (rule.host.startsWith("*")) wild.push(rule);
    else if (others === undefined) byHost.set(rule.host, [rule]);
    else others.push(rule);
  }
  return { byHost, wild };
});

/** What is known of a host. */
interface Host {
  readonly name: string;
  readonly rules: readonly Rule[];
  /** The namespace of its Service or ServiceEntry; undefined where nobody can tell. */
  readonly home: string | undefined;
}

const knownHosts = once<World, Map<string, Host>>(() => new Map());

function hostOf(name: string, world: World): Host {
  const known = knownHosts(world);
  const found = known.get(name) ?? { name, rules: rulesFor(name, world), home: homeOf(name, world) };
  known.set(name, found);
  return found;
}

function rulesFor(host: string, world: World): readonly Rule[] {
  const { byHost, wild } = ruleIndex(world);
  return [...(byHost.get(host) ?? []), ...wild.filter((rule) => coversHost(rule.host, host))];
}

function isPrivate({ exportTo, namespace }: Rule): boolean {
  return exportTo.length > 0 && exportTo.every((name) => name === namespace);
}

/** Clients of a namespace without a rule of its own. */
const others = "";

function isVisible({ exportTo }: Rule, client: string): boolean {
  return exportTo.length === 0 || exportTo.includes("*") || exportTo.includes(client);
}

/** The rules that clients of a namespace use for a host whose Service or ServiceEntry stands in `home`. */
function rulesOfClient(all: readonly Rule[], client: string, home: string, root: string): readonly Rule[] {
  const inside = (namespace: string): readonly Rule[] => all.filter((rule) => rule.namespace === namespace);
  const own = inside(client).filter(
    (rule) => isVisible(rule, client) && (client !== root || isPrivate(rule)),
  );
  const exported = [home, root].map((namespace) =>
    specific(inside(namespace).filter((rule) => !isPrivate(rule))).filter((rule) => isVisible(rule, client)),
  );
  const steps = [specific(own), ...exported];
  const at = steps.findIndex((rules) => rules.length > 0);
  // What is for some workloads only hides nothing from the others.
  const until = steps.findIndex((rules) => rules.some(({ isSelective }) => !isSelective));
  return at < 0 ? [] : steps.slice(at, (until < 0 ? steps.length : until) + 1).flat();
}

function specific(rules: readonly Rule[]): readonly Rule[] {
  return rules.length < 2 ? rules : mostSpecific(rules, ({ host }) => host);
}

/** The references of a VirtualService's destination to its subset, one for the clients of each namespace that may differ. */
export function subsetReferences(
  { path, host: name, subset }: Destination,
  resource: Resource,
  world: World,
): readonly Reference[] {
  if (subset === "") return [];
  const host = hostOf(name, world);
  const all = sameForAll(host, subset);
  return clientsOf(resource, host.rules, world).map((client) => ({
    id: `subset ${subset} of ${name} for ${client}`,
    path: `${path}.subset`,
    state: all ?? subsetState(host, subset, client, world),
  }));
}

/** The short way: rules of the host's own namespace that everybody sees, and that all define the subset. */
function sameForAll({ rules, home }: Host, subset: string): ReferenceState | undefined {
  const isPlain = (rule: Rule): boolean =>
    rule.namespace === home && rule.exportTo.length === 0 && rule.subsets.includes(subset);
  if (rules.length === 0 || !rules.every(isPlain)) return undefined;
  return { type: "holds", by: rules.map(({ resource }) => resource.key) };
}

/** The namespaces whose clients may get the VirtualService, as far as they can be told from each other. */
function clientsOf({ key, object }: Resource, rules: readonly Rule[], world: World): readonly string[] {
  const { value: spec } = specIn(object);
  const gateways = textsAt(spec, "gateways").map((name) => resolveGateway(name, key.namespace));
  const isForMesh = gateways.length === 0 || gateways.includes("mesh");
  const behind = gateways.flatMap((name) => (name.includes("/") ? [name.slice(0, name.indexOf("/"))] : []));
  const own = isForMesh ? [key.namespace, ...rules.map(({ namespace }) => namespace)] : [];
  const all = [...new Set([others, ...own, ...behind, world.rootNamespace])];
  const exportTo = textsAt(spec, "exportTo").map((name) => (name === "." ? key.namespace : name));
  if (exportTo.length === 0 || exportTo.includes("*")) return all;
  return all.filter((client) => exportTo.includes(client) || behind.includes(client));
}

function subsetState(
  { name: host, rules, home }: Host,
  subset: string,
  client: string,
  world: World,
): ReferenceState {
  const defining = rules.filter(({ subsets }) => subsets.includes(subset));
  const { rootNamespace: root } = world;
  const used = home === undefined ? rules : rulesOfClient(rules, client, home, root);
  const holding = used.filter((rule) => defining.includes(rule));
  if (holding.length > 0) return { type: "holds", by: holding.map(({ resource }) => resource.key) };
  const namespaces = home === undefined ? [undefined] : [client === others ? home : client, home, root];
  if (!namespaces.every((namespace) => world.isComplete(kinds.destinationRule, namespace)))
    return { type: "unknown" };
  const by = used.map(({ resource }) => resource.key);
  const code = defining.length === 0 ? { code: "IST0101" } : {};
  const isHidden = defining.length > 0 && used.length === 0;
  const reason = isHidden
    ? `subset ${subset} of host ${host} is defined by no DestinationRule that is exported to its clients`
    : reasonFor(`subset ${subset} of host ${host}`, used, client);
  return { type: "broken", by, reason, ...code };
}

function reasonFor(what: string, used: readonly Rule[], client: string): string {
  if (used.length === 0) return `${what} is defined by no DestinationRule`;
  const names = formatFew(used.map(({ resource }) => placeOf(resource.key)));
  const who = used.some(({ namespace }) => namespace === client)
    ? `, which clients in namespace ${client} use`
    : "";
  return `${what} is not defined by DestinationRule ${names}${who}`;
}

/** The namespace of the Service or ServiceEntry behind a host; undefined where nobody can tell. */
function homeOf(host: string, world: World): string | undefined {
  const service = serviceKeyOf(host, world);
  if (service !== undefined) return service.namespace;
  const [first, ...more] = new Set(entriesOf(host, world).map(({ namespace }) => namespace));
  return more.length === 0 && world.isComplete(kinds.serviceEntry) ? first : undefined;
}
