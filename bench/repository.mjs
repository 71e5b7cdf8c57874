// The repository that is measured: one base of 20 mesh objects, and overlays on it as people write them.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stringify } from "yaml";

/** @param {string} name */
function application(name) {
  return [virtualService(name), destinationRule(name), authorizationPolicy(name), service(name)];
}

/** @param {string} name */
function virtualService(name) {
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "VirtualService",
    metadata: { name },
    spec: {
      hosts: [name],
      http: [
        {
          name: "canary",
          match: [{ headers: { "x-canary": { exact: "true" } } }],
          route: [{ destination: { host: name, subset: "v2" } }],
        },
        {
          name: "primary",
          timeout: "5s",
          retries: { attempts: 3, perTryTimeout: "2s", retryOn: "5xx,reset" },
          route: [
            { destination: { host: name, subset: "v1" }, weight: 90 },
            { destination: { host: name, subset: "v2" }, weight: 10 },
          ],
        },
      ],
    },
  };
}

/** @param {string} name */
function destinationRule(name) {
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "DestinationRule",
    metadata: { name },
    spec: {
      host: name,
      trafficPolicy: { connectionPool: { tcp: { maxConnections: 100 } }, tls: { mode: "ISTIO_MUTUAL" } },
      subsets: [
        { name: "v1", labels: { version: "v1" } },
        { name: "v2", labels: { version: "v2" } },
      ],
    },
  };
}

/** @param {string} name */
function authorizationPolicy(name) {
  return {
    apiVersion: "security.istio.io/v1",
    kind: "AuthorizationPolicy",
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      rules: [
        {
          from: [{ source: { principals: ["cluster.local/ns/web/sa/web"] } }],
          to: [{ operation: { methods: ["GET"] } }],
        },
      ],
    },
  };
}

/** @param {string} name */
function service(name) {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name },
    spec: { selector: { app: name }, ports: [{ name: "http", port: 8080 }] },
  };
}

/** The folders of the overlays. @param {number} count */
export function overlayNames(count) {
  return Array.from({ length: count }, (_, index) => `overlays/o${String(index).padStart(2, "0")}`);
}

/** Writes the repository, commits it, and writes a snapshot that holds none of it. @param {string} folder @param {number} count */
export function makeRepository(folder, count) {
  const repository = path.join(folder, "git");
  const resources = Array.from({ length: 5 }, (_, index) => `app${index}`).flatMap((name) =>
    application(name).map((object) => {
      const file = `${name}-${object.kind.toLowerCase()}.yaml`;
      write(path.join(repository, "base", file), stringify(object));
      return file;
    }),
  );
  write(path.join(repository, "base/kustomization.yaml"), stringify({ resources }));
  for (const [index, overlay] of overlayNames(count).entries()) {
    write(path.join(repository, overlay, "kustomization.yaml"), stringify(kustomization(index)));
  }
  commit(repository, "Fifty overlays on one base");
  return repository;
}

/** @param {number} index */
function kustomization(index) {
  return {
    namespace: `ns${index}`,
    resources: ["../../base"],
    labels: [{ pairs: { env: `e${index}` } }],
    patches: [
      {
        target: { kind: "VirtualService", name: "app0" },
        patch: stringify([{ op: "replace", path: "/spec/http/1/timeout", value: `${index + 1}s` }]),
      },
      {
        patch: stringify({
          apiVersion: "networking.istio.io/v1",
          kind: "DestinationRule",
          metadata: { name: "app1" },
          spec: { trafficPolicy: { tls: { mode: "DISABLE" } } },
        }),
      },
    ],
  };
}

/** What is live when all overlays are in sync. @param {number} count */
export function liveObjects(count) {
  return Array.from({ length: count }, (_, index) =>
    Array.from({ length: 5 }, (_, app) => `app${app}`)
      .flatMap(application)
      .map((object) => asLive(object, index)),
  ).flat();
}

/** @param {any} object @param {number} index */
function asLive(object, index) {
  const live = structuredClone(object);
  live.metadata = {
    ...live.metadata,
    namespace: `ns${index}`,
    labels: { env: `e${index}` },
    resourceVersion: "1",
  };
  if (live.kind === "VirtualService" && live.metadata.name === "app0")
    live.spec.http[1].timeout = `${index + 1}s`;
  if (live.kind === "DestinationRule" && live.metadata.name === "app1")
    live.spec.trafficPolicy.tls.mode = "DISABLE";
  return live;
}

/** Commits everything that changed. @param {string} repository @param {string} message */
export function commit(repository, message) {
  const git = (/** @type {string[]} */ ...args) =>
    execFileSync("git", ["-c", "user.name=Bench", "-c", "user.email=bench@example.com", ...args], {
      cwd: repository,
      stdio: "pipe",
    });
  git("init", "--quiet", "--initial-branch=main");
  git("add", "--all");
  git("commit", "--quiet", `--message=${message}`);
}

/** @param {string} file @param {string} text */
export function write(file, text) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** What is slow is measured, not cut off. */
export const render = { timeout: "1h" };

/**
 * A configuration with one target, whose live side holds one object that nobody wants. Gives its path.
 *
 * @param {string} folder @param {string} repository @param {string} overlay
 */
export function writeEmptyLive(folder, repository, overlay) {
  const object = virtualService("unwanted");
  const items = [{ ...object, metadata: { name: "unwanted", namespace: "elsewhere" } }];
  const list = { apiVersion: "v1", kind: "List", metadata: {}, items };
  write(path.join(folder, "live/mesh.json"), JSON.stringify(list));
  const config = path.join(folder, "drift.yaml");
  const clusters = { c: { snapshot: path.join(folder, "live") } };
  const targets = [{ name: "o", overlay, cluster: "c" }];
  write(config, stringify({ version: 1, repository: { url: repository }, clusters, targets, render }));
  return config;
}
