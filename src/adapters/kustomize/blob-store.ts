import { findLimitViolation, formatBytes, gitFileLimits, limitProblem } from "../../core/manifest/limits.ts";
import { DriftError, messageOf } from "../../lib/errors.ts";
import type { Checkout } from "../../ports/source.ts";
import type { BlobAnswer, BlobRequest } from "./messages.ts";

/** Together, so many bytes of blobs stay in memory. */
const maxStoredBytes = 64 * 1024 * 1024;

/** Hands out the blobs of checkouts, each read from Git once. */
export interface BlobStore {
  /** Never throws: what cannot be handed out is a problem of the render that asked. */
  read: (checkout: Checkout, request: BlobRequest) => Promise<BlobAnswer>;
}

/** Why a file is not handed out, and what to do about it. */
interface Refusal {
  readonly why: string;
  readonly hint: string;
}

/** Makes an empty store. A file larger than `maxFileBytes`, or beyond the limits before parsing, is not handed out. */
export function createBlobStore(maxFileBytes: number): BlobStore {
  const blobs = new Map<string, Promise<Uint8Array>>();
  const violations = new Map<string, Refusal | undefined>();
  let storedBytes = 0;

  function load(checkout: Checkout, oid: string): Promise<Uint8Array> {
    const known = blobs.get(oid);
    if (known !== undefined) return known;
    if (storedBytes > maxStoredBytes) {
      blobs.clear();
      storedBytes = 0;
    }
    const loading = readOne(checkout, oid).then((bytes) => {
      storedBytes += bytes.length;
      return bytes;
    });
    blobs.set(oid, loading);
    loading.catch(() => blobs.delete(oid));
    return loading;
  }

  function violationOf(oid: string, bytes: Uint8Array): Refusal | undefined {
    if (!violations.has(oid)) violations.set(oid, describeViolation(bytes));
    return violations.get(oid);
  }

  return {
    read: async (checkout, request) => {
      try {
        const bytes = await load(checkout, request.oid);
        if (bytes.length > maxFileBytes) return refuse(request.path, tooLarge(maxFileBytes));
        const violation = request.plain ? undefined : violationOf(request.oid, bytes);
        return violation === undefined ? { type: "blob", bytes } : refuse(request.path, violation);
      } catch (error) {
        const isLarge = error instanceof DriftError && error.code === "BLOB_TOO_LARGE";
        return isLarge ? refuse(request.path, tooLarge(maxFileBytes)) : failed(request.path, error);
      }
    },
  };
}

async function readOne(checkout: Checkout, oid: string): Promise<Uint8Array> {
  const [bytes] = await checkout.readBlobs([oid]);
  if (bytes === undefined) throw new Error(`no answer for blob ${oid}`);
  // A copy: what Git answered may be a small part of a large buffer, which would be kept and sent as a whole.
  return new Uint8Array(bytes);
}

function describeViolation(bytes: Uint8Array): Refusal | undefined {
  const violation = findLimitViolation(new TextDecoder().decode(bytes), gitFileLimits);
  if (violation === undefined) return undefined;
  const where = violation.line === undefined ? "" : ` (line ${String(violation.line)})`;
  return { why: `${violation.reason}${where}`, hint: limitProblem(violation).hint };
}

function tooLarge(maxBytes: number): Refusal {
  const why = `it is larger than ${formatBytes(maxBytes)}, the most that is read`;
  return { why, hint: "Split the file, or take what is not needed out of it." };
}

function refuse(path: string, { why, hint }: Refusal): BlobAnswer {
  return { type: "problem", problem: { code: "RENDER_REFUSED", reason: `${path}: ${why}`, hint } };
}

function failed(path: string, error: unknown): BlobAnswer {
  const hint = error instanceof DriftError ? error.hint : "Check the repository with `git fsck`.";
  const problem = { code: "RENDER_FAILED", reason: `${path}: ${messageOf(error)}`, hint };
  return { type: "problem", problem };
}
