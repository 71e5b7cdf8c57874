import type { RemoteBaseConfig, RepositoryConfig } from "../config/config.ts";
import { canonicalUrl } from "../config/location.ts";
import type { OpenedBase, RemoteBase, RenderRequest } from "../ports/renderer.ts";
import { DriftError, messageOf } from "../lib/errors.ts";
import type { Checkouts, OpenedCheckout } from "./checkouts.ts";

/**
 * Decides which remote bases are fetched: those of repositories that the configuration names, at a tag or commit, or at
 * a branch where that is allowed, which is said, because it moves.
 */
export function openBases(
  allowed: readonly RemoteBaseConfig[],
  checkouts: Checkouts,
  onWarning: (message: string) => void,
): NonNullable<RenderRequest["openBase"]> {
  const told = new Set<string>();
  const warnOnce = (message: string): void => {
    if (!told.has(message)) onWarning(message);
    told.add(message);
  };
  return async (base) => {
    const rule = allowed.find(({ repository }) => covers(repository, base.repository));
    if (rule === undefined) return notAllowed(base);
    const opened = await checkouts.open(toRepository(base, rule)).catch(asFailed);
    if (opened.type === "failed") {
      const { message, hint } = opened.error;
      return { type: "refused", code: "REMOTE_BASE_FAILED", reason: message, hint };
    }
    const { checkout } = opened;
    const { revisionType } = checkout;
    if (revisionType === "branch" || revisionType === "default") {
      if (!rule.allowBranches) return moving(base);
      const branch = base.ref === "" ? "its default branch" : `branch ${base.ref}`;
      warnOnce(
        `remote base ${base.repository}: ${branch} moves; it is at ${checkout.commit.sha.slice(0, 7)} now`,
      );
    }
    return { type: "opened", checkout };
  };
}

/** Whatever happens, the renderer waits for an answer. */
function asFailed(error: unknown): OpenedCheckout {
  const hint = "This is a bug in drift: report it.";
  return { type: "failed", error: new DriftError("GIT_FAILED", messageOf(error), { hint, cause: error }) };
}

/** A base is never stale: what cannot be fetched now is not rendered. */
function toRepository({ repository, ref }: RemoteBase, { access }: RemoteBaseConfig): RepositoryConfig {
  return { url: repository, revision: ref, allowStaleMs: 0, ...(access && { access }) };
}

/** Whether a rule ("https://host/path" or "https://host/path/*") means a repository. */
function covers(rule: string, repository: string): boolean {
  const named = canonicalUrl(repository);
  if (named === undefined) return false;
  if (!rule.endsWith("/*")) return canonicalUrl(rule) === named;
  const folder = canonicalUrl(rule.slice(0, -2));
  return folder !== undefined && named.startsWith(`${folder}/`);
}

function notAllowed({ repository }: RemoteBase): OpenedBase {
  return {
    type: "refused",
    code: "RENDER_REFUSED",
    reason: `remote bases from ${repository} are not allowed`,
    hint: "Name the repository under render.remoteBases, or copy the base into this one.",
  };
}

function moving({ repository, ref }: RemoteBase): OpenedBase {
  const reason = ref === "" ? "it names no tag or commit" : `${ref} is a branch, which moves`;
  return {
    type: "refused",
    code: "RENDER_REFUSED",
    reason: `the remote base from ${repository} is not pinned: ${reason}`,
    hint: "Pin it with ?ref=<tag or commit>, or set `branches: true` for the repository under render.remoteBases.",
  };
}
