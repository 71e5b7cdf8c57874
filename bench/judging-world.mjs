// A repository with a history whose overlays were edited in their clusters, by people whose names the objects hold.
import path from "node:path";
import { stringify } from "yaml";
import { meshObject } from "./mesh-objects.mjs";
import { commit, render, write } from "./repository.mjs";

const overlayCount = 10;
/** Of the services of an overlay one in so many is edited in the cluster, one of its two objects. */
const editedEvery = 50;
const commits = 20;

/** @typedef {ReturnType<typeof makeJudgingWorld>} JudgingWorld */

/**
 * Overlays on a base with two objects for each service, the live sides of both states as snapshots, and a configuration
 * for each: with everything in sync, and with edits. `live` has what is live of each overlay in one file, `edited` the file
 * of Git behind each edit.
 *
 * @param {string} folder @param {{ services: number }} size
 */
export function makeJudgingWorld(folder, { services }) {
  const repository = path.join(folder, "git");
  const overlays = Array.from({ length: overlayCount }, (_, index) => `o${index}`);
  makeHistory(repository, overlays, services);
  const live = path.join(folder, "live");
  const objects = (/** @type {boolean} */ isEdited) =>
    overlays.flatMap((overlay) => liveObjects(overlay, services, isEdited));
  for (const overlay of overlays) {
    const documents = liveObjects(overlay, services, true).map((object) => stringify(object));
    write(path.join(live, `${overlay}.yaml`), documents.join("---\n"));
  }
  const edited = overlays.flatMap((_, overlay) =>
    Array.from({ length: services }, (_, service) => service)
      .filter((service) => isEditedIn(overlay, service))
      .map((service) => fileOf(service)),
  );
  return {
    repository,
    overlays,
    live,
    edited,
    objects: overlayCount * services * 2,
    findings: edited.length,
    inSync: configure(path.join(folder, "in-sync"), { repository, overlays }, objects(false)),
    drifted: configure(path.join(folder, "drifted"), { repository, overlays }, objects(true)),
  };
}

/** @param {string} repository @param {readonly string[]} overlays @param {number} services */
function makeHistory(repository, overlays, services) {
  const resources = Array.from({ length: services }, (_, service) => fileOf(service));
  write(
    path.join(repository, "base/kustomization.yaml"),
    stringify({ resources: resources.map((file) => path.basename(file)) }),
  );
  for (const overlay of overlays) {
    const kustomization = { namespace: overlay, resources: ["../../base"] };
    write(path.join(repository, "overlays", overlay, "kustomization.yaml"), stringify(kustomization));
  }
  const owners = Array.from({ length: 50 }, (_, index) => `/base/svc-${index}*.yaml @shop/team-${index}`);
  write(path.join(repository, ".github/CODEOWNERS"), ["* @shop/mesh", ...owners].join("\n"));
  for (let version = 0; version < commits; version++) {
    for (let service = 0; service < services; service++) {
      if (version > 0 && service % commits !== version) continue;
      const text = objectsOf(service).map((object) => stringify(object));
      if (version === 0) text.unshift(`# Service ${service}\n`);
      write(path.join(repository, fileOf(service)), text.join("---\n"));
    }
    commit(repository, `Services, version ${version}`);
  }
}

/** @param {number} service */
function fileOf(service) {
  return `base/svc-${service}.yaml`;
}

/** @param {number} service */
function objectsOf(service) {
  return [2 * service, 2 * service + 1].map((index) => {
    const object = meshObject(index);
    delete object.metadata.namespace;
    return object;
  });
}

/** @param {number} overlay @param {number} service */
function isEditedIn(overlay, service) {
  return service % editedEvery === overlay;
}

/** @param {string} overlay @param {number} services @param {boolean} withEdits */
function liveObjects(overlay, services, withEdits) {
  return Array.from({ length: services }, (_, service) => {
    const isEdited = withEdits && isEditedIn(Number(overlay.slice(1)), service);
    return objectsOf(service).map((object, index) => {
      object.metadata.namespace = overlay;
      if (isEdited && index === service % 2) edit(object);
      object.metadata.managedFields = owners(object, isEdited && index === service % 2);
      return object;
    });
  }).flat();
}

/** @param {any} object */
function edit({ kind, spec }) {
  if (kind === "VirtualService") spec.http[1].timeout = "6s";
  else spec.trafficPolicy.outlierDetection.interval = "31s";
}

/** @param {any} object @param {boolean} isEdited */
function owners({ apiVersion, spec }, isEdited) {
  const all = Object.fromEntries(Object.keys(spec).map((name) => [`f:${name}`, {}]));
  const own = Object.hasOwn(spec, "http")
    ? { "f:http": {} }
    : { "f:trafficPolicy": { "f:outlierDetection": { "f:interval": {} } } };
  const owner = { apiVersion, fieldsType: "FieldsV1", operation: "Update" };
  const first = { ...owner, manager: "helm", time: "2026-01-05T08:00:00Z", fieldsV1: { "f:spec": all } };
  const last = {
    ...owner,
    manager: "kubectl-edit",
    time: "2026-01-06T09:00:00Z",
    fieldsV1: { "f:spec": own },
  };
  return isEdited ? [first, last] : [first];
}

/** @param {string} folder @param {{ repository: string, overlays: readonly string[] }} git @param {readonly unknown[]} items */
function configure(folder, { repository, overlays }, items) {
  write(
    path.join(folder, "live/mesh.json"),
    JSON.stringify({ apiVersion: "v1", kind: "List", metadata: {}, items }),
  );
  const config = path.join(folder, "drift.yaml");
  const clusters = { c: { snapshot: path.join(folder, "live") } };
  const targets = overlays.map((name) => ({
    name,
    overlay: `overlays/${name}`,
    cluster: "c",
    scope: { namespaces: [name] },
  }));
  const state = { file: path.join(folder, "state.json") };
  write(config, stringify({ version: 1, repository: { url: repository }, clusters, targets, state, render }));
  return config;
}
