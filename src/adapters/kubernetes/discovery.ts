import { formatKind, type GroupKind } from "../../core/model/resource.ts";
import type { ReadApi } from "./api-reader.ts";
import { type ApiFailure, explainInvalid } from "./failure.ts";
import { askForGroup, askForVersion, type Group, readGroups, type VersionKinds } from "./group-discovery.ts";
import type { ServedKind } from "./served-kind.ts";
import type { Deadline } from "./timing.ts";

/** What a server says of one kind. */
export type KindDiscovery =
  | { readonly type: "served"; readonly served: ServedKind }
  /** There is no such kind: two answers of the server agree on that. */
  | { readonly type: "unserved" }
  /** The server does not know at the moment. */
  | ApiFailure;

/** What a server says of the kinds that were asked for. */
export type Discovery = (kind: GroupKind) => KindDiscovery;

/** Groups with all they hold in one answer, from Kubernetes 1.26 on; older servers send the list of groups alone. */
const aggregated = [
  "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
  "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList",
  "application/json",
].join(",");

/** The core group has no entry among the groups, and the kinds that are read of it are as old as Kubernetes. */
const coreKinds: readonly ServedKind[] = [
  { group: "", kind: "Namespace", version: "v1", resource: "namespaces", isNamespaced: false },
  { group: "", kind: "ConfigMap", version: "v1", resource: "configmaps", isNamespaced: true },
  { group: "", kind: "Pod", version: "v1", resource: "pods", isNamespaced: true },
];

/**
 * Asks which of the kinds the server has, and where. Without an answer nothing can be read at all.
 *
 * That is one request, and one more for each group that is not there and for each version of a group that lacks a kind:
 * one of several servers behind an address may be behind for a moment, and a kind that is not there makes objects in Git
 * `missing`. Old servers are asked for each version of the groups in any case.
 * Source: https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api
 */
export async function discover(
  read: ReadApi,
  kinds: readonly GroupKind[],
  deadline: Deadline,
): Promise<{ readonly type: "discovered"; readonly discovery: Discovery } | ApiFailure> {
  const answer = await read({ path: "/apis", accept: aggregated }, deadline);
  if (answer.type === "failed") return answer;
  const wanted = new Set(kinds.map(({ group }) => group).filter((group) => group !== ""));
  const groups = readGroups(answer.value, wanted);
  if (groups === undefined) return explainInvalid("the server's list of API groups is none");
  const found = new Map(groups.map((group) => [group.name, group]));
  const known = new KnownKinds(kinds);
  const looks = [...wanted].map(async (name) => {
    const group = found.get(name) ?? (await askForGroup(read, name, deadline));
    if (group === "absent") return;
    if ("type" in group) known.addFailure(name, group);
    else await lookInto(group, known, (version) => askForVersion(read, name, version, deadline));
  });
  await Promise.all(looks);
  return { type: "discovered", discovery: (kind) => known.get(kind) };
}

/** Takes what the list of groups tells of a group, and asks for its versions where that leaves a kind open. */
async function lookInto(
  group: Group,
  known: KnownKinds,
  ask: (version: string) => Promise<VersionKinds>,
): Promise<void> {
  for (const { name, kinds } of group.versions) if (kinds !== undefined) known.add(group.name, name, kinds);
  if (!known.lacksOf(group.name)) return;
  const open = group.versions.filter(({ kinds }) => kinds === undefined || !("type" in kinds));
  const answers = await Promise.all(open.map(async ({ name }) => ({ name, kinds: await ask(name) })));
  for (const { name, kinds } of answers) known.add(group.name, name, kinds);
}

/** What is known of the wanted kinds so far. */
class KnownKinds {
  readonly #wanted: readonly GroupKind[];
  readonly #known = new Map<string, KindDiscovery>();

  constructor(wanted: readonly GroupKind[]) {
    this.#wanted = wanted;
    for (const served of coreKinds) this.#known.set(formatKind(served), { type: "served", served });
  }

  get(kind: GroupKind): KindDiscovery {
    return this.#known.get(formatKind(kind)) ?? { type: "unserved" };
  }

  /** Whether nothing is known of a wanted kind of a group. */
  lacksOf(group: string): boolean {
    return this.#of(group).some((kind) => !this.#known.has(formatKind(kind)));
  }

  /** The first version that has a kind is the one to read; one that could not be asked may have it. */
  add(group: string, version: string, kinds: VersionKinds): void {
    if ("type" in kinds) {
      this.addFailure(group, kinds);
      return;
    }
    for (const { kind } of this.#of(group)) {
      const found = kinds.find((one) => one.kind === kind);
      if (found !== undefined) this.#serve({ ...found, group, version });
    }
  }

  addFailure(group: string, failure: ApiFailure): void {
    for (const kind of this.#of(group)) if (!this.#isServed(kind)) this.#known.set(formatKind(kind), failure);
  }

  #serve(served: ServedKind): void {
    if (!this.#isServed(served)) this.#known.set(formatKind(served), { type: "served", served });
  }

  #isServed(kind: GroupKind): boolean {
    return this.#known.get(formatKind(kind))?.type === "served";
  }

  #of(group: string): readonly GroupKind[] {
    return this.#wanted.filter((kind) => kind.group === group);
  }
}
