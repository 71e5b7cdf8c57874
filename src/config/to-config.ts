import path from "node:path";
import { type LabelSelector, parseLabelSelector } from "../core/model/label-selector.ts";
import type { RepositoryAccess } from "../core/model/repository-access.ts";
import type {
  ClusterConfig,
  Config,
  DeployerConfig,
  DesiredConfig,
  LiveConfig,
  RemoteBaseConfig,
  RenderConfig,
  RepositoryConfig,
  TargetConfig,
} from "./config.ts";
import { isUrl, normaliseOverlay } from "./location.ts";
import { present } from "./present.ts";
import type { ParsedConfig } from "./schema.ts";
import { toJudging } from "./to-judging.ts";

type ParsedCluster = ParsedConfig["clusters"][string];
type ParsedTarget = ParsedConfig["targets"][number];
type ParsedRender = NonNullable<ParsedConfig["render"]>;
type ParsedRepository = Exclude<NonNullable<ParsedConfig["repository"]>, string>;
type ParsedAccess = Pick<ParsedRepository, "tokenFile" | "username" | "sshKeyFile" | "knownHostsFile">;

/** A file that passed every check, with its defaults; `file` is its absolute path. */
export function toConfig(parsed: ParsedConfig, file: string): Config {
  const folder = path.dirname(file);
  return {
    path: file,
    clusters: new Map(
      Object.entries(parsed.clusters).map(([name, cluster]) => [name, toCluster(name, cluster, folder)]),
    ),
    targets: parsed.targets.map((target) => toTarget(target, parsed.repository, folder)),
    compare: {
      equality: parsed.compare?.equality ?? "istio",
      metadata: parsed.compare?.metadata ?? "declared",
    },
    render: toRender(parsed.render ?? {}, folder),
    judging: toJudging(parsed, folder),
  };
}

function toRender(parsed: ParsedRender, folder: string): RenderConfig {
  const { timeout, workers, engine, binary, remoteBases } = parsed;
  return {
    engine: engine ?? "builtin",
    remoteBases: (remoteBases ?? []).map(({ repository, branches, ...access }): RemoteBaseConfig => ({
      repository: repository.replace(/(?:\.git)?\/?$/, ""),
      allowBranches: branches ?? false,
      ...toAccess(access, folder),
    })),
    ...present({ timeoutMs: timeout, workers, binary: resolved(binary, folder) }),
  };
}

function toRepository(
  parsed: ParsedConfig["repository"],
  revision: string | undefined,
  folder: string,
): RepositoryConfig {
  // A rule has seen to it that there is one.
  const repository = typeof parsed === "string" ? { url: parsed } : (parsed ?? { url: "." });
  return {
    url: isUrl(repository.url) ? repository.url : path.resolve(folder, repository.url),
    revision: revision ?? repository.revision ?? "",
    allowStaleMs: repository.allowStale ?? 0,
    ...toAccess(repository, folder),
  };
}

function toAccess(
  { tokenFile, username, sshKeyFile, knownHostsFile }: ParsedAccess,
  folder: string,
): { access?: RepositoryAccess } {
  if (tokenFile !== undefined) {
    return {
      access: { type: "token", tokenFile: path.resolve(folder, tokenFile), ...present({ username }) },
    };
  }
  if (sshKeyFile === undefined) return {};
  const hosts = present({ knownHostsFile: resolved(knownHostsFile, folder) });
  return { access: { type: "ssh-key", keyFile: path.resolve(folder, sshKeyFile), ...hosts } };
}

function toCluster(name: string, parsed: ParsedCluster, folder: string): ClusterConfig {
  const { namespaces, istio } = parsed;
  const rest = present({ namespaces, audit: resolved(parsed.audit, folder) });
  return { name, live: toLive(parsed, folder), istio: present(istio ?? {}), ...rest };
}

function toLive(parsed: ParsedCluster, folder: string): LiveConfig {
  const { snapshot, context, server } = parsed;
  if (snapshot !== undefined) {
    const { maxAge, kinds } = parsed;
    return {
      type: "snapshot",
      path: snapshot === "-" ? snapshot : path.resolve(folder, snapshot),
      label: path.normalize(snapshot),
      ...present({ maxAgeMs: maxAge, kinds }),
    };
  }
  if (context !== undefined) {
    return { type: "context", context, ...present({ kubeconfig: resolved(parsed.kubeconfig, folder) }) };
  }
  if (server === undefined) return { type: "in-cluster" };
  const files = { caFile: resolved(parsed.caFile, folder), tokenFile: resolved(parsed.tokenFile, folder) };
  return { type: "server", server, ...present(files) };
}

function toTarget(
  parsed: ParsedTarget,
  repository: ParsedConfig["repository"],
  folder: string,
): TargetConfig {
  const { name, cluster, environment, scope, revision } = parsed;
  return {
    name,
    desired: toDesired(parsed),
    repository: toRepository(parsed.repository ?? repository, revision, folder),
    cluster,
    scope: {
      namespaces: scope?.namespaces ?? [],
      ...present({ selector: toSelector(scope?.namespaceSelector) }),
    },
    ...present({ environment, deployer: toDeployer(parsed.deployer) }),
  };
}

function toDeployer(parsed: ParsedTarget["deployer"]): DeployerConfig | undefined {
  if (parsed === undefined) return undefined;
  const [namespace = "", name = ""] = (parsed.argocd ?? parsed.flux ?? "").split("/");
  return { type: parsed.argocd === undefined ? "flux" : "argocd", namespace, name };
}

function toDesired({ overlay, manifests, transform }: ParsedTarget): DesiredConfig {
  if (manifests !== undefined) {
    const substitute = present({ substitute: transform?.substitute });
    return { type: "manifests", manifests: normaliseOverlay(manifests) ?? "", ...substitute };
  }
  const desired = { type: "overlay", overlay: normaliseOverlay(overlay ?? "") ?? "" } as const;
  if (transform === undefined) return desired;
  const { patches, images } = transform;
  return {
    ...desired,
    transform: {
      ...present({ ...transform, patches: undefined, images: undefined }),
      ...(patches && { patches: patches.map(present) }),
      ...(images && { images: images.map(present) }),
    },
  };
}

function toSelector(text: string | undefined): LabelSelector | undefined {
  return text === undefined ? undefined : parseLabelSelector(text);
}

function resolved(file: string | undefined, folder: string): string | undefined {
  return file === undefined ? undefined : path.resolve(folder, file);
}
