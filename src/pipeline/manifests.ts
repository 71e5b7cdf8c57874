import { decodeText } from "../core/manifest/decode-text.ts";
import { parseManifest } from "../core/manifest/parse-manifest.ts";
import type { ManifestProblem } from "../core/manifest/problem.ts";
import type { Unchecked } from "../core/model/finding.ts";
import { keyOf, type Resource } from "../core/model/resource.ts";
import { DriftError } from "../lib/errors.ts";
import type { Checkout, Tree, TreeEntry } from "../ports/source.ts";

type Why = Pick<Unchecked, "code" | "reason" | "hint">;

/** What a file or folder of manifests holds, or why there is none. */
export type ManifestsRead =
  | {
      readonly type: "read";
      readonly resources: readonly Resource[];
      /** Files and documents that could not be read: nobody knows what they hold. */
      readonly unchecked: readonly Unchecked[];
      readonly warnings: readonly string[];
    }
  | { readonly type: "failed"; readonly why: Why };

const manifestName = /\.(?:ya?ml|json)$/;

/** What Kustomize reads about a folder is no object of a cluster; it needs neither a kind nor a name. */
const kustomizationName = /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/;
const kustomizeGroup = "kustomize.config.k8s.io";

/** Of one file, more than this many unread parts are told as a number. */
const maxTold = 20;

/**
 * Reads the objects of a file, or of every .yaml, .yml and .json file of a folder and the folders below it. Symbolic links
 * and submodules there are not followed, and told as unchecked.
 */
export async function readManifests(checkout: Checkout, path: string): Promise<ManifestsRead> {
  const { tree } = checkout;
  const files = findFiles(tree, path);
  if (files.length === 0) return { type: "failed", why: belowLink(tree, path) ?? notFound(tree, path) };
  const resources: Resource[] = [];
  const unchecked: Unchecked[] = [];
  const warnings: string[] = [];
  for (const file of files) {
    const read = await readFile(checkout, file);
    // One file may hold more than a call takes arguments.
    for (const resource of read.resources) resources.push(resource);
    for (const part of read.unchecked) unchecked.push(part);
    for (const warning of read.warnings) warnings.push(warning);
  }
  return { type: "read", resources, unchecked, warnings };
}

/** The file itself, or what may hold manifests below the folder, in the order of the paths. */
function findFiles(tree: Tree, path: string): readonly string[] {
  if (tree.has(path)) return [path];
  const prefix = path === "" ? "" : `${path}/`;
  return [...tree]
    .filter(([file, { type }]) => file.startsWith(prefix) && (type !== "file" || manifestName.test(file)))
    .map(([file]) => file)
    .sort();
}

/** What is said of a path below a symbolic link or a submodule. */
function belowLink(tree: Tree, path: string): Why | undefined {
  const parts = path.split("/");
  const above = parts.map((_, index) => parts.slice(0, index).join("/"));
  const link = above.find((folder) => (tree.get(folder)?.type ?? "file") !== "file");
  if (link === undefined) return undefined;
  const { code, reason, hint } = notFollowed(tree.get(link)?.type);
  return { code, reason: `${JSON.stringify(path)} lies below ${JSON.stringify(link)}: ${reason}`, hint };
}

function notFollowed(type: TreeEntry["type"] | undefined): ManifestProblem {
  const what = type === "submodule" ? "a Git submodule" : "a symbolic link";
  return {
    code: "MANIFEST_REFUSED",
    reason: `it is ${what}, which is not followed`,
    hint: "Put the files themselves there.",
  };
}

function notFound(tree: Tree, path: string): Why {
  const shown = path === "" ? "the root of the repository" : JSON.stringify(path);
  const exists = [...tree.keys()].some((file) => file.startsWith(`${path}/`));
  return {
    code: "MANIFESTS_NOT_FOUND",
    reason: exists
      ? `no file below ${shown} ends in .yaml, .yml or .json`
      : `no file or folder ${shown} in the repository at this commit`,
    hint: "Write the path from the root of the repository, like rendered/prod.",
  };
}

interface FileRead {
  readonly resources: readonly Resource[];
  readonly unchecked: readonly Unchecked[];
  readonly warnings: readonly string[];
}

async function readFile(checkout: Checkout, file: string): Promise<FileRead> {
  const entry = checkout.tree.get(file);
  if (entry?.type !== "file") return damaged(file, notFollowed(entry?.type));
  try {
    const [bytes = new Uint8Array()] = await checkout.readBlobs([entry.oid]);
    const decoded = decodeText(bytes);
    return decoded.type === "refused" ? damaged(file, decoded.problem) : parse(file, decoded.text);
  } catch (error) {
    if (!(error instanceof DriftError)) throw error;
    return damaged(file, { code: error.code, reason: error.message, hint: error.hint });
  }
}

function parse(file: string, text: string): FileRead {
  const manifest = parseManifest(text);
  const resources: Resource[] = [];
  const problems = [...manifest.problems];
  let isKustomization = false;
  for (const { object, line } of manifest.documents) {
    const key = keyOf(object);
    if (key?.group === kustomizeGroup || kustomizationName.test(file)) isKustomization = true;
    else if (key === undefined) problems.push({ ...nameless, line });
    else resources.push({ key, object, provenance: { file, changedBy: [] } });
  }
  const warnings = isKustomization
    ? [`${file} is not rendered here: name its folder under overlay, not under manifests`]
    : [];
  return { resources, unchecked: describeAll(file, problems), warnings };
}

/** The first problems of a file, and how many there are beyond them. */
function describeAll(file: string, problems: readonly ManifestProblem[]): readonly Unchecked[] {
  const told = problems.slice(0, maxTold).map((problem) => describe(file, problem));
  const next = problems[maxTold];
  if (next === undefined) return told;
  const reason = `${String(problems.length - maxTold)} more of its parts could not be read`;
  return [...told, describe(file, { code: next.code, reason, hint: next.hint })];
}

const nameless: ManifestProblem = {
  code: "OBJECT_WITHOUT_NAME",
  reason: "an object without apiVersion, kind or metadata.name stands here",
  hint: "Add what it lacks, or move the file out of the folder.",
};

function damaged(file: string, problem: ManifestProblem): FileRead {
  return { resources: [], unchecked: [describe(file, problem)], warnings: [] };
}

function describe(file: string, { code, reason, hint, line }: ManifestProblem): Unchecked {
  return { what: line === undefined ? file : `${file}:${String(line)}`, code, reason, hint };
}
