import { field, isList, type Json, textField } from "../../core/model/json.ts";
import type { ReadApi } from "./api-reader.ts";
import { type ApiFailure, explainInvalid } from "./failure.ts";
import type { ServedKind } from "./served-kind.ts";
import type { Deadline } from "./timing.ts";

/** A group of kinds as a server names it. */
export interface Group {
  readonly name: string;
  /** As the server prefers them. */
  readonly versions: readonly Version[];
}

/** A version of a group. */
export interface Version {
  readonly name: string;
  /** Absent where the answer does not tell. */
  readonly kinds?: VersionKinds;
}

/** The kinds of one version, or why nobody knows them. */
export type VersionKinds = readonly Pick<ServedKind, "kind" | "resource" | "isNamespaced">[] | ApiFailure;

/** The wanted groups of either form of the list of groups; undefined where it is neither, or names no group at all. */
export function readGroups(answer: Json, wanted: ReadonlySet<string>): readonly Group[] | undefined {
  const kind = textField(answer, "kind");
  const isAggregated = kind === "APIGroupDiscoveryList";
  if (!isAggregated && kind !== "APIGroupList") return undefined;
  const items = listOf(answer, isAggregated ? "items" : "groups") ?? [];
  if (items.length === 0) return undefined;
  return items.flatMap((item): Group[] => {
    const name = textField(isAggregated ? field(item, "metadata") : item, "name");
    if (!wanted.has(name)) return [];
    return [isAggregated ? readAggregated(name, item) : readPlain(name, item)];
  });
}

function readAggregated(name: string, item: Json): Group {
  const versions = listOf(item, "versions") ?? [];
  return { name, versions: versions.length === 0 ? [withoutVersions(name)] : versions.map(readVersionKinds) };
}

function readPlain(name: string, item: Json): Group {
  const versions = (listOf(item, "versions") ?? []).map((one) => ({ name: textField(one, "version") }));
  const preferred = textField(field(item, "preferredVersion"), "version");
  return {
    name,
    versions: versions.length === 0 ? [withoutVersions(name)] : preferredFirst(versions, preferred),
  };
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
function readVersionKinds(version: Json): Version {
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

/** Asks for one group, which need not be there: "absent" is what the server says of it, not what it leaves out. */
export async function askForGroup(
  read: ReadApi,
  name: string,
  deadline: Deadline,
): Promise<Group | "absent" | ApiFailure> {
  const path = `/apis/${encodeURIComponent(name)}`;
  const answer = await read({ path, accept: "application/json" }, deadline);
  if (answer.type === "failed") return answer.status === 404 ? "absent" : answer;
  const isGroup = textField(answer.value, "kind") === "APIGroup" && textField(answer.value, "name") === name;
  return isGroup
    ? readPlain(name, answer.value)
    : explainInvalid(`the server's answer is not the group ${name}`);
}

/** Asks which kinds a version has that the server itself names. */
export async function askForVersion(
  read: ReadApi,
  group: string,
  version: string,
  deadline: Deadline,
): Promise<VersionKinds> {
  const path = `/apis/${encodeURIComponent(group)}/${encodeURIComponent(version)}`;
  const answer = await read({ path, accept: "application/json" }, deadline);
  if (answer.type === "failed") {
    if (answer.status !== 404) return answer;
    return explainInvalid(`the server names ${group}/${version}, and then does not know it`);
  }
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
