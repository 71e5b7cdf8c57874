import { field, isList, type Json, textField } from "../../core/model/json.ts";
import type { GroupKind } from "../../core/model/resource.ts";
import type { ReadApi } from "./api-reader.ts";
import { type ApiFailure, explainInvalid } from "./failure.ts";

/** Where a kind is read: one version of it, the one that the server prefers. */
export interface ServedKind extends GroupKind {
  readonly version: string;
  /** "virtualservices" */
  readonly resource: string;
  readonly isNamespaced: boolean;
}

/** What a server says of one kind. */
export type KindDiscovery =
  | { readonly type: "served"; readonly served: ServedKind }
  /** There is no such kind. */
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
];

/**
 * Asks which of the kinds the server has, and where: one request, or on old servers one more for each version of a
 * group that has kinds of ours. Without an answer nothing can be read at all.
 * Source: https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api
 */
export async function discover(
  read: ReadApi,
  kinds: readonly GroupKind[],
  deadline: number,
): Promise<{ readonly type: "discovered"; readonly discovery: Discovery } | ApiFailure> {
  const answer = await read({ path: "/apis", accept: aggregated }, deadline);
  if (answer.type === "failed") return answer;
  const wanted = new Set(kinds.map(({ group }) => group));
  const groups = readGroups(answer.value, wanted);
  if (groups === undefined) return explainInvalid("the server's list of API groups is none");
  const known = new Map<string, KindDiscovery>();
  for (const served of coreKinds) known.set(idOf(served), { type: "served", served });
  for (const group of groups) {
    for (const version of group.versions) {
      const found = version.kinds ?? (await readVersion(read, group.name, version.name, deadline));
      addVersion(known, { group: group.name, version: version.name, kinds: found }, kinds);
    }
  }
  return { type: "discovered", discovery: (kind) => known.get(idOf(kind)) ?? { type: "unserved" } };
}

interface Group {
  readonly name: string;
  /** As the server prefers them. */
  readonly versions: readonly Version[];
}

interface Version {
  readonly name: string;
  /** Absent where the answer does not tell. */
  readonly kinds?: VersionKinds;
}

type VersionKinds = readonly Pick<ServedKind, "kind" | "resource" | "isNamespaced">[] | ApiFailure;

function idOf({ group, kind }: GroupKind): string {
  return `${group}/${kind}`;
}

/** The first version that has a kind is the one to read; one that could not be asked may have it. */
function addVersion(
  known: Map<string, KindDiscovery>,
  {
    group,
    version,
    kinds,
  }: { readonly group: string; readonly version: string; readonly kinds: VersionKinds },
  wanted: readonly GroupKind[],
): void {
  for (const { kind } of wanted.filter((one) => one.group === group)) {
    const id = idOf({ group, kind });
    if (known.get(id)?.type === "served") continue;
    if ("type" in kinds) {
      known.set(id, kinds);
      continue;
    }
    const found = kinds.find((one) => one.kind === kind);
    if (found !== undefined) known.set(id, { type: "served", served: { ...found, group, version } });
  }
}

/** The wanted groups of either form of the answer; undefined where it is neither, or names no group at all. */
function readGroups(answer: Json, wanted: ReadonlySet<string>): readonly Group[] | undefined {
  const kind = textField(answer, "kind");
  const isAggregated = kind === "APIGroupDiscoveryList";
  if (!isAggregated && kind !== "APIGroupList") return undefined;
  const items = listOf(answer, isAggregated ? "items" : "groups") ?? [];
  if (items.length === 0) return undefined;
  return items.flatMap((item): Group[] => {
    const name = textField(isAggregated ? field(item, "metadata") : item, "name");
    if (!wanted.has(name)) return [];
    const versions = listOf(item, "versions") ?? [];
    if (versions.length === 0) return [{ name, versions: [withoutVersions(name)] }];
    if (isAggregated) return [{ name, versions: versions.map(readAggregated) }];
    const names = versions.map((one) => ({ name: textField(one, "version") }));
    return [{ name, versions: preferredFirst(names, textField(field(item, "preferredVersion"), "version")) }];
  });
}

/** A group that is there has a version: nobody knows what it holds. */
function withoutVersions(group: string): Version {
  return { name: "", kinds: explainInvalid(`the server names no version of ${group}`) };
}

function preferredFirst(versions: readonly Version[], preferred: string): readonly Version[] {
  return [
    ...versions.filter(({ name }) => name === preferred),
    ...versions.filter(({ name }) => name !== preferred),
  ];
}

/** A version of the aggregated form. Where it is stale, its server was away, and what it lists may lack something. */
function readAggregated(version: Json): Version {
  const name = textField(version, "version");
  if (textField(version, "freshness") === "Stale") {
    const reason = `the server does not know at the moment which kinds ${name} has`;
    return { name, kinds: { type: "failed", code: "DISCOVERY_STALE", reason, hint: "Scan again." } };
  }
  const kinds = (listOf(version, "resources") ?? []).map((item) => ({
    kind: textField(field(item, "responseKind"), "kind"),
    resource: textField(item, "resource"),
    isNamespaced: textField(item, "scope") === "Namespaced",
  }));
  return { name, kinds };
}

async function readVersion(
  read: ReadApi,
  group: string,
  version: string,
  deadline: number,
): Promise<VersionKinds> {
  const path = `/apis/${encodeURIComponent(group)}/${encodeURIComponent(version)}`;
  const answer = await read({ path, accept: "application/json" }, deadline);
  if (answer.type === "failed") return answer.status === 404 ? [] : answer;
  const resources = listOf(answer.value, "resources");
  if (resources === undefined)
    return explainInvalid(`the server's list of kinds of ${group}/${version} is none`);
  return resources
    .filter((item) => !textField(item, "name").includes("/"))
    .map((item) => ({
      kind: textField(item, "kind"),
      resource: textField(item, "name"),
      isNamespaced: field(item, "namespaced") === true,
    }));
}

function listOf(value: Json, name: string): readonly Json[] | undefined {
  const found = field(value, name);
  return isList(found) ? found : undefined;
}
