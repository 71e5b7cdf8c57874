import { editDistance } from "../../core/model/edit-distance.ts";
import { DriftError } from "../../lib/errors.ts";
import type { RevisionType, SourceRequest } from "../../ports/source.ts";

/** The refs of a repository: "HEAD", "refs/heads/<name>", "refs/tags/<name>" -> object id; of an annotated tag what it points at. */
export type Refs = ReadonlyMap<string, string>;

/** What a revision stands for. A ref says so unless it is a "commit": an id that somebody typed need not exist. */
export interface ResolvedRevision {
  readonly oid: string;
  readonly type: RevisionType;
}

const refLine = /^([\da-f]{40}|[\da-f]{64})\t(HEAD|refs\/(?:heads|tags)\/.+)$/;

/** Reads what `git ls-remote` printed; lines about other refs are left out. */
export function parseRefs(listing: string): Refs {
  const refs = new Map<string, string>();
  for (const line of listing.split("\n")) {
    const [, oid, name] = refLine.exec(line) ?? [];
    if (oid === undefined || name === undefined) continue;
    // "refs/tags/v1^{}" follows "refs/tags/v1" and names what the tag points at.
    refs.set(name.endsWith("^{}") ? name.slice(0, -3) : name, oid);
  }
  return refs;
}

/** What is asked for: a revision, and which ref it is where several have that name. */
export type RevisionRequest = Pick<SourceRequest, "revision" | "refOrder">;

/**
 * Finds a revision: a full commit id first (as in Git: otherwise whoever may push a branch of that name could move what
 * is pinned), then the refs of `candidates`; "" is HEAD, the default branch. Throws REVISION_NOT_FOUND with up to five
 * names that look alike.
 */
export function resolveRevision(
  refs: Refs,
  { revision, refOrder = "branch" }: RevisionRequest,
  repository: string,
): ResolvedRevision {
  if (revision === "") {
    const head = refs.get("HEAD");
    if (head !== undefined) return { oid: head, type: "default" };
    throw notFound(refs, repository, "the default branch");
  }
  const named = JSON.stringify(revision);
  if (!isRefName(revision)) throw notFound(refs, repository, `the revision ${named}`, { revision });
  if (isFullId(refs, revision)) return { oid: revision.toLowerCase(), type: "commit" };
  for (const name of candidates[refOrder](revision)) {
    const oid = refs.get(name);
    if (oid !== undefined) return { oid, type: typeOf(name) };
  }
  throw notFound(refs, repository, `the revision ${named}`, { revision });
}

/**
 * The refs that a name can mean, the one that counts first. For "git-fetch" these are Git's own rules (refs.c,
 * `ref_rev_parse_rules`), which fetch goes by since 2.19 (remote.c, `find_ref_by_name_abbrev`).
 */
const candidates: Readonly<
  Record<NonNullable<RevisionRequest["refOrder"]>, (name: string) => readonly string[]>
> = {
  branch: (name) => [`refs/heads/${name}`, `refs/tags/${name}`, name],
  "git-fetch": (name) => [name, `refs/${name}`, `refs/tags/${name}`, `refs/heads/${name}`],
};

/** What a ref is by its full name; what is neither branch nor tag is HEAD. */
function typeOf(name: string): RevisionType {
  if (name.startsWith("refs/heads/")) return "branch";
  return name.startsWith("refs/tags/") ? "tag" : "default";
}

/** Whether it is as long as the ids of this repository: 40 digits of SHA-1, 64 of SHA-256. */
function isFullId(refs: Refs, revision: string): boolean {
  const [anyId = ""] = refs.values();
  return /^[\da-f]{40,}$/i.test(revision) && revision.length === anyId.length;
}

/** What no ref is called is not looked for: option-like names, expressions (a..b, x^, @{u}), control characters. */
function isRefName(name: string): boolean {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return !/^-|\.\.|[\u0000-\u0020\u007f~^:?*[\\]|@\{/.test(name);
}

/** The error for a revision that is not there; `subject` begins the sentence, and `why`, with a space, the hint. */
export function notFound(
  refs: Refs,
  repository: string,
  subject: string,
  { revision = "", why = "" } = {},
): DriftError {
  if (refs.size === 0) {
    return new DriftError("REVISION_NOT_FOUND", `the repository ${repository} has no commit yet`, {
      hint: "Commit and push something, or name another repository.",
    });
  }
  const alike = similarNames(refs, revision);
  return new DriftError("REVISION_NOT_FOUND", `${subject} was not found in ${repository}`, {
    hint: `${why}Name a branch, a tag or a full commit id that a branch or tag holds${alike.length === 0 ? "." : `, such as ${alike.join(", ")}.`}`,
  });
}

/** Longer names are compared by their beginnings. */
const maxCompared = 60;

/** Up to five branches and tags, those nearest to what was asked for first. */
function similarNames(refs: Refs, revision: string): readonly string[] {
  const names = new Set<string>();
  for (const ref of refs.keys()) if (ref !== "HEAD") names.add(ref.replace(/^refs\/(heads|tags)\//, ""));
  const start = (name: string): string => name.slice(0, maxCompared).toLowerCase();
  return [...names]
    .slice(0, 5000)
    .map((name) => ({ name, distance: revision === "" ? 0 : editDistance(start(name), start(revision)) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 5)
    .map(({ name }) => JSON.stringify(name));
}
