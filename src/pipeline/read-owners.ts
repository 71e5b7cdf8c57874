import { codeOwnersPaths, type OwnerRule, parseCodeOwners } from "../core/judge/code-owners.ts";
import { once } from "../core/model/once.ts";
import { DriftError } from "../lib/errors.ts";
import type { Checkout } from "../ports/source.ts";
import { firstFew } from "./first-few.ts";

/** Who owns the files of a repository by its CODEOWNERS. */
export interface Owners {
  /** Absent where the repository has none that can be read: then nobody is called an owner, and nothing unowned. */
  readonly rules?: readonly OwnerRule[];
  /** What of it does not count, and why. */
  readonly warnings: readonly string[];
}

/** GitHub loads no larger one. Source: docs.github.com, About code owners, CODEOWNERS file size */
const maxBytes = 3 * 1024 ** 2;

/**
 * Reads the CODEOWNERS that GitHub would, of a checkout once: its targets have the same. What GitHub skips is skipped,
 * and told. Throws GIT_FAILED, GIT_TIMEOUT.
 */
export const readOwners = once(
  async ({ tree, readBlobs }: Pick<Checkout, "tree" | "readBlobs">): Promise<Owners> => {
    const file = codeOwnersPaths.find((path) => tree.has(path));
    const entry = file === undefined ? undefined : tree.get(file);
    if (file === undefined || entry === undefined) return { warnings: [] };
    if (entry.type !== "file") return unread(file, `it is a ${entry.type}. Put the file itself there`);
    const bytes = await readOne(entry.oid, readBlobs);
    if (bytes === undefined || bytes.length >= maxBytes)
      return unread(file, "it is larger than the 3 MB that GitHub loads. Join lines by wildcards");
    if (bytes.includes(0)) return unread(file, "it is not text in UTF-8. Save it as UTF-8");
    const { rules, problems } = parseCodeOwners(new TextDecoder().decode(bytes));
    const told = problems.map(
      ({ line, reason }) =>
        `${file}:${String(line)} does not count: ${reason}. GitHub skips the line, too: mend it.`,
    );
    return { rules, warnings: firstFew(told, `lines of ${file} do not count`) };
  },
);

/** Undefined where it is larger than anything that is read. */
async function readOne(oid: string, readBlobs: Checkout["readBlobs"]): Promise<Uint8Array | undefined> {
  try {
    const [bytes = new Uint8Array()] = await readBlobs([oid]);
    return bytes;
  } catch (error) {
    if (error instanceof DriftError && error.code === "BLOB_TOO_LARGE") return undefined;
    throw error;
  }
}

function unread(file: string, why: string): Owners {
  return { warnings: [`no owners are told by ${file}: ${why}.`] };
}
