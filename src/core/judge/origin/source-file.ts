import {
  readSource,
  type SourceMap,
  type SourceNode,
  type SourceScalar,
  type SourceText,
  textOf,
} from "../../manifest/source-nodes.ts";
import { type Markable, markDocument, markKustomization, markOperations } from "./markable.ts";

/** A file of the rendered commit. */
export interface TextFile {
  readonly file: string;
  readonly text: string;
}

/** A text that may set fields: a file, or a patch inside a kustomization. */
export interface TraceSource {
  readonly file: string;
  readonly content: SourceText;
  readonly markables: readonly Markable[];
  /** `test` operations, which fail where another value stands. */
  readonly tests: readonly SourceMap[];
  /** Where the text stands, for a patch inside a kustomization. */
  readonly inside?: { readonly source: TraceSource; readonly node: SourceScalar };
}

/** The files of a render as texts that may set fields, and those that cannot be read that way. */
export interface TraceSources {
  readonly sources: readonly TraceSource[];
  readonly unreadable: readonly string[];
}

/** Whether a path is that of a kustomization. */
export function isKustomization(file: string): boolean {
  return /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/.test(file);
}

/** Reads every file once. Never throws. */
export function traceSources(files: readonly TextFile[]): TraceSources {
  const unreadable: string[] = [];
  const read = files.flatMap(({ file, text }) => {
    const content = readSource(text);
    if (content !== undefined) return [{ file, content }];
    unreadable.push(file);
    return [];
  });
  const patches = new Set(read.flatMap(({ file, content }) => patchPaths(file, content)));
  return { sources: read.flatMap((one) => sourcesOf(one, patches)), unreadable };
}

type ReadFile = Pick<TraceSource, "file" | "content">;

function sourcesOf({ file, content }: ReadFile, patches: ReadonlySet<string>): readonly TraceSource[] {
  if (!isKustomization(file)) return [plainSource({ file, content }, patches.has(file))];
  const { markables, embedded } = markKustomization(content.roots);
  const source: TraceSource = { file, content, markables, tests: [] };
  const inner = embedded.flatMap((node) => {
    const text = readSource(textOf(node));
    if (text === undefined) return [];
    return [{ ...plainSource({ file, content: text }, true), inside: { source, node } }];
  });
  return [source, ...inner];
}

/** Resources, or a patch of either kind. */
function plainSource({ file, content }: ReadFile, isPatch: boolean): TraceSource {
  const markables: Markable[] = [];
  const tests: SourceMap[] = [];
  for (const root of content.roots) {
    if (root.type === "list") {
      const found = markOperations(root);
      markables.push(...found.markables);
      tests.push(...found.tests);
    } else if (root.type === "map") {
      markables.push(...markDocument(root, isPatch ? "strategic-merge-patch" : "resource"));
    }
  }
  return { file, content, markables, tests };
}

/** The files that a kustomization names as patches. */
function patchPaths(file: string, { roots }: SourceText): readonly string[] {
  if (!isKustomization(file)) return [];
  const folder = file.split("/").slice(0, -1);
  return roots.flatMap((root) => {
    const named = ["patches", "patchesJson6902"].flatMap((list) =>
      itemsAt(root, list).flatMap((item) => fieldOf(item, "path") ?? []),
    );
    return [...named, ...itemsAt(root, "patchesStrategicMerge")].flatMap((node) =>
      node.type === "scalar" && typeof node.value === "string" ? [resolve(folder, node.value)] : [],
    );
  });
}

function resolve(folder: readonly string[], path: string): string {
  const parts = [...folder];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}

function itemsAt(node: SourceNode, name: string): readonly SourceNode[] {
  const list = fieldOf(node, name);
  return list?.type === "list" ? list.items : [];
}

function fieldOf(node: SourceNode, name: string): SourceNode | undefined {
  return node.type === "map" ? node.fields.get(name) : undefined;
}
