import type { RepositoryAccess } from "../core/model/repository-access.ts";
import type { Commit } from "../core/model/commit.ts";

/** One entry of a commit's tree. A symlink or submodule is listed so that reaching it can be refused by name. */
export interface TreeEntry {
  readonly type: "file" | "symlink" | "submodule";
  /** The blob id (of a submodule: the commit id). */
  readonly oid: string;
}

/** The tree of one commit: path from the root of the repository ("a/b.yaml") -> entry. Folders are implied. */
export type Tree = ReadonlyMap<string, TreeEntry>;

/** What a revision can name. */
export type RevisionType = "branch" | "tag" | "commit" | "default";

/** A line of a file of the commit. */
export interface BlamedLine {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** One pinned commit of one repository. Everything of a scan is read from it. */
export interface Checkout {
  /** The URL or path, without credentials. */
  readonly repository: string;
  readonly revision: string;
  /** What the revision turned out to be. Only a commit id never moves; "default" is the remote's default branch. */
  readonly revisionType: RevisionType;
  readonly commit: Commit;
  /** Set where the remote was away and the last fetch was used: when that fetch was (ISO 8601). */
  readonly staleSince?: string;
  readonly tree: Tree;
  /** The bytes of blobs, in the order asked. Throws BLOB_TOO_LARGE, GIT_FAILED. */
  readBlobs: (oids: readonly string[]) => Promise<readonly Uint8Array[]>;
  /** The last commit of each path, as of this commit; a path without one is left out. */
  lastCommits: (paths: readonly string[]) => Promise<ReadonlyMap<string, Commit>>;
  /** The commits up to this one that touched any of the paths, newest first, at most so many. */
  commitsTouching: (paths: readonly string[], most: number) => Promise<readonly Commit[]>;
  /** Whether a commit is another one or stands in its history, by full ids; undefined where not both are known. */
  isAncestor: (older: string, newer: string) => Promise<boolean | undefined>;
  /**
   * The last commit of each line, as of this commit, by `<file>:<line>`, also where the file had another name then. A line
   * without one, or whose commit a shallow repository does not have, is left out. Throws GIT_FAILED, GIT_TIMEOUT.
   */
  blame: (lines: readonly BlamedLine[]) => Promise<ReadonlyMap<string, Commit>>;
  /** Ends the processes that serve this checkout. */
  close: () => Promise<void>;
}

export interface SourceRequest {
  /** A local path or an https, ssh or scp-like URL. Never with credentials in it. */
  readonly repository: string;
  /** A branch, tag or full commit id; "" is the remote's default branch. */
  readonly revision: string;
  /**
   * What a name means that several refs have. "branch" (where absent): the branch before the tag. "git-fetch": what
   * `git fetch <repository> <name>` takes, the tag before the branch.
   */
  readonly refOrder?: "branch" | "git-fetch";
  /** Absent for what anybody may read, and for keys that the ssh agent holds. */
  readonly access?: RepositoryAccess;
  /** Where the remote is away, the last fetch may be used if it is not older than this. 0: never. */
  readonly allowStaleMs: number;
}

/** Git as the pipelines need it. */
export interface SourcePort {
  /**
   * Brings the mirror up to date and pins one commit. A full commit id that the mirror already holds whole needs no
   * network for a day after the remote last let the same access in.
   * Throws REPOSITORY_NOT_FOUND, REPOSITORY_UNREACHABLE, REPOSITORY_URL_REFUSED, REPOSITORY_ACCESS_FAILED,
   * REVISION_NOT_FOUND, GIT_FAILED, GIT_TIMEOUT.
   */
  checkout: (request: SourceRequest) => Promise<Checkout>;
}
