import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { decodeText } from "../../../core/manifest/decode-text.ts";
import { formatBytes } from "../../../core/manifest/limits.ts";
import { messageOf } from "../../../lib/errors.ts";

/** The text of a file, or why there is none. */
export type SmallFile =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "missing" }
  /** `reason` follows "cannot be read: ". */
  | { readonly type: "refused"; readonly reason: string };

/** No kubeconfig, certificate or token comes near this. */
const maxBytes = 1024 * 1024;

/** Reads a file of UTF-8 text of at most 1 MiB. Pipes and devices are not read: they may never come to an end. */
export async function readSmallFile(file: string): Promise<SmallFile> {
  try {
    // A pipe must not be waited for: nobody may be writing into it.
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return await readHandle(handle);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return { type: "missing" };
    return refuse(code === "EACCES" ? "permission denied" : messageOf(error));
  }
}

async function readHandle(handle: FileHandle): Promise<SmallFile> {
  const stats = await handle.stat();
  if (stats.isDirectory()) return refuse("it is a folder");
  if (!stats.isFile()) return refuse("it is a pipe or a device, not a file");
  if (stats.size > maxBytes) return refuse(`it is larger than ${formatBytes(maxBytes)}`);
  const decoded = decodeText(await handle.readFile());
  return decoded.type === "text" ? decoded : refuse(decoded.problem.reason);
}

function refuse(reason: string): SmallFile {
  return { type: "refused", reason };
}
