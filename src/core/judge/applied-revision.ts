import { field, isList, type Json, textField } from "../model/json.ts";
import { type GroupKind, isSameKind, type Resource } from "../model/resource.ts";

/** The deployers' objects that say what they have applied. */
export const applicationKind: GroupKind = { group: "argoproj.io", kind: "Application" };
export const kustomizationKind: GroupKind = { group: "kustomize.toolkit.fluxcd.io", kind: "Kustomization" };

/** Who deploys a target, by "namespace/name", as the configuration has it. */
export type Deployer = { readonly argocd: string } | { readonly flux: string };

/** What a target is deployed from. */
export interface DeployedTarget {
  /** The URL of the repository. */
  readonly repository: string;
  /** The folder of the overlay or of the manifests; "" is the root. */
  readonly path: string;
  readonly deployer?: Deployer;
}

/** A commit that live has reached, and who says so. */
export interface Reached {
  /** "Application argocd/shop", "the last scan that found it in sync" */
  readonly by: string;
  /** A full commit id. */
  readonly revision: string;
}

const commitId = /(?:^|[:/@])([0-9a-f]{40}(?:[0-9a-f]{24})?)$/;

/**
 * The commit that a target's deployer has applied last, as its Application or Kustomization says: the one that the
 * configuration names, else the only one that has the target's path (and repository, which a Kustomization does not
 * tell). Undefined where there is none, several, or no commit in it. The marks of deployers on live objects choose none:
 * whoever may write an object could choose one that is behind.
 */
export function appliedRevision(objects: readonly Resource[], target: DeployedTarget): Reached | undefined {
  const found = objects.flatMap((object) => {
    const revision = isSameKind(object.key, applicationKind)
      ? revisionOfApplication(object, target)
      : isSameKind(object.key, kustomizationKind)
        ? revisionOfKustomization(object, target)
        : undefined;
    return revision === undefined ? [] : [{ object, revision }];
  });
  const [only, another] = found;
  if (only === undefined || another !== undefined) return undefined;
  const id = commitId.exec(only.revision)?.[1];
  const { kind, namespace, name } = only.object.key;
  return id === undefined ? undefined : { by: `${kind} ${namespace}/${name}`, revision: id };
}

/** Whether an object is the one that is named, or may be it because none is. */
function isNamed({ key }: Resource, name: string | undefined): boolean {
  return name === undefined || name === `${key.namespace}/${key.name}`;
}

/**
 * What was deployed last; what was only looked at counts where it was found to be live. Of several sources the one that
 * has the target's path. Source: argo-cd pkg/apis/application/v1alpha1/types.go (ApplicationStatus, RevisionHistory)
 */
function revisionOfApplication(application: Resource, target: DeployedTarget): string | undefined {
  const { deployer } = target;
  if (deployer !== undefined && !("argocd" in deployer)) return undefined;
  if (!isNamed(application, deployer?.argocd)) return undefined;
  const spec = field(application.object, "spec");
  const sources = listAt(spec, "sources");
  const isSeveral = sources.length > 0;
  const position = positionOf(isSeveral ? sources : [field(spec, "source") ?? null], target);
  if (position < 0) return undefined;
  const revisionIn = (place: Json | undefined): string => {
    const one = isSeveral ? listAt(place, "revisions")[position] : field(place, "revision");
    return typeof one === "string" ? one : "";
  };
  return deployedIn(field(application.object, "status"), revisionIn);
}

/** Who names the Application need not write path and repository the same way, where it has one source only. */
function positionOf(sources: readonly Json[], target: DeployedTarget): number {
  const index = sources.findIndex((source) => isSourceOf(source, target));
  return index < 0 && target.deployer !== undefined && sources.length === 1 ? 0 : index;
}

function deployedIn(
  status: Json | undefined,
  revisionIn: (place: Json | undefined) => string,
): string | undefined {
  const sync = field(status, "sync");
  const operation = field(status, "operationState");
  const places = [
    textField(operation, "phase") === "Succeeded" ? field(operation, "syncResult") : undefined,
    listAt(status, "history").at(-1),
    textField(sync, "status") === "Synced" ? sync : undefined,
  ];
  return places.map(revisionIn).find((revision) => revision !== "");
}

function isSourceOf(source: Json, { repository, path }: DeployedTarget): boolean {
  return (
    plainUrl(textField(source, "repoURL")) === plainUrl(repository) &&
    plainFolder(textField(source, "path")) === plainFolder(path)
  );
}

/** Source: fluxcd/kustomize-controller api/v1/kustomization_types.go (lastAppliedRevision: "main@sha1:<id>", once "main/<id>") */
function revisionOfKustomization(
  kustomization: Resource,
  { deployer, path }: DeployedTarget,
): string | undefined {
  if (deployer !== undefined && !("flux" in deployer)) return undefined;
  if (!isNamed(kustomization, deployer?.flux)) return undefined;
  const spec = field(kustomization.object, "spec");
  if (deployer === undefined && plainFolder(textField(spec, "path")) !== plainFolder(path)) return undefined;
  return textField(field(kustomization.object, "status"), "lastAppliedRevision");
}

function listAt(value: Json | undefined, name: string): readonly Json[] {
  const found = field(value, name);
  return isList(found) ? found : [];
}

function plainFolder(folder: string): string {
  return folder
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
}

/** Host and path: the same for https, ssh and the short form of ssh, with a user or without. */
function plainUrl(url: string): string {
  const short = /^(?:[^@/]+@)?([^:/]+):(?!\/)(.+)$/.exec(url);
  const [, host = "", path = ""] = short ?? /^[a-z+]+:\/\/(?:[^@/]*@)?([^/]*)(\/.*)?$/.exec(url) ?? [];
  const rest = host === "" ? url : `${host.replace(/:\d+$/, "").toLowerCase()}/${path.replace(/^\/+/, "")}`;
  return rest.replace(/\/+$/, "").replace(/\.git$/, "");
}
