import type { Commit } from "../../core/model/commit.ts";
import { createLimiter } from "../../lib/limiter.ts";
import type { BlamedLine } from "../../ports/source.ts";
import { readError, runGit } from "./git-command.ts";
import type { GitSettings } from "./git-settings.ts";
import { readCommits, shallowCommits } from "./last-commits.ts";
import type { ObjectReader } from "./object-reader.ts";
import type { PinnedCommit } from "./pinned-commit.ts";

/** Each blame walks the history of one file, and takes a processor. */
const limit = createLimiter(2);
/** Lines of one file that one command is asked for: they are arguments. */
const linesPerBlame = 200;
const maxOutputBytes = 64 * 1024 ** 2;

/**
 * The commit that last touched each line, as of the pinned commit, also where the file had another name then. Left out:
 * lines that the file does not have, and those of which a shallow repository does not know who wrote them. Throws
 * GIT_FAILED, GIT_TIMEOUT.
 */
export async function blameLines(
  pinned: PinnedCommit,
  reader: ObjectReader,
  requests: readonly BlamedLine[],
  settings: GitSettings,
): Promise<ReadonlyMap<string, Commit>> {
  const wanted = new Map<string, Set<number>>();
  for (const { file, line } of requests) {
    const lines = wanted.get(file) ?? new Set();
    wanted.set(file, lines.add(line));
  }
  const shallow = await shallowCommits(pinned.mirror.gitDir);
  const found = await Promise.all(
    [...wanted].map(([file, lines]) => limit(() => blameFile({ file, lines }, pinned, reader, settings))),
  );
  const shas = new Map(found.flat());
  const commits = await readCommits(reader, new Set(shas.values()));
  return new Map(
    [...shas].flatMap(([id, sha]) => {
      const commit = shallow.has(sha) ? undefined : commits.get(sha);
      return commit === undefined ? [] : [[id, commit] as const];
    }),
  );
}

interface FileLines {
  readonly file: string;
  readonly lines: ReadonlySet<number>;
}

async function blameFile(
  { file, lines }: FileLines,
  pinned: PinnedCommit,
  reader: ObjectReader,
  settings: GitSettings,
): Promise<readonly (readonly [string, string])[]> {
  const { mirror, env, commit, tree } = pinned;
  const entry = tree.get(file);
  if (entry?.type !== "file") return [];
  // Git refuses the whole command for one line too many.
  const length = countLines((await reader.read(entry.oid))?.bytes ?? new Uint8Array());
  const known = [...lines].filter((line) => Number.isSafeInteger(line) && line > 0 && line <= length);
  const found: (readonly [string, string])[] = [];
  for (let at = 0; at < known.length; at += linesPerBlame) {
    const ranges = known
      .slice(at, at + linesPerBlame)
      .flatMap((line) => ["-L", `${String(line)},${String(line)}`]);
    const args = [`--git-dir=${mirror.gitDir}`, "blame", "--porcelain", ...ranges, commit.sha, "--", file];
    const end = await runGit(args, { env, timeoutMs: settings.timeoutMs, maxOutputBytes });
    if (end.type !== "exited" || end.exitCode !== 0) {
      throw readError(`reading who wrote lines of ${mirror.address.shown}`, end, settings.timeoutMs);
    }
    for (const [line, sha] of parseBlame(end.stdout.toString("latin1")))
      found.push([`${file}:${String(line)}`, sha]);
  }
  return found;
}

/** Lines as Git counts them: what follows the last line break is one more, if there is anything. */
function countLines(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte === 0x0a) count++;
  return bytes.length > 0 && bytes.at(-1) !== 0x0a ? count + 1 : count;
}

/**
 * The commit of each line. A line of the file stands behind a tab, and what is told of commits behind a word, so that
 * nothing else looks like a header: `<id> <line then> <line now> [<lines>]`.
 * Source: https://git-scm.com/docs/git-blame#_the_porcelain_format
 */
function parseBlame(output: string): readonly (readonly [number, string])[] {
  return [...output.matchAll(/^([0-9a-f]{40,64}) \d+ (\d+)(?: \d+)?$/gm)].map(
    ([, sha = "", line = ""]) => [Number(line), sha] as const,
  );
}
