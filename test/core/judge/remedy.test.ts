import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { remedyOf, revertCommand } from "../../../src/core/judge/remedy.ts";
import type { Change, Finding } from "../../../src/core/model/finding.ts";
import type { ResourceKey } from "../../../src/core/model/resource.ts";
import { shellLine } from "../../../src/core/text/shell-word.ts";

const options = {
  context: "prod eu1",
  printDesired: ({ namespace, kind, name }: ResourceKey) => ["show", `${namespace}/${kind}/${name}`],
};

const groups: Readonly<Record<string, string>> = {
  AuthorizationPolicy: "security.istio.io",
  PeerAuthentication: "security.istio.io",
  Namespace: "",
};

/** A finding about "Kind name". */
function finding(type: Finding["type"], of: string, ...changes: readonly Change[]): Finding {
  const [kind = "", name = ""] = of.split(" ");
  const namespace = kind === "Namespace" ? "" : "shop";
  return { type, key: { group: groups[kind] ?? "networking.istio.io", kind, namespace, name }, changes };
}

function change(type: Change["type"], path: string, pointer = "/spec"): Change {
  const side = { pointer, value: "x" };
  return {
    type,
    path,
    ...(type !== "added" && { desired: side }),
    ...(type !== "removed" && { live: side }),
  };
}

const timeout = change("changed", "spec.http[0].timeout");

function linesOf(...findings: readonly Finding[]): readonly string[] {
  return remedyOf(findings, options).steps.map(({ run }) => shellLine(run));
}

function warningsOf(...findings: readonly Finding[]): readonly string[] {
  return remedyOf(findings, options).steps.flatMap(({ warnings }) => warnings);
}

const kubectl = (verb: string, namespace = "shop") =>
  `kubectl ${verb} '--context=prod eu1'${namespace === "" ? "" : ` --namespace=${namespace}`}`;

describe("the command for", () => {
  it.for([
    [
      "a changed object",
      finding("changed", "VirtualService cart", timeout),
      `show shop/VirtualService/cart | ${kubectl("apply")} --filename=-`,
    ],
    [
      "an object with an item that Git does not have, in a list that is set as a whole",
      finding("changed", "VirtualService cart", change("added", "spec.http[1].fault")),
      `show shop/VirtualService/cart | ${kubectl("apply")} --filename=-`,
    ],
    [
      "an object with a field that apply would keep",
      finding("changed", "DestinationRule cart", change("added", "spec.trafficPolicy")),
      `show shop/DestinationRule/cart | ${kubectl("replace")} --filename=-`,
    ],
    [
      "an object with a key of a map that apply would keep",
      finding("changed", "PeerAuthentication cart", change("added", 'spec.portLevelMtls["8080"]')),
      `show shop/PeerAuthentication/cart | ${kubectl("replace")} --filename=-`,
    ],
    [
      "a missing object",
      finding("missing", "VirtualService cart"),
      `show shop/VirtualService/cart | ${kubectl("create")} --filename=-`,
    ],
    [
      "an extra object",
      finding("extra", "VirtualService cart"),
      `${kubectl("delete")} virtualservice.networking.istio.io/cart`,
    ],
    [
      "a label that Git does not have",
      finding(
        "changed",
        "Namespace shop",
        change("added", 'metadata.labels["istio.io/rev"]', "/metadata/labels/istio.io~1rev"),
      ),
      `${kubectl("label", "")} namespace/shop istio.io/rev-`,
    ],
  ] as const)("%s", ([, given, line]) => {
    expect(linesOf(given)).toEqual([line]);
  });

  it("a changed object with an annotation that Git does not have is two", () => {
    const dryRun = change("added", "metadata.annotations.a", "/metadata/annotations/a");
    expect(linesOf(finding("changed", "VirtualService cart", timeout, dryRun))).toEqual([
      `show shop/VirtualService/cart | ${kubectl("apply")} --filename=-`,
      `${kubectl("annotate")} virtualservice.networking.istio.io/cart a-`,
    ]);
  });

  it("anything can be tried out by the API server, and names the cluster", () => {
    const types = fc.constantFrom<Finding["type"]>("changed", "missing", "extra");
    const changes = fc.subarray([
      timeout,
      change("added", "spec.trafficPolicy"),
      change("added", "metadata.labels.a", "/metadata/labels/a"),
    ]);
    fc.assert(
      fc.property(types, changes, (type, some) => {
        const one = finding(type, "DestinationRule cart", ...(type === "changed" ? [timeout, ...some] : []));
        const { steps } = remedyOf([one], { ...options, kubeconfig: "/home/a b/config" });
        for (const { tryOut, run } of steps) {
          expect(tryOut.at(-1)).toContain("--dry-run=server");
          expect(tryOut.at(-1)?.filter((word) => word !== "--dry-run=server")).toEqual(run.at(-1));
          expect(run.at(-1)).toEqual(
            expect.arrayContaining(["--context=prod eu1", "--kubeconfig=/home/a b/config"]),
          );
        }
      }),
    );
  });
});

describe("there is no command for", () => {
  const clock = { firstSeen: "", since: "", basis: "seen", deadline: "" } as const;
  it.for([
    ["a conflict", finding("conflict", "VirtualService cart", timeout), "two targets"],
    [
      "a reference that is mended with its cause",
      finding("dangling", "VirtualService cart"),
      "what broke it",
    ],
    ["what the API server drops", finding("ineffective", "VirtualService cart"), "drops the field"],
    ["a definition", { ...finding("missing", "CustomResourceDefinition a"), blocks: [] }, "install that"],
    [
      "a canary in flight",
      {
        ...finding("changed", "VirtualService cart", timeout),
        standing: { state: "rolling-out", isOverdue: false },
      },
      "a rollout is under way",
    ],
    [
      "what an exemption accepts",
      {
        ...finding("changed", "VirtualService cart", timeout),
        standing: { state: "exempt", isOverdue: false },
      },
      "an exemption",
    ],
    ["a name that would be a flag", finding("extra", "VirtualService --all"), "its name"],
    ["a name of two lines", finding("missing", "VirtualService a\nb"), "its name"],
  ] as const)("%s", ([, given, reason]) => {
    const { steps, without } = remedyOf([given], options);
    expect(steps).toEqual([]);
    expect(without).toEqual([{ key: given.key, reason: expect.stringContaining(reason) as string }]);
  });

  it("but for a rollout that takes too long", () => {
    const standing = { state: "rolling-out", isOverdue: true, clock } as const;
    expect(linesOf({ ...finding("changed", "VirtualService cart", timeout), standing })).toHaveLength(1);
  });
});

describe("the order", () => {
  const set = [
    finding("extra", "DestinationRule old"),
    finding("extra", "VirtualService old"),
    finding("missing", "VirtualService cart"),
    finding("changed", "DestinationRule cart", change("removed", "spec.subsets[name=v2]")),
    finding("changed", "DestinationRule reviews", change("added", "spec.subsets[name=v3]")),
    finding("missing", "Gateway web"),
    finding("changed", "PeerAuthentication default", change("changed", "spec.mtls.mode")),
    finding("missing", "AuthorizationPolicy cart"),
    finding("extra", "Gateway old"),
  ];
  const safe = [
    "AuthorizationPolicy cart",
    "Gateway web",
    "DestinationRule cart",
    "PeerAuthentication default",
    "VirtualService cart",
    "DestinationRule reviews",
    "VirtualService old",
    "DestinationRule old",
    "Gateway old",
  ];

  it("makes what is needed before what needs it, and takes it away after", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(set, { minLength: set.length }), (shuffled) => {
        const steps = remedyOf(shuffled, options).steps.map(({ key }) => `${key.kind} ${key.name}`);
        expect(steps).toEqual(safe);
      }),
    );
  });
});

describe("a warning", () => {
  it.for([
    ["comes with undoing a deletion", finding("missing", "VirtualService cart"), ["may come back"]],
    [
      "comes with going back to weaker security",
      { ...finding("extra", "AuthorizationPolicy cart"), effect: { text: "", direction: "strengthens" } },
      ["weakens security"],
    ],
    [
      "comes with what replace takes away",
      finding("changed", "DestinationRule cart", change("added", "spec.trafficPolicy")),
      ["labels and annotations"],
    ],
    [
      "comes with subsets that come and go",
      finding(
        "changed",
        "DestinationRule cart",
        change("added", "spec.subsets[name=v3]"),
        change("removed", "spec.subsets[name=v2]"),
      ),
      ["first apply it with both"],
    ],
    [
      "comes with another name",
      {
        ...finding("extra", "VirtualService cart"),
        renamed: { group: "networking.istio.io", kind: "VirtualService", namespace: "shop", name: "basket" },
      },
      ["another name, basket"],
    ],
    [
      "comes with an edit that a ticket documents",
      {
        ...finding("changed", "VirtualService cart", timeout),
        breakGlass: { ticket: "INC-4821", on: "object" },
      },
      ["INC-4821"],
    ],
    [
      "comes with what was rolled back by hand, and says how Git follows",
      {
        ...finding("changed", "VirtualService cart", timeout),
        rolledBack: { to: "1111111", undoes: ["2222222", "3333333"] },
      },
      ["git revert --no-edit 2222222 3333333"],
    ],
    ["does not come with an ordinary change", finding("changed", "VirtualService cart", timeout), []],
  ] as const)("%s", ([, given, expected]) => {
    expect(warningsOf(given)).toEqual(expected.map((part) => expect.stringContaining(part) as string));
  });
});

describe("what was rolled back by hand", () => {
  it("is mended by a revert, newest first", () => {
    const undoes = ["b".repeat(40), "a".repeat(40)];
    const rolledBack = { to: "c".repeat(40), undoes };
    expect(revertCommand({ ...finding("changed", "VirtualService cart", timeout), rolledBack })).toEqual([
      "git",
      "revert",
      "--no-edit",
      ...undoes,
    ]);
  });

  it.for([[[]], [["--upload-pack=x"]]])("is not told of %j", ([undoes]) => {
    const rolledBack = { to: "c".repeat(40), undoes: undoes ?? [] };
    expect(
      revertCommand({ ...finding("changed", "VirtualService cart", timeout), rolledBack }),
    ).toBeUndefined();
  });
});
