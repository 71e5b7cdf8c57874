import { compareSides, type SidesDiff, type SidesOptions } from "../core/compare/compare-sides.ts";
import { equalPlaces } from "../core/judge/equal-places.ts";
import { countEqual, exitCodeOf, verdictOf } from "../core/judge/verdict.ts";
import { countFindings } from "../core/model/count-findings.ts";
import type { DiffResult, LeftOut } from "../core/model/diff-result.ts";
import type { Unchecked } from "../core/model/finding.ts";
import { formatKind, keyId, type ResourceKey } from "../core/model/resource.ts";
import { concealTold } from "../core/text/conceal-told.ts";
import { concealFinding, concealNote, concealPlace } from "../core/text/redact.ts";
import type { ReadInput } from "../ports/input.ts";

export interface DiffOptions extends SidesOptions {
  /** For fingerprints of values that may not be shown. */
  readonly fingerprintKey: string;
  /** Whether to list what was treated as equal, place by place. */
  readonly showEqual?: boolean;
  /** Of this tool. */
  readonly version: string;
}

/** Paths of files or folders; "-" is standard input. */
export interface DiffPaths {
  readonly desired: string;
  readonly live: string;
}

/**
 * Compares two files, folders or streams of manifests by meaning. Both are taken as complete: what stands on one side
 * only is missing or extra. Throws DriftError where a side cannot be read at all.
 */
export async function runDiff(
  paths: DiffPaths,
  readInput: ReadInput,
  options: DiffOptions,
): Promise<DiffResult> {
  const [desired, live] = await Promise.all([readInput(paths.desired), readInput(paths.live)]);
  const diff = compareSides(desired, live, options);
  const unchecked = [...diff.unchecked, ...nothingCompared(diff)];
  // Here, and nowhere later, values that may not be shown become fingerprints.
  const findings = diff.findings.map(({ finding }) => concealFinding(finding, options.fingerprintKey));
  const notes = diff.notes.map((note) => concealNote(note, options.fingerprintKey));
  const result: DiffResult = {
    schemaVersion: 1,
    tool: { version: options.version },
    equality: options.equality,
    verdict: verdictOf({ findings, unchecked }),
    exitCode: exitCodeOf({ findings, unchecked }),
    summary: {
      ...countFindings(findings),
      ignored: 0,
      unchecked: unchecked.length,
      notes: notes.length,
      inSync: diff.inSync.length,
    },
    ...paths,
    findings,
    notes,
    unchecked,
    equalBy: countEqual(diff.equalBy),
    ...(options.showEqual === true && {
      equal: equalPlaces(diff.equalBy).map((place) => concealPlace(place, options.fingerprintKey)),
    }),
    leftOut: countKinds(diff.notMesh),
  };
  return concealTold(result, options.fingerprintKey);
}

/** How many objects of each kind; an object whose key stands twice counts once. */
function countKinds(keys: readonly ResourceKey[]): readonly LeftOut[] {
  const objects = new Map(keys.map((key) => [keyId(key), key]));
  const kinds = new Map<string, LeftOut>();
  for (const key of objects.values()) {
    const name = formatKind(key);
    kinds.set(name, { group: key.group, kind: key.kind, count: (kinds.get(name)?.count ?? 0) + 1 });
  }
  return [...kinds].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, kind]) => kind);
}

/** Two sides without any mesh object are not in sync: nothing was compared. */
function nothingCompared(diff: SidesDiff): readonly Unchecked[] {
  if (diff.findings.length + diff.inSync.length + diff.unchecked.length > 0) return [];
  const others = diff.notMesh.length;
  return [
    {
      what: "both sides",
      code: "NOTHING_TO_COMPARE",
      reason:
        others === 0
          ? "neither side holds an object"
          : `none of the ${String(others)} objects is of a kind that the mesh reads`,
      hint: "Check that these are the right files.",
    },
  ];
}
