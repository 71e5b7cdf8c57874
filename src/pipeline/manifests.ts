import { decodeText } from "../core/manifest/decode-text.ts";
import { parseManifest } from "../core/manifest/parse-manifest.ts";
import type { ManifestProblem } from "../core/manifest/problem.ts";
import type { Unchecked } from "../core/model/finding.ts";
import { keyOf, type Resource } from "../core/model/resource.ts";
import { DriftError } from "../lib/errors.ts";
import type { Checkout, Tree } from "../ports/source.ts";

/** What a file or folder of manifests holds, or why there is none. */
export type ManifestsRead =
  | {
      readonly type: "read";
      readonly resources: readonly Resource[];
      /** Files and documents that could not be read: nobody knows what they hold. */
      readonly unchecked: readonly Unchecked[];
      readonly warnings: readonly string[];
    }
  | { readonly type: "failed"; readonly why: Pick<Unchecked, "code" | "reason" | "hint"> };

const manifestName = /\.(?:ya?ml|json)$/;

/** What Kustomize reads about a folder is no object of a cluster; it needs neither a kind nor a name. */
const kustomizationName = /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/;
const kustomizeGroup = "kustomize.config.k8s.io";

/** Reads the objects of a file, or of every .yaml, .yml and .json file of a folder and the folders below it. */
export async function readManifests(checkout: Checkout, path: string): Promise<ManifestsRead> {
  const { tree } = checkout;
  const files = findFiles(tree, path);
  if (files.length === 0) return { type: "failed", why: notFound(tree, path) };
  const resources: Resource[] = [];
  const unchecked: Unchecked[] = [];
  const warnings: string[] = [];
  for (const file of files) {
    const read = await readFile(checkout, file);
    resources.push(...read.resources);
    unchecked.push(...read.unchecked);
    warnings.push(...read.warnings);
  }
  return { type: "read", resources, unchecked, warnings };
}

/** The file itself, or the manifests below the folder, in the order of their paths. */
function findFiles(tree: Tree, path: string): readonly string[] {
  if (tree.has(path)) return [path];
  const prefix = path === "" ? "" : `${path}/`;
  return [...tree.keys()].filter((file) => file.startsWith(prefix) && manifestName.test(file)).sort();
}

function notFound(tree: Tree, path: string): Pick<Unchecked, "code" | "reason" | "hint"> {
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
  if (entry?.type !== "file") {
    const what = entry?.type === "submodule" ? "a Git submodule" : "a symbolic link";
    return damaged(file, {
      code: "MANIFEST_REFUSED",
      reason: `it is ${what}, which is not followed`,
      hint: "Put the file itself there.",
    });
  }
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
  const { documents, problems } = parseManifest(text);
  const resources: Resource[] = [];
  const unchecked = problems.map((problem) => describe(file, problem));
  const warnings: string[] = [];
  for (const { object, line } of documents) {
    const key = keyOf(object);
    if (key?.group === kustomizeGroup || kustomizationName.test(file)) {
      warnings.push(`${file} is not rendered here: name its folder under overlay, not under manifests`);
    } else if (key === undefined) {
      unchecked.push(describe(file, { ...nameless, line }));
    } else {
      resources.push({ key, object, provenance: { file, changedBy: [] } });
    }
  }
  return { resources, unchecked, warnings };
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
