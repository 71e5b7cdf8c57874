import { countFindings } from "../../src/core/model/count-findings.ts";
import type { Change, Finding, Note, Unchecked } from "../../src/core/model/finding.ts";
import type { Json } from "../../src/core/model/json.ts";
import type { ResourceKey } from "../../src/core/model/resource.ts";
import type { Commit } from "../../src/core/model/commit.ts";
import type { ScanResult, Summary, TargetResult } from "../../src/core/model/scan-result.ts";

/** The moment at which all samples are looked at. */
export const now = new Date("2026-11-21T10:15:00Z");

export function keyOf(text: string, group = "networking.istio.io"): ResourceKey {
  const [namespace = "", kind = "", name = ""] = text.split("/");
  return { group, kind, namespace, name };
}

export function changed(path: string, desired: Json, live: Json): Change {
  return {
    type: "changed",
    path,
    desired: { pointer: "/spec/x", value: desired },
    live: { pointer: "/spec/y", value: live },
  };
}

const priya: Commit = {
  sha: "4f2c91e0b1d2c3a4f5e6d7c8b9a0f1e2d3c4b5a6",
  author: "Priya Nair",
  date: "2026-11-09T08:00:00Z",
  subject: "Move the canary of reviews to ten percent",
};

const tomas: Commit = {
  sha: "9be01d2aa1d2c3a4f5e6d7c8b9a0f1e2d3c4b5a6",
  author: "Tomás Ødegård",
  date: "2026-11-21T09:00:00Z",
  subject:
    "Tune the retries of checkout, so that a slow payment provider is asked again only where that cannot charge anybody twice",
};

const reviews: Finding = {
  type: "changed",
  key: keyOf("shop/VirtualService/reviews"),
  changes: [
    changed("spec.http[name=primary].route[subset=v1].weight", 90, 50),
    changed("spec.http[name=primary].route[subset=v2].weight", 10, 50),
    {
      type: "removed",
      path: "spec.http[name=primary].retries",
      desired: { pointer: "/spec/http/0/retries", value: { attempts: 3, perTryTimeout: "2s" } },
    },
    {
      type: "added",
      path: "spec.http[name=primary].fault",
      live: {
        pointer: "/spec/http/1/fault",
        value: { abort: { httpStatus: 503, percentage: { value: 10 } } },
      },
    },
    {
      type: "reordered",
      path: "spec.http",
      desired: { pointer: "/spec/http", value: ["name=primary", "name=canary"] },
      live: { pointer: "/spec/http", value: ["name=canary", "name=primary"] },
    },
    {
      ...changed(
        "spec.http[name=primary].route[host=reviews].destination.host",
        "reviews",
        "reviews.shop.svc.cluster.local",
      ),
      undecided: [{ rule: "short-host", missing: "the cluster domain" }],
    },
    changed(
      'spec.http[name=legacy].match[0].headers["x-request-path"].regex',
      "^/api/v1/(?:products|reviews|ratings)/[0-9]+/(?:details|summary)$",
      "^/api/v[12]/(?:products|reviews|ratings|orders)/[0-9a-f-]+/(?:details|summary|history)$",
    ),
  ],
  provenance: {
    file: "overlays/prod/eu1/reviews.yaml",
    changedBy: [
      { file: "overlays/prod/eu1/kustomization.yaml", by: "PatchTransformer" },
      { file: "overlays/prod/eu1/kustomization.yaml", by: "LabelTransformer" },
      { file: "components/resilience/kustomization.yaml", by: "PatchJson6902Transformer" },
    ],
  },
};

const filter: Finding = {
  type: "changed",
  key: keyOf("shop/EnvoyFilter/limits"),
  changes: [changed("spec.configPatches", 9007199254740993n, 9007199254740994n)],
  structural: true,
  provenance: { file: "base/limits.yaml", changedBy: [] },
};

const conflict: Finding = {
  type: "conflict",
  key: keyOf("istio-system/PeerAuthentication/default", "security.istio.io"),
  changes: [changed("spec.mtls.mode", "STRICT", "PERMISSIVE")],
  otherTarget: "prod-eu1-mesh",
  provenance: { file: "base/mtls.yaml", changedBy: [] },
};

const missing: Finding = {
  type: "missing",
  key: keyOf("shop/AuthorizationPolicy/deny-all", "security.istio.io"),
  changes: [],
  provenance: { file: "base/deny-all.yaml", changedBy: [] },
};

const extras: Finding[] = ["allow-debug", "allow-everyone"].map((name) => ({
  type: "extra",
  key: keyOf(`istio-system/AuthorizationPolicy/${name}`, "security.istio.io"),
  changes: [],
}));

const note: Note = {
  key: keyOf("shop/DestinationRule/reviews"),
  change: changed("spec.trafficPolicy.loadBalancer.simple", "UNSPECIFIED", "LEAST_REQUEST"),
  reason: "equal by Envoy's defaults",
};

const cutOff: Unchecked = {
  what: "live/eu1/services.yaml",
  code: "SNAPSHOT_CUT_OFF",
  reason: "the file ends in the middle of an object, so nobody can tell what stood behind it",
  hint: "write the snapshot again: kubectl get virtualservices -A -o yaml > live/eu1/services.yaml",
};

const duplicate: Unchecked = {
  what: "it stands twice on the live side",
  key: keyOf("shop/ServiceEntry/payments"),
  code: "DUPLICATE_OBJECT",
  reason: "two objects have this name",
  hint: "remove one of them from the snapshot",
};

export const noNotes = {
  overdue: 0,
  exempt: 0,
  ignored: 0,
  changed: 0,
  missing: 0,
  extra: 0,
  conflict: 0,
  dangling: 0,
  ineffective: 0,
  unchecked: 0,
  notes: 0,
};

export function target(name: string, change: Partial<TargetResult> = {}): TargetResult {
  return {
    name,
    overlay: `overlays/${name.replace("-", "/")}`,
    cluster: name,
    verdict: "in-sync",
    source: { repository: "https://git.example.com/acme/mesh.git", revision: "main", commit: priya },
    live: { cluster: name, source: `snapshot live/${name}`, asOf: "2026-11-21T10:12:00Z" },
    kinds: [
      { group: "networking.istio.io", kind: "VirtualService", verdict: "in-sync", desired: 12, live: 12 },
    ],
    inSync: 42,
    findings: [],
    hidden: [],
    resolved: [],
    transient: [],
    guards: [],
    commits: {},
    notes: [],
    unchecked: [],
    equalBy: [],
    elsewhere: [],
    notMesh: 0,
    warnings: [],
    bases: [],
    ...change,
  };
}

/** A target with every type of finding. */
export const drifted = target("prod-eu1", {
  environment: "prod",
  verdict: "drifted",
  kinds: [
    { group: "networking.istio.io", kind: "VirtualService", verdict: "drifted", desired: 12, live: 13 },
    { group: "security.istio.io", kind: "AuthorizationPolicy", verdict: "unknown", desired: 4, live: 3 },
  ],
  inSync: 409,
  findings: [reviews, filter, conflict, missing, ...extras],
  commits: {
    "overlays/prod/eu1/reviews.yaml": priya,
    "base/limits.yaml": tomas,
    "base/deny-all.yaml": tomas,
  },
  notes: [note],
  unchecked: [cutOff, { ...cutOff, what: "live/eu1/gateways.yaml" }, duplicate],
  equalBy: [
    {
      rule: "duration-spelling",
      level: "E1",
      reason: "A duration is the time it lasts: 1m is 60s.",
      count: 31,
    },
    {
      rule: "host-in-full",
      level: "E2",
      reason: "A short name stands for the service of that name in the object's own namespace and domain.",
      count: 6,
    },
  ],
  elsewhere: [
    { key: keyOf("istio-system/Telemetry/mesh-default", "telemetry.istio.io"), by: "Helm mesh-monitoring" },
  ],
  notMesh: 12,
  warnings: ["'commonLabels' is deprecated. Please use 'labels' instead."],
  bases: [
    {
      repository: "https://git.example.com/acme/base",
      ref: "v1.4",
      commit: "1d2c3b4a5968778695a4b3c2d1e0f0a1b2c3d4e5",
    },
  ],
});

/** A target of which nothing is known. */
export const unknown: TargetResult = {
  name: "staging",
  overlay: "overlays/staging",
  cluster: "staging",
  verdict: "unknown",
  kinds: [],
  inSync: 0,
  findings: [],
  hidden: [],
  resolved: [],
  transient: [],
  guards: [],
  commits: {},
  notes: [],
  unchecked: [
    {
      what: "overlay overlays/staging",
      code: "RENDER_REFUSED",
      reason:
        "overlays/staging/kustomization.yaml: resources[1] is remote: https://git.example.com/other.git",
      hint: "copy the base into this repository",
    },
  ],
  equalBy: [],
  elsewhere: [],
  notMesh: 0,
  warnings: [],
  bases: [],
};

/** A result over targets, with a summary that fits them. */
export function scanResult(targets: readonly TargetResult[], change: Partial<ScanResult> = {}): ScanResult {
  const findings = targets.flatMap((one) => one.findings);
  const unchecked = targets.flatMap((one) => one.unchecked);
  const summary: Summary = {
    ...countFindings(findings),
    ignored: targets.flatMap((one) => one.hidden.filter(({ by }) => by === "ignore")).length,
    unchecked: unchecked.length,
    notes: targets.flatMap((one) => one.notes).length,
    inSync: targets.reduce((sum, one) => sum + one.inSync, 0),
  };
  const isDrifted = findings.some(({ type }) => type !== "ineffective");
  const verdict = isDrifted ? "drifted" : unchecked.length > 0 ? "unknown" : "in-sync";
  return {
    schemaVersion: 1,
    tool: { version: "0.1.0", kustomize: "5.8.2" },
    startedAt: now.toISOString(),
    durationMs: 812,
    equality: "istio",
    verdict,
    exitCode: unchecked.length > 0 ? 2 : verdict === "drifted" ? 1 : 0,
    summary,
    targets,
    tolerated: [],
    ...change,
  };
}

/** Every type of finding, a target in sync, and one that is not known. */
export const everything = scanResult([drifted, target("prod-us1", { notes: [note, note] }), unknown]);
