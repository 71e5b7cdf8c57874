import path from "node:path";

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { historyArguments, HistoryWalk } from "../../../src/adapters/git/history-walk.ts";
import {
  commitFiles,
  createRepository,
  createSource,
  git,
  headOf,
  openCheckout,
  tempFolder,
} from "./test-repository.ts";

/** One commit of an invented history: its parents as steps back, its clock, and what it writes or deletes (""). */
interface InventedCommit {
  readonly stepsBack: readonly number[];
  readonly clockErrorSeconds: number;
  readonly writes: Readonly<Record<string, string>>;
}

const files = ["a", "b", "c/d", "c/e"];

const inventedCommit: fc.Arbitrary<InventedCommit> = fc.record({
  stepsBack: fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }),
  clockErrorSeconds: fc.oneof(fc.constant(0), fc.integer({ min: -2000, max: 2000 })),
  writes: fc.dictionary(fc.constantFrom(...files), fc.constantFrom("", "1", "2", "3"), { maxKeys: 2 }),
});

/** What `git fast-import` makes the history from; commit i is on branch "c<i>" and starts with its first parent's files. */
function importStream(commits: readonly InventedCommit[]): string {
  const lines: string[] = [];
  for (const [i, { stepsBack, clockErrorSeconds, writes }] of commits.entries()) {
    const who = `Ada <ada@example.com> ${String(1_700_000_000 + i * 600 + clockErrorSeconds)} +0000`;
    lines.push(`commit refs/heads/c${String(i)}`, `mark :${String(i + 1)}`);
    lines.push(`author ${who}`, `committer ${who}`, "data 1", "m");
    const parents = stepsBack.map((steps) => i - steps).filter((parent) => parent >= 0);
    for (const [nth, parent] of parents.entries()) {
      lines.push(`${nth === 0 ? "from" : "merge"} :${String(parent + 1)}`);
    }
    for (const [file, content] of Object.entries(writes)) {
      if (content === "") lines.push(`D ${file}`);
      else lines.push(`M 100644 inline ${file}`, "data 1", content);
    }
  }
  return `${lines.join("\n")}\n`;
}

describe("HistoryWalk", () => {
  it("finds what `git log -1 -- <path>` finds, over merges and wrong clocks, however the output is cut", () => {
    const folder = tempFolder();
    let run = 0;
    const history = fc.array(inventedCommit, { minLength: 2, maxLength: 16 });
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 200 }), (commits, chunkBytes) => {
        const repository = path.join(folder, `run${String((run += 1))}`);
        git(folder, ["init", "--quiet", "--bare", repository]);
        git(repository, ["fast-import", "--quiet"], importStream(commits));
        const tip = headOf(repository, `c${String(commits.length - 1)}`);
        const present = git(repository, ["ls-tree", "-r", "-z", "--name-only", tip]).split("\0").slice(0, -1);
        fc.pre(present.length > 0);
        const walk = new HistoryWalk(tip, present);
        const output = Buffer.from(git(repository, [...historyArguments, tip, "--", ...present]));
        for (let at = 0; at < output.length; at += chunkBytes) {
          walk.push(output.subarray(at, at + chunkBytes));
        }
        walk.end();
        const lastTouch = (commit: string, file: string) =>
          git(repository, ["log", "-1", "--format=%H", commit, "--", file]).trim();
        for (const file of present) {
          const found = walk.found.get(file) ?? "nothing";
          if (found === lastTouch(tip, file)) continue;
          // Where both sides of a merge made the same change, either is right.
          expect(lastTouch(found, file)).toBe(found);
          const versions = [tip, found].map((commit) => git(repository, ["rev-parse", `${commit}:${file}`]));
          expect(versions[0]).toBe(versions[1]);
        }
        expect(walk.isDone).toBe(true);
      }),
      { numRuns: 25 },
    );
  });
});

describe("lastCommits", () => {
  it("says of each path who changed it last, as of the pinned commit", async () => {
    const repository = await createRepository({ "old.yaml": "1\n", "new.yaml": "1\n" });
    const first = headOf(repository);
    const second = await commitFiles(repository, { "new.yaml": "2\n" }, "Second:\n  in two lines\n\nBody");
    git(repository, ["tag", "pinned"]);
    await commitFiles(repository, { "old.yaml": "3\n", "new.yaml": "3\n" }, "Third");
    const checkout = await openCheckout(createSource(), repository, { revision: "pinned" });
    const commits = await checkout.lastCommits(["new.yaml", "missing.yaml", "old.yaml", "new.yaml"]);
    expect([...commits].map(([file, { sha }]) => [file, sha])).toEqual([
      ["new.yaml", second],
      ["old.yaml", first],
    ]);
    const [author, date, subject] = git(repository, ["log", "-1", "--format=%an%n%aI%n%s", second]).split(
      "\n",
    );
    expect(commits.get("new.yaml")).toEqual({ sha: second, author, date, subject });
  });

  it("of no path starts nothing", async () => {
    const checkout = await openCheckout(createSource(), await createRepository());
    expect((await checkout.lastCommits([])).size).toBe(0);
  });

  it("takes paths as they are: no pattern, no option, no magic", async () => {
    const odd = [
      "*",
      "[a]",
      ":(glob)**",
      ":!x",
      "x",
      "--output=x",
      "-",
      "a\nb",
      "commit 0123 \u00e9",
      ":100644",
    ];
    const repository = await createRepository(Object.fromEntries(odd.map((name) => [name, name])));
    const first = headOf(repository);
    const later = await commitFiles(repository, { other: "2\n", x: "changed\n" }, "Second");
    const checkout = await openCheckout(createSource(), repository);
    const commits = await checkout.lastCommits(odd);
    const expected = odd.map((name) => [name, name === "x" ? later : first]);
    expect([...commits].map(([file, { sha }]) => [file, sha]).sort()).toEqual(expected.sort());
  });

  it("answers for more paths than one command takes", async () => {
    const names = Array.from({ length: 600 }, (_, i) => `f${String(i)}.yaml`);
    const repository = await createRepository();
    const blob = git(repository, ["rev-parse", "HEAD:a.yaml"]).trim();
    const listing = names.map((name) => `100644 blob ${blob}\t${name}\n`).join("");
    const tree = git(repository, ["mktree"], listing).trim();
    const many = git(repository, ["commit-tree", "-p", "HEAD", "-m", "Many", tree]).trim();
    git(repository, ["update-ref", "refs/heads/many", many]);
    const checkout = await openCheckout(createSource(), repository, { revision: "many" });
    const commits = await checkout.lastCommits(names);
    expect([...commits.keys()]).toEqual(names);
    expect(new Set([...commits.values()].map(({ sha }) => sha))).toEqual(new Set([many]));
  });

  it("reads texts of commits in other encodings as Git shows them", async () => {
    const repository = await createRepository();
    git(repository, ["config", "i18n.commitEncoding", "ISO-8859-1"]);
    const message = Buffer.from("Gr\xfc\xdfe aus K\xf6ln\n", "latin1");
    git(repository, ["commit", "--quiet", "--allow-empty", "-F", "-"], message);
    const { commit } = await openCheckout(createSource(), repository);
    expect(commit.subject).toBe("Grüße aus Köln");
    expect(commit.subject).toBe(git(repository, ["log", "-1", "--encoding=UTF-8", "--format=%s"]).trim());
  });
});
