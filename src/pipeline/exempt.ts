import type { Config, RepositoryConfig, TargetConfig } from "../config/config.ts";
import {
  draftBaseline,
  draftExemption,
  type Drafts,
  type ExemptionWords,
  type LeftOut,
  type WantedExemption,
} from "../core/judge/draft-exemptions.ts";
import { applyExemptions } from "../core/judge/exemptions.ts";
import { exemptionPatch } from "../core/judge/exemption-patch.ts";
import type { ScanResult } from "../core/model/scan-result.ts";
import { DriftError } from "../lib/errors.ts";
import { createCheckouts } from "./checkouts.ts";
import { readExemptions, type RepositoryExemptions } from "./read-exemptions.ts";
import { runScan } from "./scan.ts";
import type { ScanOptions, ScanPorts } from "./scan-ports.ts";

/** A patch with exemptions, and what people have to know about it. */
export interface ExemptResult {
  /** Fit for `git apply`; "" where there is nothing to exempt. */
  readonly patch: string;
  /** The URL or path of the repository that it is for. */
  readonly repository: string;
  readonly file: string;
  /** How many entries it adds. */
  readonly added: number;
  readonly leftOut: readonly LeftOut[];
  /** How many things could not be compared, so that nobody knows whether they need one. */
  readonly unchecked: number;
}

/** What to exempt: one finding of the only target, or without `wanted` everything that is found. */
export interface ExemptRequest {
  readonly wanted?: WantedExemption;
  readonly words: ExemptionWords;
}

/**
 * Scans some targets and drafts exemptions of what is found, as a patch to the default branch. Nothing is written. Throws
 * what a scan throws, and USAGE for what the operator's limits refuse, what is not found, and targets of several
 * repositories.
 */
export async function runExempt(
  config: Config,
  ports: ScanPorts,
  options: ScanOptions,
  { wanted, words }: ExemptRequest,
): Promise<ExemptResult> {
  const repository = repositoryOf(options.targets);
  const limits = config.judging.exemptions;
  const result = await runScan(config, ports, options);
  const known = await readKnown(repository, config, ports, options);
  const drafts =
    wanted === undefined
      ? draftBaseline(openFindings(result, known, config), words)
      : draftOne(result, wanted, words, config);
  const about = {
    repository: repository.url,
    file: limits.file,
    added: drafts.entries.length,
    leftOut: drafts.leftOut,
    unchecked: result.targets.reduce((sum, target) => sum + target.unchecked.length, 0),
  };
  if (drafts.entries.length === 0) return { ...about, patch: "" };
  const made = exemptionPatch(known.text, drafts.entries, {
    file: limits.file,
    limits,
    nowMs: options.now().getTime(),
  });
  if (made.type === "refused")
    throw new DriftError("USAGE", `no exemption: ${made.reason}`, { hint: made.hint });
  return { ...about, patch: made.patch };
}

function repositoryOf(targets: readonly TargetConfig[]): RepositoryConfig {
  const [first] = targets;
  const urls = [...new Set(targets.map(({ repository }) => repository.url))];
  if (first !== undefined && urls.length === 1) return first.repository;
  throw new DriftError("USAGE", `the targets are in several repositories (${urls.join(", ")})`, {
    hint: "Name targets of one repository with --target: a patch is for one.",
  });
}

async function readKnown(
  repository: RepositoryConfig,
  config: Config,
  ports: ScanPorts,
  { now, onWarning }: ScanOptions,
): Promise<RepositoryExemptions> {
  const checkouts = createCheckouts(ports.source);
  try {
    const known = await readExemptions(repository, checkouts, config.judging.exemptions, now());
    const { failed, problems } = known;
    const { file } = config.judging.exemptions;
    if (failed !== undefined) {
      const message = `${file} of the default branch cannot be read: ${failed.reason}`;
      throw new DriftError("INPUT_UNREADABLE", message, { hint: failed.hint });
    }
    for (const { line, reason } of problems) onWarning?.(`${file}:${String(line)} does not count: ${reason}`);
    return known;
  } finally {
    await checkouts.close();
  }
}

/** The findings with the exemptions that they have already. */
function openFindings(result: ScanResult, known: RepositoryExemptions, { judging }: Config) {
  return result.targets.map(({ name, findings }) => ({
    name,
    findings: findings.map(
      (finding) => applyExemptions(finding, name, known.exemptions, judging.exemptions).finding,
    ),
  }));
}

function draftOne(
  { targets }: ScanResult,
  wanted: WantedExemption,
  words: ExemptionWords,
  { judging }: Config,
): Drafts {
  const [target] = targets;
  const draft = draftExemption(target ?? { name: "", findings: [] }, wanted, words, judging.exemptions);
  if (draft.type === "draft") return draft;
  throw new DriftError("USAGE", draft.reason, { hint: draft.hint });
}
