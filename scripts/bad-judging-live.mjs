// Cases of bad-judging.mjs about the live side: what objects say of their writers, controllers' objects, the audit log.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { addLive, casesAbout, editConfig, editLive, hoursFrom } from "./bad-judging-world.mjs";

/** @typedef {import("./bad-judging-world.mjs").World} World @typedef {import("./bad-judging-world.mjs").Case} Case */

const checkout = "VirtualService/checkout";

/** @param {World} world @param {(entry: any, metadata: any) => void} edit of who claims to have written the timeout */
function editWriter(world, edit) {
  editLive(world, checkout, ({ metadata }) => {
    const entry = metadata.managedFields.find((/** @type {any} */ one) => one.manager === "kubectl-patch");
    edit(entry, metadata);
  });
}

/** @param {string} manager @returns {Pick<Case, "name" | "change">} */
function forged(manager) {
  return {
    name: `forged, the writer calls itself ${manager}`,
    change: (world) => editWriter(world, (entry) => Object.assign(entry, { manager, operation: "Apply" })),
  };
}

const managedFields = casesAbout("managedFields", { explain: "shop/VirtualService/checkout" }, [
  {
    name: "missing",
    change: (world) => editWriter(world, (_, metadata) => delete metadata.managedFields),
  },
  { name: "empty", change: (world) => editWriter(world, (_, metadata) => (metadata.managedFields = [])) },
  {
    name: "entries that are none",
    change: (world) =>
      editWriter(world, (_, metadata) => (metadata.managedFields = [null, 7, "kubectl", { manager: 7 }])),
  },
  {
    name: "fields that are none",
    change: (world) => editWriter(world, (entry) => (entry.fieldsV1 = { "f:spec": "all", "k:{": {} })),
  },
  forged("argocd-controller"),
  forged("flagger"),
  {
    name: "a name with control characters",
    change: (world) => editWriter(world, (entry) => (entry.manager = "\u001b[2J\u202ekubectl\nin sync")),
  },
  {
    name: "a time in the future",
    change: (world) => editWriter(world, (entry) => (entry.time = hoursFrom(world, 30 * 24))),
  },
  { name: "a time that is none", change: (world) => editWriter(world, (entry) => (entry.time = "later")) },
  {
    name: "a time before the object was made",
    change: (world) => editWriter(world, (entry) => (entry.time = "1999-01-01T00:00:00Z")),
  },
  {
    name: "forged after a scan: gitops, in the future",
    knows: true,
    change: (world) =>
      editWriter(world, (entry) =>
        Object.assign(entry, { manager: "argocd-controller", time: hoursFrom(world, 48) }),
      ),
  },
  {
    name: "removed after a scan",
    knows: true,
    change: (world) => editWriter(world, (_, metadata) => delete metadata.managedFields),
  },
]);

const canary = {
  apiVersion: "flagger.app/v1beta1",
  kind: "Canary",
  metadata: { name: "reviews", namespace: "shop", creationTimestamp: "2026-01-01T00:00:00Z" },
  spec: { service: { port: 80, name: "reviews" }, targetRef: { kind: "Deployment", name: "reviews" } },
};
const rollout = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Rollout",
  metadata: { name: "reviews", namespace: "shop", generation: 3 },
  spec: {
    strategy: {
      canary: {
        trafficRouting: {
          istio: {
            virtualService: { name: "reviews", routes: ["primary"] },
            destinationRule: { name: "reviews", stableSubsetName: "v1", canarySubsetName: "v2" },
          },
        },
        steps: [{ setWeight: 50 }, { pause: {} }],
      },
    },
  },
};
const inStep = {
  phase: "Paused",
  currentStepIndex: 1,
  observedGeneration: "3",
  stableRS: "aaa",
  currentPodHash: "bbb",
  canary: {
    weights: {
      canary: { weight: 50, podTemplateHash: "bbb", serviceName: "" },
      stable: { weight: 50, podTemplateHash: "aaa", serviceName: "" },
    },
  },
};

/** @param {any} object @param {unknown} [status] @returns {(world: World) => void} */
const withStatus = (object, status) => (world) =>
  addLive(world, status === undefined ? object : { ...object, status });

const controllers = casesAbout("the object of a controller", { explain: "shop/VirtualService/reviews" }, [
  {
    name: "a Rollout in step, for comparison",
    change: withStatus(rollout, inStep),
    isHarmless: true,
    excuses: "rolling-out",
  },
  { name: "a Rollout without status", change: withStatus(rollout) },
  { name: "a Rollout whose status is a text", change: withStatus(rollout, "Paused") },
  {
    name: "a Rollout whose weights are of wrong types",
    change: withStatus(rollout, {
      ...inStep,
      canary: { weights: { canary: { weight: "50" }, stable: ["50"] } },
    }),
  },
  { name: "a Canary without status", change: withStatus(canary) },
  { name: "a Canary whose status is a list", change: withStatus(canary, [{ phase: "Progressing" }]) },
  {
    name: "a Canary whose weight is of a wrong type",
    change: withStatus(canary, { phase: "Progressing", canaryWeight: "50" }),
  },
  {
    name: "a Canary in a phase that nobody knows",
    change: withStatus(canary, { phase: "Pro\u001b[2Jgressing", canaryWeight: 50 }),
  },
]);

const event = {
  kind: "Event",
  apiVersion: "audit.k8s.io/v1",
  level: "Metadata",
  stage: "ResponseComplete",
  verb: "patch",
  user: { username: "jonas@shop.example", groups: ["sre"] },
  userAgent: "kubectl/v1.34.0",
  requestURI:
    "/apis/networking.istio.io/v1/namespaces/shop/virtualservices/checkout?fieldManager=kubectl-patch",
  objectRef: {
    apiGroup: "networking.istio.io",
    resource: "virtualservices",
    namespace: "shop",
    name: "checkout",
  },
  responseStatus: { code: 200 },
};

/** @param {(world: World) => string | Uint8Array} content @returns {(world: World) => void} */
const withLog = (content) => (world) => {
  editConfig(world, "{ snapshot: ./live/eu1 }", "{ snapshot: ./live/eu1, audit: audit.jsonl }");
  writeFileSync(path.join(world.folder, "audit.jsonl"), content(world));
};

/** The request that set the timeout, but for what differs. @param {World} world @param {object} [differing] */
function line(world, differing) {
  let time = "";
  editWriter(world, (entry) => (time = entry.time));
  return `${JSON.stringify({ ...event, requestReceivedTimestamp: time, ...differing })}\n`;
}

const auditLog = casesAbout("the audit log", {}, [
  { name: "nothing wrong, for comparison", isHarmless: true, change: withLog((world) => line(world)) },
  {
    name: "lines that are no events",
    change: withLog((world) => `not JSON\n${line(world)}{"kind":"Event"}\n[]\n${line(world).slice(0, 60)}`),
  },
  {
    name: "events whose time is none",
    change: withLog((world) => line(world, { requestReceivedTimestamp: "soon" })),
  },
  {
    name: "users and objects of wrong types: nobody is named",
    isHarmless: true,
    change: withLog((world) => line(world, { objectRef: ["checkout"] }) + line(world, { user: "root" })),
  },
  { name: "a line of 9 MiB", change: withLog((world) => `${"x".repeat(9 * 1024 ** 2)}\n${line(world)}`) },
  {
    name: "not there",
    change: (world) =>
      editConfig(world, "{ snapshot: ./live/eu1 }", "{ snapshot: ./live/eu1, audit: audit.jsonl }"),
  },
  {
    name: "a folder",
    change: (world) => {
      editConfig(world, "{ snapshot: ./live/eu1 }", "{ snapshot: ./live/eu1, audit: audit.jsonl }");
      mkdirSync(path.join(world.folder, "audit.jsonl"));
    },
  },
]);

/** Cases about the live side. */
export const liveCases = [...managedFields, ...controllers, ...auditLog];
