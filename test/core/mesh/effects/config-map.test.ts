import { expect, it } from "vitest";
import { compare } from "../../../../src/core/compare/compare.ts";
import { meshConfigMap } from "../../../support/mesh-object.ts";

const shared = "istio-shared";
const main = "istio-1-27";
const leftOpen = "on one side the shared mesh configuration decides, and may say otherwise";

/** What is told of the main ConfigMap where a shared one says one thing in Git, and another in the cluster. */
function toldOf(texts: {
  readonly shared: readonly [string, string];
  readonly main: readonly [string, string];
}) {
  const [git, live] = ([0, 1] as const).map((side) => [
    meshConfigMap(texts.shared[side], shared),
    meshConfigMap(texts.main[side], main),
  ]);
  const { findings } = compare(git ?? [], live ?? [], { meshConfig: { shared } });
  const changes = findings.filter(({ key }) => key.name === main).flatMap((finding) => finding.changes);
  return changes.map(({ effect }) => effect);
}

const otherModes = [
  "outboundTrafficPolicy: { mode: REGISTRY_ONLY }",
  "outboundTrafficPolicy: { mode: ALLOW_ANY }",
] as const;

it("a setting that one side leaves to what is shared is no sure step to more security", () => {
  expect(
    toldOf({ shared: otherModes, main: ["{}", "outboundTrafficPolicy: { mode: REGISTRY_ONLY }"] }),
  ).toEqual([{ text: leftOpen, direction: "weakens" }]);
});

it("a part of a setting that is replaced as a whole is not left to what is shared", () => {
  const texts = [
    "tlsDefaults: { cipherSuites: [a] }",
    "tlsDefaults: { cipherSuites: [a], minProtocolVersion: TLSV1_3 }",
  ] as const;
  expect(toldOf({ shared: ["tlsDefaults: {}", "{}"], main: texts })).toEqual([
    { text: "TLS connections other than the mesh's own must use TLS 1.3", direction: "strengthens" },
  ]);
});

it("a setting that is shared alike on both sides is told by itself", () => {
  expect(
    toldOf({
      shared: ["trustDomain: a.example", "trustDomain: a.example"],
      main: ["{}", "accessLogFile: a"],
    }),
  ).toEqual([{ text: "access logs are now on", direction: "neutral" }]);
});

it("a ConfigMap of a revision is told to be one", () => {
  const { findings } = compare([meshConfigMap("{}", main)], []);
  expect(findings.map(({ effect }) => effect?.text)).toEqual([
    "the control plane of revision 1-27 has none of the settings of Git here: others, or Istio's defaults, hold",
  ]);
});
