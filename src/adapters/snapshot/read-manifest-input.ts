import { snapshotLimits } from "../../core/manifest/limits.ts";
import type { Unchecked } from "../../core/model/finding.ts";
import type { Resource } from "../../core/model/resource.ts";
import { DriftError } from "../../lib/errors.ts";
import { Collection } from "./collect-resources.ts";
import { type FileList, listFiles, systemCode } from "./list-files.ts";
import type { ByteStream } from "./read-bytes.ts";
import { type InputContent, readFileObjects, readStreamObjects } from "./read-objects.ts";

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
 * Throws INPUT_NOT_FOUND and INPUT_UNREADABLE; what is wrong inside is `unchecked`, and so is an input
 * without any object.
 */
export async function readManifestInput(input: string, stdin: ByteStream): Promise<ManifestInput> {
  const collection = new Collection(() => true);
  const contents: InputContent[] = [];
  if (input === "-") {
    contents.push(await readStreamObjects(stdin, snapshotLimits));
  } else {
    const { files, unchecked } = await listInput(input);
    for (const entry of unchecked) collection.addDamage(entry);
    for (const file of files) contents.push(await readFileObjects(file, snapshotLimits));
  }
  for (const content of contents) collection.addContent(content);
  const isEmpty = contents.every((content) => content.isBlank) && !collection.isDamaged;
  if (isEmpty) collection.addDamage(emptySide(input));
  const { resources, unchecked, isDamaged } = collection;
  return { resources, unchecked, isComplete: !isDamaged };
}

/** What a command that failed leaves: nothing at all, where one that found nothing prints an empty List. */
function emptySide(input: string): Unchecked {
  return {
    what: input === "-" ? "standard input" : input,
    code: "INPUT_EMPTY",
    reason: "it holds no objects, not even an empty List",
    hint: "Check that it is the right input, and what the command that made it says on standard error.",
  };
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
