import { meshKinds } from "../mesh/kinds.ts";
import { didYouMean } from "../model/closest.ts";
import { formatFew, formatKind, namespacePattern, type ResourceKey } from "../model/resource.ts";

/** A key as people write it, or what is wrong with it: fit to follow the text and a colon. */
export type KeyRead =
  | { readonly type: "key"; readonly key: ResourceKey }
  | { readonly type: "refused"; readonly reason: string; readonly hint: string };

const form = "Write it as reports do: [namespace/]Kind[.group]/name, such as shop/VirtualService/checkout.";

/** What a finding may be about: the kinds of the mesh, and their definitions where a cluster lacks one. */
const kinds: readonly {
  readonly group: string;
  readonly kind: string;
  readonly scope: "namespaced" | "cluster";
}[] = [...meshKinds, { group: "apiextensions.k8s.io", kind: "CustomResourceDefinition", scope: "cluster" }];

/** RFC 1123 subdomains, and what other names a path of the API may hold. */
const objectName = /^[A-Za-z0-9](?:[\w.:-]{0,251}[A-Za-z0-9])?$/;

/** Reads `[namespace/]Kind[.group]/name`. The group may be left out where one kind only has the name. */
export function parseKey(text: string): KeyRead {
  const parts = text.split("/");
  if (parts.length < 2 || parts.length > 3) return refuse("it has not two or three parts");
  if (text.includes("*")) {
    const hint = "Name one object; rules about many belong under `ignore` of drift.yaml.";
    return { type: "refused", reason: "it names more than one object", hint };
  }
  const [name = "", word = "", namespace] = [...parts].reverse();
  const found = kinds.filter((kind) => kind.kind === word || formatKind(kind) === word);
  const [kind, other] = found;
  if (kind === undefined) return refuse(`${JSON.stringify(word)} is no kind of the mesh${meant(word)}`);
  if (other !== undefined) return refuse(`the kind could be ${formatFew(found.map(formatKind))}`);
  const wrong = whyMisplaced(kind, name, namespace);
  if (wrong !== undefined) return refuse(wrong);
  return { type: "key", key: { group: kind.group, kind: kind.kind, namespace: namespace ?? "", name } };
}

function whyMisplaced(
  { kind, scope }: (typeof kinds)[number],
  name: string,
  namespace: string | undefined,
): string | undefined {
  if (!objectName.test(name)) return `${JSON.stringify(name)} is no name of an object`;
  if (scope === "cluster") return namespace === undefined ? undefined : `a ${kind} has no namespace`;
  return namespacePattern.test(namespace ?? "") ? undefined : `a ${kind} needs its namespace`;
}

function refuse(reason: string): KeyRead {
  return { type: "refused", reason, hint: form };
}

function meant(word: string): string {
  return didYouMean(
    word,
    kinds.flatMap((kind) => [kind.kind, formatKind(kind)]),
  );
}
