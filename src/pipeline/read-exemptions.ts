import type { RepositoryConfig } from "../config/config.ts";
import type { ExemptionsConfig } from "../config/config-judging.ts";
import { type ExemptionsRead, parseExemptions } from "../core/judge/parse-exemptions.ts";
import { DriftError } from "../lib/errors.ts";
import type { Checkout } from "../ports/source.ts";
import type { Checkouts } from "./checkouts.ts";

/** The exemptions of a repository, as its default branch has them. */
export interface RepositoryExemptions extends ExemptionsRead {
  /** What the file holds, with its byte order mark; absent where there is none. */
  readonly text?: string;
  /** Why the file could not be read: then nothing is exempt. */
  readonly failed?: Pick<DriftError, "code" | "reason" | "hint">;
}

/**
 * Reads the exemptions of a repository from its default branch, whatever revision its targets are at: only who may merge
 * there may exempt. What cannot be read exempts nothing, and says so.
 */
export async function readExemptions(
  repository: RepositoryConfig,
  checkouts: Checkouts,
  { file, maxLengthMs }: ExemptionsConfig,
  now: Date,
): Promise<RepositoryExemptions> {
  const opened = await checkouts.open({ ...repository, revision: "" });
  if (opened.type === "failed") return failed(opened.error);
  try {
    const text = await readText(opened.checkout, file);
    if (text === undefined) return { exemptions: [], problems: [] };
    return { text, ...parseExemptions(text, { file, limits: { maxLengthMs }, nowMs: now.getTime() }) };
  } catch (error) {
    if (error instanceof DriftError) return failed(error);
    throw error;
  }
}

function failed({ code, reason, hint }: DriftError): RepositoryExemptions {
  return { exemptions: [], problems: [], failed: { code, reason, hint } };
}

async function readText({ tree, readBlobs }: Checkout, file: string): Promise<string | undefined> {
  const entry = tree.get(file);
  if (entry === undefined) return undefined;
  const hint = "Put the file itself there, as UTF-8.";
  if (entry.type !== "file") throw new DriftError("INPUT_UNREADABLE", `${file} is a ${entry.type}`, { hint });
  const [bytes = new Uint8Array()] = await readBlobs([entry.oid]);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new DriftError("INPUT_UNREADABLE", `${file} is not text in UTF-8`, { hint, cause });
  }
}
