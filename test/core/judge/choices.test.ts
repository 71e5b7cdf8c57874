import { describe, expect, it } from "vitest";
import { choicesOf } from "../../../src/core/judge/choices.ts";
import type { Finding } from "../../../src/core/model/finding.ts";
import type { Origin } from "../../../src/core/model/origin.ts";
import type { Exemption, State } from "../../../src/core/model/standing.ts";
import { formatKey } from "../../../src/core/model/resource.ts";
import { keyOf } from "../../report/samples.ts";
import { change, finding } from "./findings.ts";

const nowMs = Date.parse("2026-11-22T10:00:00Z");
const dayMs = 86_400_000;

const options = {
  context: "eu1",
  printDesired: (key: Finding["key"]) => ["show", formatKey(key)],
  target: "prod-eu1",
  overlay: "overlays/prod/eu1",
  limits: { maxLengthMs: 30 * dayMs, tier0: false },
  nowMs,
};

function at(file: string, line: number): Origin {
  const owners = { state: "owned", owners: ["@acme/mesh"], line: 1 } as const;
  return { type: "known", file, line, column: 7, by: "resource", precision: "field", owners };
}

const neverOld: Exemption = {
  reason: "slow bank",
  until: "2026-12-01",
  file: ".drift/exemptions.yaml",
  line: 3,
  hasEnded: false,
};

const unknown: Origin = { type: "unknown", reason: "two places could set it" };

function standing(state: State, isOverdue = false): Pick<Finding, "standing"> {
  return { standing: { state, isOverdue, reason: "said elsewhere" } };
}

const timeout = { ...change("spec.http[0].timeout"), origin: at("base/vs.yaml", 14) };
const weight = { ...change("spec.http[0].route[0].weight"), origin: at("overlays/prod/eu1/patch.yaml", 3) };

/** What is offered beside going back to Git, in a few words. */
function offered(of: Finding, more: Partial<typeof options> = {}) {
  const choices = choicesOf(of, { ...options, ...more });
  if (choices === undefined) return undefined;
  const { keepGit, keepEdit, buyTime } = choices;
  const edit = () => {
    if (keepEdit.type === "not-offered") return `no: ${keepEdit.reason}`;
    if (keepEdit.type === "revert") return keepEdit.command.join(" ");
    return [keepEdit.what, ...keepEdit.at.map(({ file, places }) => `${file}:${places.join(",")}`)].join(" ");
  };
  return [
    keepGit.steps.length > 0 ? "commands" : `no: ${String(keepGit.without[0]?.reason)}`,
    edit(),
    buyTime.type === "exempt" ? buyTime.until : `no: ${buyTime.reason}`,
  ];
}

describe("what a person may do", () => {
  it.for<[string, Finding, readonly string[] | undefined]>([
    [
      "about a changed field: edit the line that sets it",
      finding([timeout]),
      ["commands", "write what live has into base/vs.yaml:14:7", "2026-11-29"],
    ],
    [
      "about fields of two files: edit both, each place once",
      finding([timeout, timeout, weight]),
      [
        "commands",
        "write what live has into base/vs.yaml:14:7 overlays/prod/eu1/patch.yaml:3:7",
        "2026-11-29",
      ],
    ],
    [
      "about a field whose line is not known",
      finding([{ ...timeout, origin: unknown }]),
      ["commands", "write what live has into Git; the line is not known", "2026-11-29"],
    ],
    [
      "about an object that Git lacks",
      finding([], { type: "extra" }),
      ["commands", "put the object into the resources of overlays/prod/eu1", "2026-11-29"],
    ],
    [
      "about an object that live lacks",
      finding([], { type: "missing", origin: at("base/vs.yaml", 1) }),
      ["commands", "take the object out of base/vs.yaml:1:7", "2026-11-29"],
    ],
    [
      "about weakened security: nothing but going back",
      finding([timeout, change("spec.mtls", "weakens")]),
      ["commands", "no: it weakens security", "2026-11-29"],
    ],
    [
      "about nothing but weakened security: no exemption either",
      finding([change("spec.mtls", "weakens")]),
      ["commands", "no: it weakens security", "no: it weakens security"],
    ],
    [
      "about what was rolled back by hand: let Git follow",
      finding([timeout], { rolledBack: { to: "abcdef1", undoes: ["1234567"] } }),
      ["commands", "git revert --no-edit 1234567", "2026-11-29"],
    ],
    [
      "about a canary in flight: leave it alone",
      finding([timeout], standing("rolling-out")),
      [
        "no: a rollout is under way, and its controller sets the field again",
        "no: a rollout is under way, and its controller sets the field again",
        "no: a rollout is under way, and its controller sets the field again",
      ],
    ],
    [
      "about a canary that stands for too long",
      finding([timeout], standing("rolling-out", true)),
      ["commands", "write what live has into base/vs.yaml:14:7", "2026-11-29"],
    ],
    [
      "about what an exemption accepts",
      finding([timeout], { ...standing("exempt"), exemption: neverOld }),
      [
        "no: an exemption accepts it for a time",
        "write what live has into base/vs.yaml:14:7",
        "no: an exemption accepts it already",
      ],
    ],
    [
      "about what an exemption accepted until it ended",
      finding([timeout], { ...standing("open"), exemption: { ...neverOld, hasEnded: true } }),
      ["commands", "write what live has into base/vs.yaml:14:7", "2026-11-29"],
    ],
    [
      "about what two targets disagree on",
      finding([timeout], { type: "conflict" }),
      [
        "no: two targets want different things of it: settle that in Git first",
        "no: two targets want different things of it: make them agree in Git",
        "no: it is conflict: that cannot be exempted",
      ],
    ],
    [
      "about a broken reference",
      finding([], { type: "dangling" }),
      [
        "no: it is mended with what broke it",
        "no: it is mended with what broke it",
        "no: it is dangling: that cannot be exempted",
      ],
    ],
    [
      "about a kind that the cluster lacks",
      finding([], { type: "missing", blocks: [keyOf("shop/VirtualService/reviews")] }),
      [
        "no: its definition comes with Istio or Gateway API: install that",
        "no: Git needs the definition as long as it has such objects",
        "2026-11-29",
      ],
    ],
    ["about what the API server drops: that is no drift", finding([], { type: "ineffective" }), undefined],
  ])("%s", ([, of, expected]) => {
    expect(offered(of)).toEqual(expected);
  });

  it("names the manifests where there is no overlay", () => {
    const { overlay, ...rest } = options;
    expect(overlay).toBeTruthy();
    expect(choicesOf(finding([], { type: "extra" }), rest)?.keepEdit).toMatchObject({
      what: "put the object into the manifests",
    });
  });

  it.for([
    [30 * dayMs, "2026-11-29"],
    [8 * dayMs, "2026-11-29"],
    // The day would last beyond what is allowed.
    [7 * dayMs, "2026-11-29T10:00Z"],
    [dayMs / 2, "2026-11-22T22:00Z"],
  ] as const)("never offers an exemption beyond the limit of %d ms", ([maxLengthMs, until]) => {
    expect(offered(finding([timeout]), { limits: { maxLengthMs, tier0: false } })?.[2]).toBe(until);
  });

  it("offers to exempt weakened security where the operator allows it", () => {
    const weak = finding([change("spec.mtls", "weakens")]);
    expect(offered(weak, { limits: { maxLengthMs: 30 * dayMs, tier0: true } })?.[2]).toBe("2026-11-29");
  });
});
