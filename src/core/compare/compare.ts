import type { Operation } from "fast-json-patch";
import type { EqualBy, EqualitySetting, Finding, Note, Unchecked } from "../model/finding.ts";
import { asJson, isObject } from "../model/json.ts";
import { keyOf, type Resource, type ResourceKey } from "../model/resource.ts";
import type { MetadataSetting } from "./compare-objects.ts";
import { compareSides, type Side } from "./compare-sides.ts";
import type { MeshSettings } from "./facts.ts";

export type {
  Change,
  EqualBy,
  EqualitySetting,
  Finding,
  Ineffective,
  Located,
  Note,
  Unchecked,
} from "../model/finding.ts";
export type { ResourceKey } from "../model/resource.ts";
export type { MeshSettings } from "./facts.ts";

/** How `compare` compares. */
export interface CompareOptions {
  /** How far equality goes; "istio" by default. */
  readonly equality?: EqualitySetting;
  /** What is known of the mesh: its DNS domain, Istio's version, the root namespace. */
  readonly facts?: MeshSettings;
  /** `shared`: the name of the shared ConfigMap, which stands in both lists beside ConfigMap `istio`. */
  readonly meshConfig?: { readonly shared?: string };
  /** Which labels and annotations without mesh meaning become notes; "declared" (in Git) by default. */
  readonly metadata?: MetadataSetting;
}

/** A finding, with the patch that adopts it: RFC 6902 on the desired object, absent for `missing` and `extra`. */
export type ComparedFinding = Finding & { readonly patch?: readonly Operation[] };

/** What `compare` found. Values are raw: whoever shows them heeds `Located.secret`. */
export interface Compared {
  readonly findings: readonly ComparedFinding[];
  readonly notes: readonly Note[];
  readonly unchecked: readonly Unchecked[];
  readonly equalBy: readonly EqualBy[];
  /** Objects of kinds that the mesh does not read: not compared. */
  readonly notMesh: readonly ResourceKey[];
}

/** Deeper objects are not compared but `unchecked`: no mesh object nests that deep. */
const maxDepth = 128;

/**
 * Compares two sets of Kubernetes objects by what they mean to Istio and Gateway API. Both lists are taken as
 * complete. Never throws for what stands in an object: what cannot be compared is `unchecked`.
 */
export function compare(
  desired: readonly object[],
  live: readonly object[],
  options: CompareOptions = {},
): Compared {
  const diff = compareSides(readSide("desired", desired), readSide("live", live), {
    equality: options.equality ?? "istio",
    metadata: options.metadata ?? "declared",
    mesh: options.facts ?? {},
    ...(options.meshConfig?.shared !== undefined && { sharedMeshConfig: options.meshConfig.shared }),
  });
  return {
    findings: diff.findings.map(({ finding, patch }) => ({ ...finding, ...(patch && { patch: patch() }) })),
    notes: diff.notes,
    unchecked: diff.unchecked,
    equalBy: diff.equalBy,
    notMesh: diff.notMesh,
  };
}

function readSide(side: "desired" | "live", given: readonly object[]): Side {
  const resources: Resource[] = [];
  const unchecked: Unchecked[] = [];
  given.forEach((item, index) => {
    const what = `${side}[${String(index)}]`;
    const read = asJson(item, maxDepth);
    if (read.type === "refused") {
      unchecked.push({ what, code: "NOT_JSON", reason: read.reason, hint: "Pass plain JSON data." });
      return;
    }
    const key = isObject(read.value) ? keyOf(read.value) : undefined;
    if (key === undefined || !isObject(read.value)) {
      const reason = "it has no apiVersion, kind or metadata.name";
      unchecked.push({ what, code: "NOT_AN_OBJECT", reason, hint: "Pass Kubernetes objects." });
      return;
    }
    resources.push({ key, object: read.value });
  });
  return { resources, unchecked, isComplete: unchecked.length === 0 };
}
