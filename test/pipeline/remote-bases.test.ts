import { describe, expect, it } from "vitest";
import type { RemoteBaseConfig } from "../../src/config/config.ts";
import { canonicalUrl } from "../../src/config/location.ts";
import { DriftError } from "../../src/lib/errors.ts";
import { createCheckouts } from "../../src/pipeline/checkouts.ts";
import { noteBases, openBases } from "../../src/pipeline/remote-bases.ts";
import type { OpenedBase, RemoteBase } from "../../src/ports/renderer.ts";
import type { Checkout, RevisionType, SourceRequest } from "../../src/ports/source.ts";

function baseOf(repository: string, ref = "v1"): RemoteBase {
  return { written: `${repository}?ref=${ref}`, repository, ref, folder: "" };
}

function checkoutOf(revisionType: RevisionType, log: string[]): Checkout {
  return {
    repository: "r",
    revision: "v1",
    revisionType,
    commit: { sha: "4f2c91e0aa", author: "Ann", date: "2026-01-01T00:00:00Z", subject: "s" },
    tree: new Map(),
    readBlobs: () => Promise.resolve([]),
    lastCommits: () => Promise.resolve(new Map()),
    commitsTouching: () => Promise.resolve([]),
    isAncestor: () => Promise.resolve(undefined),
    blame: () => Promise.resolve(new Map()),
    close: () => {
      log.push("close");
      return Promise.resolve();
    },
  };
}

/** What becomes of one base, what Git was asked for, and what a person was told. */
async function open(
  base: RemoteBase,
  rules: readonly RemoteBaseConfig[],
  git: RevisionType | DriftError = "tag",
): Promise<{
  readonly opened: OpenedBase;
  readonly asked: readonly SourceRequest[];
  readonly warnings: readonly string[];
}> {
  const asked: SourceRequest[] = [];
  const checkouts = createCheckouts({
    checkout: (request) => {
      asked.push(request);
      return git instanceof DriftError ? Promise.reject(git) : Promise.resolve(checkoutOf(git, []));
    },
  });
  const openBase = openBases(rules, checkouts);
  const noted = noteBases(openBase);
  const opened = await noted.openBase(base);
  // A second target that uses the base costs nothing.
  expect(await openBase(base)).toEqual(opened);
  const used = [{ repository: base.repository, ref: base.ref, commit: "4f2c91e0aa" }];
  return { opened, asked, warnings: noted.warningsOf(used) };
}

const acme = [{ repository: "https://github.com/acme/*", allowBranches: false }];

describe("openBases", () => {
  it.for([
    ["https://github.com/acme/*", "https://github.com/acme/base", true],
    ["https://github.com/acme/*", "https://GitHub.com/acme/base.git", true],
    ["https://github.com/acme/*", "https://github.com/acme/deep/base", true],
    ["https://github.com/acme/base", "https://github.com/acme/base.git/", true],
    ["https://github.com/acme/base", "https://github.com/acme/base2", false],
    ["https://github.com/acme/*", "https://github.com/acme2/base", false],
    ["https://github.com/acme/*", "https://github.com/acme", false],
    ["https://github.com/acme/*", "https://github.com.evil.example/acme/base", false],
    ["https://github.com/acme/*", "https://github.com/acme/../evil/base", false],
    ["https://github.com/acme/*", "https://github.com/acme/%2e%2e/evil", false],
    ["https://github.com/acme/*", "https://github.com:8443/acme/base", false],
    ["https://github.com/acme/*", "http://github.com/acme/base", false],
    ["https://github.com/acme/*", "git@github.com:acme/base", false],
    ["git@github.com:acme/*", "ssh://git@github.com/acme/base.git", true],
    ["ssh://git@github.com/acme/base", "git@github.com:acme/base.git", true],
    ["ssh://git@github.com/acme/base", "ssh://root@github.com/acme/base", false],
    ["https://github.com/acme/*", "https://github.com/acme/base?x=y", false],
    ["file:///srv/bases/*", "file:///srv/bases/mesh", true],
    ["file:///srv/bases/*", "file:///srv/secrets", false],
  ] as const)("with %s allowed, %s is fetched: %s", async ([repository, asked, isAllowed]) => {
    const { opened, asked: requests } = await open(baseOf(asked), [{ repository, allowBranches: false }]);
    expect(opened.type).toBe(isAllowed ? "opened" : "refused");
    expect(requests.length).toBe(isAllowed ? 1 : 0);
  });

  it("refuses everything where nothing is allowed, and says how to allow it", async () => {
    const { opened } = await open(baseOf("https://github.com/acme/base"), []);
    expect(opened).toEqual({
      type: "refused",
      code: "RENDER_REFUSED",
      reason: "remote bases from https://github.com/acme/base are not allowed",
      hint: "Name the repository under render.remoteBases, or copy the base into this one.",
    });
  });

  it("asks Git for the ref, with the rule's access, never for a stale mirror", async () => {
    const access = { type: "token", tokenFile: "/run/token" } as const;
    const { asked } = await open(baseOf("https://github.com/acme/base", "v2"), [
      { ...acme[0], repository: "https://github.com/acme/*", allowBranches: false, access },
    ]);
    expect(asked).toEqual([
      {
        repository: "https://github.com/acme/base",
        revision: "v2",
        refOrder: "git-fetch",
        allowStaleMs: 0,
        access,
      },
    ]);
  });

  it.for([
    ["https://github.com/acme/private", "exact"],
    ["https://github.com/acme/private.git/", "exact"],
    ["https://github.com/acme/team/base", "team"],
    ["https://github.com/acme/team/deep/base", "team"],
    ["https://github.com/acme/other", "acme"],
    ["https://github.com/acme/privates", "acme"],
  ] as const)("goes by the rule that is most specific, whatever the order: %s", async ([asked, named]) => {
    const folders = { all: "https://github.com/*", acme: "https://GitHub.com/acme/*" };
    const rules = Object.entries({
      ...folders,
      team: "https://github.com/acme/team/*",
      exact: "https://github.com/acme/private.git",
    }).map(([tokenFile, repository]) => ({
      repository,
      allowBranches: tokenFile === named,
      access: { type: "token", tokenFile } as const,
    }));
    for (const order of [rules, rules.toReversed()]) {
      const { opened, asked: requests } = await open(baseOf(asked, "main"), order, "branch");
      expect(requests).toMatchObject([{ access: { tokenFile: named } }]);
      expect(opened.type).toBe("opened");
    }
  });

  it("lets no wider rule allow the branches that the most specific one does not", async () => {
    const rules = [
      { repository: "https://github.com/acme/*", allowBranches: true },
      { repository: "https://github.com/acme/base", allowBranches: false },
    ];
    const { opened } = await open(baseOf("https://github.com/acme/base", "main"), rules, "branch");
    expect(opened).toMatchObject({ reason: expect.stringContaining("is not pinned") as string });
  });

  it.for([
    "ssh://git:s3cret@evil.example/x/y",
    "ssh://git:p@s3cret@evil.example/x/y",
    "git@evil.example:s3cret@x/y.git",
  ])("does not repeat a password: %s", async (repository) => {
    const base = baseOf(repository);
    const allowed = [{ repository: "ssh://git@evil.example/*", allowBranches: false }];
    for (const rules of [[], allowed]) {
      const { opened } = await open(base, rules, "branch");
      expect(opened.type).toBe("refused");
      expect(JSON.stringify(opened)).not.toContain("s3cret");
    }
  });

  it.for([
    ["branch", "main", "main is a branch, which moves"],
    ["default", "", "it names no tag or commit"],
  ] as const)(
    "refuses a %s, which moves, unless that is allowed, and then says so",
    async ([type, ref, why]) => {
      const base = baseOf("https://github.com/acme/base", ref);
      const { opened } = await open(base, acme, type);
      expect(opened).toMatchObject({
        type: "refused",
        reason: `the remote base from https://github.com/acme/base is not pinned: ${why}`,
      });
      const allowed = await open(
        base,
        [{ repository: "https://github.com/acme/*", allowBranches: true }],
        type,
      );
      expect(allowed.opened.type).toBe("opened");
      expect(allowed.warnings).toEqual([
        `remote base https://github.com/acme/base: ${ref === "" ? "its default branch" : "branch main"} moves; it is at 4f2c91e now`,
      ]);
    },
  );

  it("tells why Git did not give it", async () => {
    const error = new DriftError("REVISION_NOT_FOUND", "the revision v9 was not found", {
      hint: "Name a tag.",
    });
    const { opened } = await open(baseOf("https://github.com/acme/base", "v9"), acme, error);
    expect(opened).toEqual({
      type: "refused",
      code: "REMOTE_BASE_FAILED",
      reason: "the revision v9 was not found",
      hint: "Name a tag.",
    });
  });
});

it.for([
  ["https://Host.example/A/b.git", "https://host.example/A/b"],
  ["https://host.example/a/b/", "https://host.example/a/b"],
  ["git@host.example:a/b.git", "ssh://git@host.example/a/b"],
  ["host.example:a/b", "ssh://host.example/a/b"],
  ["ssh://git@host.example:22/a/b", "ssh://git@host.example:22/a/b"],
  ["https://host.example/a/../b", undefined],
  ["https://host.example/a//b", undefined],
  ["https://host.example/a%2fb", undefined],
  ["https://host.example/a?b", undefined],
  ["/srv/repository", undefined],
] as const)("the canonical form of %s is %s", ([url, canonical]) => {
  expect(canonicalUrl(url)).toBe(canonical);
});
