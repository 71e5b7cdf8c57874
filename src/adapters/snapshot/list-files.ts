import type { Stats } from "node:fs";
import { lstat, readdir, realpath, stat } from "node:fs/promises";
import path from "node:path";
import type { Unchecked } from "../../core/model/finding.ts";

/** A file to read, and the name it has in messages. */
export interface InputFile {
  readonly path: string;
  readonly name: string;
  /** When it was last written. Absent for a pipe. */
  readonly modified?: Date;
}

/** The files below a path, and what was passed over although it may hold manifests. */
export interface FileList {
  readonly files: readonly InputFile[];
  readonly unchecked: readonly Unchecked[];
}

const manifestFile = /\.(?:ya?ml|json)$/i;

/**
 * The manifests of a folder and the folders in it (`*.yaml`, `*.yml`, `*.json`), sorted by name; hidden files and
 * folders are left out. A file or pipe is its own list, whatever its name. Symlinks are followed as long as
 * they stay inside the folder, so that a snapshot cannot make us read other files. In messages the root is called `label`.
 * Rejects with the system's error where the root cannot be read.
 */
export async function listFiles(root: string, label: string): Promise<FileList> {
  const stats = await stat(root);
  if (stats.isFile() || stats.isFIFO()) return { files: [inputFile(root, label, stats)], unchecked: [] };
  if (!stats.isDirectory()) return { files: [], unchecked: [device(label)] };
  const walk: Walk = { root: await realpath(root), folders: new Set(), files: [], unchecked: [] };
  await listFolder(walk, root, label);
  return { files: walk.files, unchecked: walk.unchecked };
}

interface Walk {
  /** The folder that is not left, without symlinks. */
  readonly root: string;
  /** Folders already listed, without symlinks: a symlink to a folder above ends there. */
  readonly folders: Set<string>;
  readonly files: InputFile[];
  readonly unchecked: Unchecked[];
}

async function listFolder(walk: Walk, folder: string, shownFolder: string): Promise<void> {
  const real = await realpath(folder);
  if (walk.folders.has(real)) return;
  walk.folders.add(real);
  for (const entry of (await readdir(folder)).sort()) {
    if (entry.startsWith(".")) continue;
    const shown = `${shownFolder.replace(/\/$/, "")}/${entry}`;
    try {
      await listEntry(walk, path.join(folder, entry), shown);
    } catch (error) {
      walk.unchecked.push(unreadable(shown, error));
    }
  }
}

async function listEntry(walk: Walk, entry: string, shown: string): Promise<void> {
  const isLink = (await lstat(entry)).isSymbolicLink();
  const stats = await stat(entry);
  if (!stats.isDirectory() && !manifestFile.test(shown)) return;
  if (isLink && !isInside(walk.root, await realpath(entry))) {
    walk.unchecked.push(outsideLink(shown));
  } else if (stats.isDirectory()) {
    await listFolder(walk, entry, shown);
  } else if (stats.isFile()) {
    walk.files.push(inputFile(entry, shown, stats));
  } else {
    walk.unchecked.push(notAFile(shown));
  }
}

function inputFile(file: string, name: string, stats: Stats): InputFile {
  return { path: file, name, ...(stats.isFile() ? { modified: stats.mtime } : {}) };
}

function isInside(root: string, target: string): boolean {
  const relative = path.relative(root, target);
  return relative !== ".." && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

function outsideLink(name: string): Unchecked {
  return {
    what: name,
    code: "LINK_NOT_FOLLOWED",
    reason: "it is a symlink that leads out of the folder",
    hint: "Copy the file into the folder.",
  };
}

function device(name: string): Unchecked {
  return {
    what: name,
    code: "FILE_UNREADABLE",
    reason: "it is neither a file, a folder nor a pipe",
    hint: "Name a file or folder, or - for standard input.",
  };
}

/** Below a folder nobody has asked for a pipe, and it may be waited for in vain. */
function notAFile(name: string): Unchecked {
  return {
    what: name,
    code: "FILE_UNREADABLE",
    reason: "it is a pipe, a socket or a device; below a folder only files are read",
    hint: "Take it out of the folder; a pipe can be named by itself.",
  };
}

/** A file or folder that the system does not let us read. */
export function unreadable(name: string, error: unknown): Unchecked {
  return {
    what: name,
    code: "FILE_UNREADABLE",
    reason: `it cannot be read (${systemCode(error)})`,
    hint: "Check that it exists and that this user may read it.",
  };
}

/** The code of a system error ("EACCES"). Throws what is no system error. */
export function systemCode(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  throw error;
}
