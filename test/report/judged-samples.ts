import type { Attribution } from "../../src/core/model/attribution.ts";
import type { Change, Finding } from "../../src/core/model/finding.ts";
import type { Origin } from "../../src/core/model/origin.ts";
import type { Risk } from "../../src/core/model/risk.ts";
import type { Standing } from "../../src/core/model/standing.ts";
import type { Commit } from "../../src/core/model/commit.ts";
import type { TargetResult } from "../../src/core/model/scan-result.ts";
import { changed, keyOf, target } from "./samples.ts";

const aiko: Commit = {
  sha: "b9087e53a1d2c3a4f5e6d7c8b9a0f1e2d3c4b5a6",
  author: "Aiko Brandt",
  date: "2026-10-12T08:00:00Z",
  subject: "Checkout: give up on an order after 5 s",
};

const edited: Attribution = {
  manager: "kubectl-edit",
  class: "person",
  operation: "Update",
  time: "2026-11-21T06:03:00Z",
  wrote: "spec.http",
  precision: "around",
};

function originAt(line: number, more: Partial<Extract<Origin, { type: "known" }>> = {}): Origin {
  return {
    type: "known",
    file: "base/checkout/virtual-service.yaml",
    line,
    column: 16,
    by: "resource",
    precision: "field",
    commit: aiko,
    owners: { state: "owned", owners: ["@acme/checkout", "@ines"], line: 4 },
    ...more,
  };
}

const routing: Risk = {
  tier: 2,
  rule: "routing",
  reason: "It decides where requests go and how long they may take.",
};

const today: Standing = {
  state: "open",
  isOverdue: false,
  clock: {
    firstSeen: "2026-11-21T06:10:00Z",
    since: "2026-11-21T06:03:00Z",
    basis: "claim",
    deadline: "2026-11-22T06:03:00Z",
  },
};

const timeout: Change = {
  ...changed("spec.http[name=place-order].timeout", "5s", "30s"),
  effect: { text: "requests to checkout may wait 6x longer", direction: "neutral" },
  attribution: edited,
  origin: originAt(14),
  risk: routing,
  standing: today,
};

const attempts: Change = {
  ...changed("spec.http[name=place-order].retries.attempts", 3, 0),
  attribution: {
    ...edited,
    user: {
      name: "ines@acme.example",
      groups: ["mesh"],
      verb: "patch",
      time: "2026-11-21T06:03:00Z",
      precision: "field",
    },
  },
  origin: originAt(12, {
    file: "components/resilience/kustomization.yaml",
    by: "json6902-patch",
    owners: { state: "unmatched" },
  }),
  risk: routing,
  standing: today,
};

const fault: Change = {
  type: "added",
  path: "spec.http[name=place-order].fault",
  live: { pointer: "/spec/http/0/fault", value: { abort: { httpStatus: 503, percentage: { value: 10 } } } },
  attribution: {
    manager: "",
    class: "unknown",
    wrote: "",
    precision: "object",
    doubts: ["the object has no managedFields"],
  },
  origin: originAt(11, { precision: "around", owners: { state: "unowned", line: 2 } }),
  risk: routing,
  standing: today,
};

const open: Finding = {
  type: "changed",
  key: keyOf("shop/VirtualService/checkout"),
  changes: [timeout, attempts, fault],
  provenance: { file: "base/checkout/virtual-service.yaml", changedBy: [] },
  risk: routing,
  standing: today,
  breakGlass: { ticket: "INC-4821", on: "object" },
};

const overdue: Finding = {
  type: "missing",
  key: keyOf("shop-ingress/AuthorizationPolicy/internal-paths", "security.istio.io"),
  changes: [],
  effect: { text: "requests that it refuses are accepted", direction: "weakens" },
  provenance: { file: "base/ingress/internal-paths.yaml", changedBy: [] },
  origin: {
    type: "unknown",
    reason: "the overlay cannot be rendered with marks: a replacement needs a delimiter",
  },
  risk: { tier: 0, rule: "weakens-security", reason: "Something is accepted that was not." },
  standing: {
    state: "overdue",
    isOverdue: true,
    clock: {
      firstSeen: "2026-11-18T10:00:00Z",
      since: "2026-11-18T09:50:00Z",
      basis: "last-clean",
      deadline: "2026-11-19T09:50:00Z",
    },
  },
  exemption: {
    reason: "moved to the edge proxy for a week",
    ticket: "INC-4700",
    by: "ines@acme.example",
    until: "2026-11-20T23:59:59Z",
    file: ".drift/exemptions.yaml",
    line: 3,
    hasEnded: true,
  },
};

const rollingOut: Finding = {
  type: "changed",
  key: keyOf("shop/VirtualService/reviews"),
  changes: [changed("spec.http[name=primary].route[subset=v2].weight", 10, 50)],
  risk: { tier: 2, rule: "routing", reason: "It decides where requests go." },
  standing: {
    state: "rolling-out",
    isOverdue: false,
    reason: "Canary shop/reviews wants 50 % for its canary now (Progressing)",
  },
};

const rolledBack: Finding = {
  type: "changed",
  key: keyOf("shop/DestinationRule/cart"),
  changes: [changed("spec.trafficPolicy.connectionPool.tcp.maxConnections", 100, 50)],
  rolledBack: { to: "1111111aa1d2c3a4", undoes: ["2222222aa1d2c3a4", "3333333aa1d2c3a4"] },
  standing: { state: "new", isOverdue: false },
};

const dangling: Finding = {
  type: "dangling",
  key: keyOf("shop/VirtualService/catalogue"),
  changes: [],
  risk: { tier: 2, rule: "dangling", reason: "Requests to it fail." },
  standing: { state: "new", isOverdue: false },
  dangling: {
    path: "spec.http[name=search].route[0].destination.subset",
    reason: "subset v2 of host catalogue is defined by no DestinationRule",
    code: "IST0101",
    brokenBy: keyOf("shop/DestinationRule/catalogue"),
  },
};

/** A target with findings in every state. */
export const judged: TargetResult = target("prod-eu1", {
  verdict: "drifted",
  findings: [open, overdue, rollingOut, rolledBack, dangling],
});
