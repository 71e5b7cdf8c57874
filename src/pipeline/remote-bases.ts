import type { RemoteBaseConfig } from "../config/config.ts";
import { canonicalUrl } from "../config/location.ts";
import type { BaseState } from "../core/model/scan-result.ts";
import type { OpenedBase, RemoteBase, RenderRequest } from "../ports/renderer.ts";
import type { Checkout } from "../ports/source.ts";
import { DriftError, messageOf } from "../lib/errors.ts";
import { redactPasswords } from "../lib/redact.ts";
import type { CheckoutRequest, Checkouts, OpenedCheckout } from "./checkouts.ts";

/** Opens remote bases for the renderer. */
export type OpenBase = NonNullable<RenderRequest["openBase"]>;

/**
 * Decides which remote bases are fetched: those of repositories that the configuration names, at a tag or commit, or at
 * a branch where that is allowed. Of several rules for a repository the most specific one decides alone, whatever their
 * order: the repository itself before a folder, a deeper folder before one above it.
 */
export function openBases(allowed: readonly RemoteBaseConfig[], checkouts: Checkouts): OpenBase {
  return async (base) => {
    const rule = mostSpecific(allowed, base.repository);
    if (rule === undefined) return notAllowed(base);
    const opened = await checkouts.open(toRepository(base, rule)).catch(asFailed);
    if (opened.type === "failed") {
      const { message, hint } = opened.error;
      return { type: "refused", code: "REMOTE_BASE_FAILED", reason: message, hint };
    }
    const { checkout } = opened;
    return isMoving(checkout) && !rule.allowBranches ? moving(base) : { type: "opened", checkout };
  };
}

/** Opens bases for one render, and knows afterwards which of them follow a branch. */
export interface NotedBases {
  readonly openBase: OpenBase;
  /** What a person should know about the bases that were used. */
  readonly warningsOf: (used: readonly BaseState[]) => readonly string[];
}

/** What follows a branch is said, because it can change without a commit of the overlay. */
export function noteBases(openBase: OpenBase): NotedBases {
  const moving = new Set<string>();
  const idOf = ({ repository, ref }: Pick<BaseState, "repository" | "ref">): string =>
    JSON.stringify([repository, ref]);
  return {
    openBase: async (base) => {
      const opened = await openBase(base);
      if (opened.type === "opened" && isMoving(opened.checkout)) moving.add(idOf(base));
      return opened;
    },
    warningsOf: (used) =>
      used
        .filter((base) => moving.has(idOf(base)))
        .map(({ repository, ref, commit }) => {
          const branch = ref === "" ? "its default branch" : `branch ${ref}`;
          return `remote base ${repository}: ${branch} moves; it is at ${commit.slice(0, 7)} now`;
        }),
  };
}

function isMoving({ revisionType }: Checkout): boolean {
  return revisionType === "branch" || revisionType === "default";
}

/** Whatever happens, the renderer waits for an answer. */
function asFailed(error: unknown): OpenedCheckout {
  const hint = "This is a bug in drift: report it.";
  return { type: "failed", error: new DriftError("GIT_FAILED", messageOf(error), { hint, cause: error }) };
}

/**
 * A base is never stale: what cannot be fetched now is not rendered. Its ref is read as Kustomize lets Git read it, which
 * runs `git fetch <repository> <ref>` (api/internal/git/cloner.go).
 */
function toRepository({ repository, ref }: RemoteBase, { access }: RemoteBaseConfig): CheckoutRequest {
  return {
    url: repository,
    revision: ref,
    refOrder: "git-fetch",
    allowStaleMs: 0,
    ...(access && { access }),
  };
}

function mostSpecific(
  allowed: readonly RemoteBaseConfig[],
  repository: string,
): RemoteBaseConfig | undefined {
  const named = canonicalUrl(repository);
  if (named === undefined) return undefined;
  let best: RemoteBaseConfig | undefined;
  let highest = 0;
  for (const rule of allowed) {
    const rank = rankOf(rule.repository, named);
    if (rank > highest) [best, highest] = [rule, rank];
  }
  return best;
}

/** How closely a rule ("https://host/path" or "https://host/path/*") means a repository in its one form; 0: not at all. */
function rankOf(rule: string, named: string): number {
  if (!rule.endsWith("/*")) return canonicalUrl(rule) === named ? Infinity : 0;
  const folder = canonicalUrl(rule.slice(0, -2));
  return folder !== undefined && named.startsWith(`${folder}/`) ? folder.length : 0;
}

function notAllowed({ repository }: RemoteBase): OpenedBase {
  return {
    type: "refused",
    code: "RENDER_REFUSED",
    reason: `remote bases from ${redactPasswords(repository)} are not allowed`,
    hint: "Name the repository under render.remoteBases, or copy the base into this one.",
  };
}

function moving({ repository, ref }: RemoteBase): OpenedBase {
  const reason = ref === "" ? "it names no tag or commit" : `${ref} is a branch, which moves`;
  return {
    type: "refused",
    code: "RENDER_REFUSED",
    reason: `the remote base from ${redactPasswords(repository)} is not pinned: ${reason}`,
    hint: "Pin it with ?ref=<tag or commit>, or set `branches: true` for the repository under render.remoteBases.",
  };
}
