// A disk that fails, for tests that may not mount one: loaded before the command (node --import), it makes everything that
// writes in the folder FAILING_FOLDER fail as the system would, with FAILING_CODE: ENOSPC when bytes are written, EROFS at
// once. The real thing, where file systems may be mounted: test/adapters/files/state.test.ts.
import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import path from "node:path";

const { FAILING_FOLDER: folder = "", FAILING_CODE: code = "" } = process.env;
const texts = new Map([
  ["ENOSPC", "no space left on device"],
  ["EROFS", "read-only file system"],
]);

/** @param {string} call @param {unknown} [file] */
function failure(call, file) {
  const about = file === undefined ? "" : ` '${String(file)}'`;
  return Object.assign(new Error(`${code}: ${String(texts.get(code))}, ${call}${about}`), {
    code,
    syscall: call,
  });
}

/** @param {unknown} file */
const isInside = (file) => typeof file === "string" && path.dirname(file) === folder;

const { open } = fs;
fs.open = async (file, flags, ...rest) => {
  const isWriting = isInside(file) && /[wa+]/.test(String(flags ?? "r"));
  if (isWriting && code === "EROFS") throw failure("open", file);
  const handle = await open(file, flags, ...rest);
  if (isWriting) {
    handle.writeFile = () => Promise.reject(failure("write"));
    handle.write = () => Promise.reject(failure("write"));
  }
  return handle;
};

for (const call of /** @type {const} */ (["writeFile", "rename", "rm", "mkdir", "link", "symlink"])) {
  const real = /** @type {(...args: any[]) => Promise<any>} */ (fs[call]);
  const isWrong = (/** @type {any[]} */ args) =>
    args.some(isInside) && (code === "EROFS" || call === "writeFile");
  Object.assign(fs, {
    [call]: (/** @type {any[]} */ ...args) =>
      isWrong(args) ? Promise.reject(failure(call, args[0])) : real(...args),
  });
}
syncBuiltinESMExports();
