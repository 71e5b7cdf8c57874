import type { Tree, TreeEntry } from "../../ports/source.ts";

/** What a listing held, and how many entries were left out because their names are no UTF-8. */
interface ParsedTree {
  readonly tree: Tree;
  readonly unreadableNames: number;
}

const entryTypes: Readonly<Record<string, TreeEntry["type"]>> = {
  "100644": "file",
  "100664": "file",
  "100755": "file",
  "120000": "symlink",
  "160000": "submodule",
};

/** Names that Git itself refuses (fsck) because they would leave the tree or enter the repository. */
const forbiddenName = /(?:^|\/)(?:\.{0,2}|\.git)(?:\/|$)/i;
/** Whether a listing may hold such a name; to look once at it is several times faster than to look at each of 50,000 paths. */
const forbiddenInListing = /[\t/](?:\.{0,2}|\.git)[/\0]/i;

/**
 * Reads `git ls-tree -r -z --full-tree`: "<mode> <type> <oid>\t<path>\0" for each entry. Undefined where the listing
 * is cut off, garbled, or holds a path that no tree may hold.
 */
export function parseTree(listing: Buffer): ParsedTree | undefined {
  const text = listing.toString("utf8");
  if (text !== "" && !text.endsWith("\0")) return undefined;
  const isForbidden = forbiddenInListing.test(text)
    ? (path: string) => forbiddenName.test(path)
    : () => false;
  const tree = new Map<string, TreeEntry>();
  let unreadableNames = 0;
  let start = 0;
  for (let end = text.indexOf("\0"); end >= 0; end = text.indexOf("\0", start)) {
    const tab = text.indexOf("\t", start);
    const type = entryTypes[text.slice(start, start + 6)];
    const oid = text.slice(text.lastIndexOf(" ", tab) + 1, tab);
    const path = text.slice(tab + 1, end);
    if (type === undefined || tab < 0 || tab > end || isForbidden(path)) return undefined;
    // Two names that are no UTF-8 could decode to the same text; no YAML file can name them either.
    if (path.includes("\ufffd")) unreadableNames += 1;
    else tree.set(path, { type, oid });
    start = end + 1;
  }
  return { tree, unreadableNames };
}
