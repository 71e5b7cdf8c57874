import type { Tree } from "../../ports/source.ts";
import type { RenderFailure } from "../../ports/renderer.ts";
import { editDistance } from "../../core/model/edit-distance.ts";
import { KIND } from "./tree-lookup.mjs";

/** The names under which Kustomize looks for its file. */
const kustomizationNames = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
const maxSuggestions = 5;

function notFound(reason: string, hint: string): RenderFailure {
  return { type: "failed", code: "OVERLAY_NOT_FOUND", reason, hint };
}

/** The path of the kustomization of a folder; undefined where it has none. */
export function findKustomization(tree: Tree, overlay: string): string | undefined {
  const prefix = overlay === "" ? "" : `${overlay}/`;
  return kustomizationNames.map((name) => prefix + name).find((path) => tree.has(path));
}

/** Why a text cannot be the path of a folder inside a repository; undefined where it can. */
function findPathFault(overlay: string): string | undefined {
  if (overlay === "") return undefined;
  if (overlay.startsWith("/")) return "it is absolute";
  if (overlay.includes("\0")) return "it holds a NUL character";
  for (const segment of overlay.split("/")) {
    if (segment === "..") return 'it holds ".."';
    if (segment === "" || segment === ".") return 'it has an empty segment, or "."';
  }
  return undefined;
}

/** Why the folder cannot be rendered as an overlay, found without reading a file; undefined where it may be one. */
export function checkOverlay(
  tree: Tree,
  kindOf: (path: string) => number,
  overlay: string,
): RenderFailure | undefined {
  const shown = overlay === "" ? "the root of the repository" : JSON.stringify(overlay);
  const fault = findPathFault(overlay);
  if (fault !== undefined) {
    const hint = 'Write it from the root of the repository, like "overlays/prod".';
    return notFound(`${shown} is not a path of a folder: ${fault}`, hint);
  }
  const kind = kindOf(overlay);
  if (kind === KIND.symlink || kind === KIND.submodule) {
    const what = kind === KIND.symlink ? "a symbolic link" : "a Git submodule";
    const reason = `${shown} is, or is below, ${what}`;
    return { type: "failed", code: "RENDER_REFUSED", reason, hint: "Name a folder of the repository itself." };
  }
  if (findKustomization(tree, overlay) !== undefined) return undefined;
  const reason =
    kind === KIND.folder
      ? `no kustomization.yaml in ${shown}`
      : `no folder ${shown} in the repository at this commit`;
  return notFound(reason, suggest(tree, overlay));
}

function suggest(tree: Tree, overlay: string): string {
  const found = findOverlays(tree)
    .map((folder) => ({ folder, distance: distanceOf(folder, overlay) }))
    .sort((a, b) => a.distance - b.distance || (a.folder < b.folder ? -1 : 1))
    .map(({ folder }) => (folder === "" ? '"" (the root)' : folder));
  if (found.length === 0) return "No folder of this commit has a kustomization.yaml.";
  const near = found.slice(0, maxSuggestions).join(", ");
  const rest = found.length - maxSuggestions;
  return `Folders with a kustomization.yaml: ${near}${rest > 0 ? ` and ${String(rest)} more` : ""}`;
}

function findOverlays(tree: Tree): string[] {
  const folders: string[] = [];
  for (const path of tree.keys()) {
    const slash = path.lastIndexOf("/");
    if (kustomizationNames.includes(path.slice(slash + 1))) folders.push(path.slice(0, Math.max(slash, 0)));
  }
  return folders;
}

/** How far two paths are apart: segments that only one of them has, letters where the last segments differ. */
function distanceOf(a: string, b: string): number {
  const [left, right] = [a.split("/"), b.split("/")];
  const shared = left.filter((segment) => right.includes(segment)).length;
  const last = editDistance((left.at(-1) ?? "").slice(0, 64), (right.at(-1) ?? "").slice(0, 64));
  return (left.length + right.length - 2 * shared) * 4 + last;
}
