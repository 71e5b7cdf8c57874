/** One commit of the walk: where it came from, and which paths each parent has in another version. */
interface Visit {
  readonly parents: readonly string[];
  /** Parent ("" for a commit with at most one) -> the paths that differ from it. */
  readonly changed: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Arguments of `git log` whose output a `HistoryWalk` reads; a commit, `--` and paths follow them. */
export const historyArguments = [
  ...["log", "--sparse", "--parents", "-m", "--raw", "-z", "--no-abbrev", "--no-renames"],
  ...["--no-notes", "--no-decorate", "--pretty=short"],
] as const;

const header = /^commit ([\da-f]+(?: [\da-f]+)*)(?: \(from ([\da-f]+)\))?\n/;

/**
 * Follows many paths at once from one commit back to the last commit that touched each, in the output of
 * `git log` with `historyArguments`. Like `git log -1 -- <path>` it goes from a merge to the first parent that has the
 * same version, and stops at a commit whose version no parent has.
 *
 * Git lists a merge once for each parent that differs, and may list a parent before its child where clocks were wrong.
 */
export class HistoryWalk {
  /** The last commit of each path, as far as known. */
  readonly found = new Map<string, string>();
  readonly #total: number;
  /** Commit -> the paths that have been followed down to it. */
  readonly #waiting: Map<string, string[]>;
  readonly #visits = new Map<string, Visit>();
  #open: { sha: string; parents: readonly string[]; changed: Map<string, Set<string>> } | undefined;
  #paths = new Set<string>();
  #rest = Buffer.alloc(0);
  #pathFollows = false;

  constructor(sha: string, paths: readonly string[]) {
    this.#total = paths.length;
    this.#waiting = new Map([[sha, [...paths]]]);
  }

  /** Whether the rest of the output is of no use any more. */
  get isDone(): boolean {
    return this.found.size === this.#total;
  }

  /** Takes output as it comes. */
  push(chunk: Buffer): void {
    const text = Buffer.concat([this.#rest, chunk]);
    let start = 0;
    for (let end = text.indexOf(0); end >= 0; end = text.indexOf(0, start)) {
      this.#take(text.toString("utf8", start, end));
      start = end + 1;
    }
    this.#rest = text.subarray(start);
  }

  /** To be called after the last chunk. */
  end(): void {
    if (this.#rest.length > 0) this.#take(this.#rest.toString("utf8"));
    this.#close();
  }

  /** What stands between two NULs: a path, or a header, file states, or both in this order. */
  #take(token: string): void {
    if (this.#pathFollows) {
      this.#paths.add(token);
      this.#pathFollows = false;
      return;
    }
    const [, ids, from = ""] = header.exec(token) ?? [];
    if (ids !== undefined) this.#enter(ids.split(" "), from);
    this.#pathFollows = /(?:^|\n):[^\n]*$/.test(token);
  }

  #enter([sha = "", ...parents]: readonly string[], from: string): void {
    if (this.#open?.sha !== sha) {
      this.#close();
      this.#open = { sha, parents, changed: new Map() };
    }
    this.#paths = new Set();
    this.#open.changed.set(from, this.#paths);
  }

  #close(): void {
    if (this.#open === undefined) return;
    const { sha, parents, changed } = this.#open;
    this.#open = undefined;
    this.#visits.set(sha, { parents, changed });
    this.#advance(sha);
  }

  /** Moves the paths that wait at a commit as far down as the visits known so far allow. */
  #advance(from: string): void {
    const ready = [from];
    for (let sha = ready.pop(); sha !== undefined; sha = ready.pop()) {
      const visit = this.#visits.get(sha);
      const paths = this.#waiting.get(sha);
      if (visit === undefined || paths === undefined) continue;
      this.#waiting.delete(sha);
      for (const path of paths) {
        if (isLast(visit, path)) this.found.set(path, sha);
        else {
          const next = parentOf(visit, path);
          if (next !== undefined && pushTo(this.#waiting, next, path) === 1) ready.push(next);
        }
      }
    }
  }
}

/** Whether no parent has the path in the version that this commit has. */
function isLast({ parents, changed }: Visit, path: string): boolean {
  return parents.length > 1
    ? parents.every((parent) => changed.get(parent)?.has(path) === true)
    : changed.get("")?.has(path) === true;
}

/** The first parent that has the same version of the path. */
function parentOf({ parents, changed }: Visit, path: string): string | undefined {
  return parents.find((parent) => changed.get(parent)?.has(path) !== true);
}

function pushTo(lists: Map<string, string[]>, key: string, item: string): number {
  const list = lists.get(key);
  if (list !== undefined) return list.push(item);
  lists.set(key, [item]);
  return 1;
}
