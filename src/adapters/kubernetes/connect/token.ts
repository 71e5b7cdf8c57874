import { DriftError } from "../../../lib/errors.ts";
import type { ConnectOptions } from "./access.ts";
import type { Grant, Login } from "./login.ts";
import { readSmallFile } from "./read-small-file.ts";

/** Kubernetes replaces a Pod's token in its file long before it expires; client-go looks as often. */
const rereadMs = 60_000;

/** The header for a token. `where` says where it is from. Throws CREDENTIALS_FAILED for what is none; never shows it. */
export function bearer(token: string, where: string): string {
  const trimmed = token.trim();
  if (trimmed === "") throw failed(`${where} is empty`);
  if (/[\r\n]/.test(trimmed)) throw failed(`${where} has line breaks: a token is one line`);
  if (!/^[\x21-\x7e]+$/.test(trimmed)) throw failed(`${where} has characters that no token has`);
  return `Bearer ${trimmed}`;
}

/**
 * A token in a file that is read again every minute. One that cannot be read then is only a warning; so is one that can
 * never be read where there is another `authorization` (client-go, transport/round_trippers.go and token_source.go).
 */
export function tokenFileLogin(
  file: string,
  { now, onWarning }: Pick<ConnectOptions, "now" | "onWarning">,
  authorization?: string,
): Login {
  const other: Grant | undefined = authorization === undefined ? undefined : { proof: { authorization } };
  let last: Grant | undefined;
  let hasWarned = false;
  return async (occasion) => {
    const renewAtMs = now().getTime() + rereadMs;
    try {
      last = { proof: { authorization: await readToken(file) }, renewAtMs };
    } catch (error) {
      const before = occasion === "due" ? last : undefined;
      const kept = before ?? other;
      if (kept === undefined || !(error instanceof DriftError)) throw error;
      const whose = before === undefined ? "beside it is used" : "that was read before is still used";
      if (!hasWarned) onWarning(`${error.message}; the token ${whose}`);
      hasWarned = true;
      last = { ...kept, renewAtMs };
    }
    return last;
  };
}

async function readToken(file: string): Promise<string> {
  const read = await readSmallFile(file);
  if (read.type === "text") return bearer(read.text, `the token file ${file}`);
  const reason = read.type === "missing" ? "there is no such file" : read.reason;
  throw failed(`the token file ${file} cannot be read: ${reason}`);
}

function failed(message: string): DriftError {
  return new DriftError("CREDENTIALS_FAILED", message, {
    hint: "Check where the token comes from, and get a new one.",
  });
}
