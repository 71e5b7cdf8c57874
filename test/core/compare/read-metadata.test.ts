import { expect, it } from "vitest";
import { compare } from "../../../src/core/compare/compare.ts";
import { resource } from "../../support/resources.ts";

const kinds = {
  WorkloadEntry: "networking.istio.io/v1",
  AuthorizationPolicy: "security.istio.io/v1",
  Gateway: "gateway.networking.k8s.io/v1",
  Namespace: "v1",
  VirtualService: "networking.istio.io/v1",
} as const;

function withMetadata(kind: keyof typeof kinds, metadata: string): object {
  return resource(
    `{apiVersion: ${kinds[kind]}, kind: ${kind}, metadata: {name: a, namespace: shop, ${metadata}}, spec: {}}`,
  ).object;
}

it.for([
  [
    "AuthorizationPolicy",
    "another spelling of a dry run",
    'annotations: {istio.io/dry-run: "true"}',
    'annotations: {istio.io/dry-run: "1"}',
    "same",
  ],
  ["AuthorizationPolicy", "no dry run", 'annotations: {istio.io/dry-run: "yes"}', "", "same"],
  ["AuthorizationPolicy", "a dry run", 'annotations: {istio.io/dry-run: "True"}', "", "drift"],
  ["VirtualService", "a dry run of what has none", 'annotations: {istio.io/dry-run: "0"}', "", "drift"],
  ["WorkloadEntry", "a label that selects", "labels: {app: a}", "labels: {app: b}", "drift"],
  [
    "WorkloadEntry",
    "a label that Argo CD writes and Git declares",
    "labels: {app.kubernetes.io/instance: a}",
    "labels: {app.kubernetes.io/instance: b}",
    "drift",
  ],
  [
    "WorkloadEntry",
    "a label that only Argo CD wrote",
    "labels: {app: a}",
    "labels: {app: a, app.kubernetes.io/instance: shop}",
    "same",
  ],
  [
    "Gateway",
    "an annotation for the load balancer",
    "annotations: {example.com/scheme: internal}",
    "annotations: {example.com/scheme: internet-facing}",
    "drift",
  ],
  [
    "Gateway",
    "an annotation only live",
    "annotations: {}",
    "annotations: {example.com/scheme: public}",
    "drift",
  ],
  ["Namespace", "a declared label that is gone", "labels: {mesh: on}", "labels: {}", "drift"],
  ["Namespace", "a label of a platform", "labels: {mesh: on}", "labels: {mesh: on, team: x}", "same"],
  ["Namespace", "a mesh label only live", "labels: {}", "labels: {istio-injection: disabled}", "drift"],
  [
    "Namespace",
    "what the API server writes",
    "labels: {}",
    "labels: {kubernetes.io/metadata.name: a}",
    "same",
  ],
  ["VirtualService", "a label", "labels: {team: a}", "labels: {team: b}", "note"],
  ["VirtualService", "a label only live", "labels: {}", "labels: {team: b}", "same"],
] as const)("%s: %s is %5$s", ([kind, , desired, live, expected]) => {
  const { findings, notes } = compare([withMetadata(kind, desired)], [withMetadata(kind, live)]);
  expect(findings.length > 0 ? "drift" : notes.length > 0 ? "note" : "same").toBe(expected);
});

it("shows no value of an annotation that is not one of Istio's words", () => {
  const of = (value: string) =>
    withMetadata("Gateway", `annotations: {proxy.istio.io/config: ${value}, istio.io/rev: ${value}}`);
  const { findings } = compare([of("one")], [of("two")]);
  expect(
    findings.flatMap(({ changes }) => changes).map(({ path, desired }) => [path, desired?.secret]),
  ).toEqual([
    ['metadata.annotations["istio.io/rev"]', undefined],
    ['metadata.annotations["proxy.istio.io/config"]', [""]],
  ]);
});
