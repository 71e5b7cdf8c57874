import type { Unchecked } from "../core/model/finding.ts";
import type { Resource } from "../core/model/resource.ts";

/** One side of a comparison of files. */
export interface InputRead {
  readonly resources: readonly Resource[];
  /** Files and documents that could not be read. */
  readonly unchecked: readonly Unchecked[];
  /** Whether everything was read: only then is what is not here missing. */
  readonly isComplete: boolean;
}

/** Reads the manifests of a file, a folder, or standard input ("-"). Throws INPUT_NOT_FOUND, INPUT_UNREADABLE. */
export type ReadInput = (path: string) => Promise<InputRead>;
