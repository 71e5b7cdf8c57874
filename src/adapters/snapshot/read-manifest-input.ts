import { snapshotLimits } from "../../core/manifest/limits.ts";
import type { Unchecked } from "../../core/model/finding.ts";
import type { Resource } from "../../core/model/resource.ts";
import { DriftError } from "../../lib/errors.ts";
import { Collection } from "./collect-resources.ts";
import { type FileList, listFiles, systemCode } from "./list-files.ts";
import type { ByteStream } from "./read-bytes.ts";
import { readFileObjects, readStreamObjects } from "./read-objects.ts";

/** One side of `drift diff`. */
export interface ManifestInput {
  /** Of all kinds but Secret. */
  readonly resources: readonly Resource[];
  readonly unchecked: readonly Unchecked[];
  /** Whether everything was read: only then is an object that is not here known to be missing. */
  readonly isComplete: boolean;
}

/**
 * Reads the manifests of a file, of a folder and the folders in it, or of standard input ("-").
 * Throws INPUT_NOT_FOUND and INPUT_UNREADABLE; what is wrong inside is `unchecked`.
 */
export async function readManifestInput(input: string, stdin: ByteStream): Promise<ManifestInput> {
  const collection = new Collection(() => true);
  if (input === "-") {
    collection.addContent(await readStreamObjects(stdin, snapshotLimits));
  } else {
    const { files, unchecked } = await listInput(input);
    for (const entry of unchecked) collection.addDamage(entry);
    for (const file of files) collection.addContent(await readFileObjects(file, snapshotLimits));
  }
  const { resources, unchecked, isDamaged } = collection;
  return { resources, unchecked, isComplete: !isDamaged };
}

async function listInput(input: string): Promise<FileList> {
  try {
    return await listFiles(input, input);
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") {
      const hint = "Check the path; a file, a folder or - (standard input) is expected.";
      throw new DriftError("INPUT_NOT_FOUND", `${input} does not exist`, { hint, cause: error });
    }
    const hint = "Check that this user may read it.";
    throw new DriftError("INPUT_UNREADABLE", `${input} cannot be read (${code})`, { hint, cause: error });
  }
}
