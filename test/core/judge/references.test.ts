import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { findDangling } from "../../../src/core/judge/references.ts";
import type { Finding } from "../../../src/core/model/finding.ts";
import type { JsonObject } from "../../../src/core/model/json.ts";
import { formatKey, keyId, keyOf, type Resource } from "../../../src/core/model/resource.ts";
import { judge, live, target } from "./cluster.ts";

/** Specs by "Kind namespace/name". */
type Objects = Readonly<Record<string, JsonObject>>;

interface Case {
  readonly says: string;
  readonly both?: Objects;
  readonly git?: Objects;
  readonly live?: Objects;
  readonly read?: readonly string[];
  readonly unread?: readonly string[];
  readonly told: readonly string[];
  readonly twin?: Pick<Case, "both" | "git" | "live">;
}

const file = fileURLToPath(new URL("references-cases.yaml", import.meta.url));
// The file is ours; a slip in it fails the tests that read it.
const cases = parse(readFileSync(file, "utf8")) as readonly Case[];

const groups: Readonly<Record<string, string>> = {
  Service: "",
  Pod: "",
  AuthorizationPolicy: "security.istio.io",
  HTTPRoute: "gateway.networking.k8s.io",
  ReferenceGrant: "gateway.networking.k8s.io",
};

function partsOf(name: string) {
  const [, kind = "", given = "", namespace = "", own = ""] =
    /^([^. ]+)\.?(\S*) ([^/]*)\/(.*)$/.exec(name) ?? [];
  return { kind, given, namespace, own };
}

function resourceOf(name: string, spec: JsonObject): Resource {
  const { kind, given, namespace, own } = partsOf(name);
  const group = given || (groups[kind] ?? "networking.istio.io");
  const labels = kind === "Pod" ? spec["labels"] : undefined;
  const object: JsonObject = {
    apiVersion: group === "" ? "v1" : `${group}/v1`,
    kind,
    metadata: { name: own, namespace, ...(labels !== undefined && { labels }) },
    spec,
  };
  const key = keyOf(object);
  if (key === undefined) throw new Error(`no key: ${name}`);
  return { key, object };
}

function resourcesOf(...objects: readonly (Objects | undefined)[]): readonly Resource[] {
  const all = new Map(objects.flatMap((one) => Object.entries(one ?? {})));
  return [...all].map(([name, spec]) => resourceOf(name, spec));
}

const namespaces = ["shop", "web", "cart", "infra", "istio-system"];

function danglingIn({ both, git, live: there, read = [], unread = [] }: Omit<Case, "says" | "told">) {
  const desired = resourcesOf(both, git);
  const side = live(resourcesOf(both, there), {
    isComplete: ({ kind }) =>
      !unread.includes(kind) && (!["Service", "Pod"].includes(kind) || read.includes(kind)),
  });
  const findings = judge([target("prod", desired, namespaces)], side).get("prod")?.findings ?? [];
  return { findings, dangling: dangling(findings, desired, side) };
}

function dangling(
  findings: readonly Finding[],
  desired: readonly Resource[],
  side: ReturnType<typeof live>,
): readonly Finding[] {
  return findDangling(findings, {
    ...side,
    domain: "cluster.local",
    rootNamespace: "istio-system",
    desired: new Map(desired.map((resource) => [keyId(resource.key), resource])),
  });
}

function told({ key, dangling: what }: Finding): string {
  if (what === undefined) throw new Error("no dangling finding");
  const by = `by ${formatKey(what.brokenBy)}`;
  const code = what.code === undefined ? by : `${what.code}, ${by}`;
  return `${formatKey(key)} ${what.path}: ${what.reason} (${code})`;
}

describe("the drift broke", () => {
  it.for(cases)("$says", (given) => {
    expect(danglingIn(given).dangling.map(told)).toEqual(given.told);
  });

  it.for(cases.filter(({ told: broken }) => broken.length > 0))(
    "nothing, where Git breaks it too: $says",
    (given) => {
      const { findings } = danglingIn({ ...given, git: given.live ?? {} });
      expect(findings.filter(({ type }) => type !== "changed")).toEqual([]);
      expect(danglingIn({ ...given, git: given.live ?? {} }).dangling).toEqual([]);
    },
  );

  it.for(cases.filter(({ twin }) => twin !== undefined))("nothing in the twin of: $says", (given) => {
    const world = { ...given, ...given.twin };
    expect(danglingIn(world).findings).not.toEqual([]);
    expect(danglingIn(world).dangling).toEqual([]);
  });
});

describe("references", () => {
  const worlds = fc.subarray([...cases], { minLength: 1, maxLength: 4 });

  it("are never broken by the drift where there is none", () => {
    fc.assert(
      fc.property(worlds, fc.boolean(), (some, isGit) => {
        const parts = some.flatMap(({ both, git, live: there }) => [both, isGit ? git : there]);
        const all = Object.fromEntries(parts.flatMap((one) => Object.entries(one ?? {})));
        expect(danglingIn({ both: all, read: ["Service", "Pod"] }).dangling).toEqual([]);
      }),
    );
  });

  it("are never called broken while lists are not complete", () => {
    for (const given of cases) {
      const desired = resourcesOf(given.both, given.git);
      const resources = resourcesOf(given.both, given.live);
      const { findings } = danglingIn(given);
      const found = dangling(findings, desired, live(resources, { isComplete: () => false }));
      const needed = found.filter(
        ({ dangling: what }) => what !== undefined && !/too[,:]|listener|no server/.test(what.reason),
      );
      expect(needed.map(told)).toEqual([]);
    }
  });

  it("name an object that drifted, and one that is live", () => {
    fc.assert(
      fc.property(worlds, (some) => {
        const merged = (which: "both" | "git" | "live"): Objects =>
          Object.fromEntries(some.flatMap((one) => Object.entries(one[which] ?? {})));
        const world = { both: merged("both"), git: merged("git"), live: merged("live") };
        const { findings, dangling: found } = danglingIn({ ...world, read: ["Service", "Pod"] });
        const drifted = new Set(findings.map(({ key }) => keyId(key)));
        const there = new Set(resourcesOf(world.both, world.live).map(({ key }) => keyId(key)));
        for (const { key, dangling: what } of found) {
          expect(there).toContain(keyId(key));
          expect(drifted).toContain(what === undefined ? "" : keyId(what.brokenBy));
        }
      }),
    );
  });

  it("of an object that Git has with an open variable are not judged", () => {
    const git = resourceOf("VirtualService shop/a", {
      hosts: ["a"],
      http: [{ route: [{ destination: { host: "a", subset: "${V}" } }] }],
    });
    const there = resourceOf("VirtualService shop/a", {
      hosts: ["a", "b"],
      http: [{ route: [{ destination: { host: "a", subset: "v2" } }] }],
    });
    const findings: Finding[] = [{ type: "changed", key: git.key, changes: [] }];
    expect(dangling(findings, [{ ...git, unresolved: ["V"] }], live([there]))).toEqual([]);
    expect(dangling(findings, [git], live([there]))).toHaveLength(1);
  });

  it("break for every object of a kind whose definition is gone", () => {
    const rule = resourceOf("DestinationRule shop/a", { host: "a", subsets: [{ name: "v2" }] });
    const route = resourceOf("VirtualService shop/a", {
      hosts: ["a"],
      http: [{ route: [{ destination: { host: "a", subset: "v2" } }] }],
    });
    const definition = {
      group: "apiextensions.k8s.io",
      kind: "CustomResourceDefinition",
      namespace: "",
      name: "a",
    };
    const findings: Finding[] = [{ type: "missing", key: definition, changes: [], blocks: [rule.key] }];
    expect(
      dangling(findings, [rule, route], live([route])).map(({ dangling: what }) => what?.brokenBy),
    ).toEqual([rule.key]);
  });
});
