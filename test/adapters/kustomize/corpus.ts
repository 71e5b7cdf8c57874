import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAllDocuments } from "yaml";
import { type Files, readFolder } from "./memory-checkout.ts";

/** One folder of test/corpus. */
export interface CorpusCase {
  readonly name: string;
  readonly overlay: string;
  readonly files: Files;
  /** For trees: the objects that kubectl printed, in order; Secrets without what they hold. */
  readonly expected: readonly unknown[];
  /** For refusals: what the failure says. */
  readonly failure: { readonly code: string; readonly reason: string };
}

interface CaseFile {
  readonly overlay: string;
  readonly links?: Readonly<Record<string, "symlink" | "submodule">>;
  readonly failure?: CorpusCase["failure"];
}

/** Reads test/corpus/trees or test/corpus/refusals. */
export function readCorpus(kind: "trees" | "refusals"): CorpusCase[] {
  const root = fileURLToPath(new URL(`../../corpus/${kind}`, import.meta.url));
  return readdirSync(root)
    .sort()
    .map((name) => {
      const folder = join(root, name);
      // Our own test data.
      const { overlay, links, failure } = JSON.parse(
        readFileSync(join(folder, "case.json"), "utf8"),
      ) as CaseFile;
      const linked = Object.entries(links ?? {}).map(([path, link]) => [path, { link }] as const);
      return {
        name,
        overlay,
        files: { ...readFolder(join(folder, "tree")), ...Object.fromEntries(linked) },
        expected: readExpected(join(folder, "expected.yaml")),
        failure: failure ?? { code: "", reason: "" },
      };
    });
}

function readExpected(file: string): unknown[] {
  if (!existsSync(file)) return [];
  return parseAllDocuments(readFileSync(file, "utf8"), { intAsBigInt: true })
    .filter((document) => document.contents !== null)
    .map((document) => normalize(document.toJS() as unknown));
}

/** Integers as the renderer gives them; no data of Secrets; no annotations about origin. */
function normalize(value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(normalize);
  const object = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, normalize(item)]));
  if (object["kind"] === "Secret" && object["apiVersion"] === "v1") {
    delete object["data"];
    delete object["stringData"];
  }
  dropOrigins(object);
  return object;
}

function dropOrigins(object: Record<string, unknown>): void {
  const metadata = object["metadata"];
  if (typeof metadata !== "object" || metadata === null || !("annotations" in metadata)) return;
  // Strings by string, as kubectl prints them.
  const annotations = metadata.annotations as Record<string, unknown> | null;
  if (annotations?.["config.kubernetes.io/origin"] === undefined) return;
  delete annotations["config.kubernetes.io/origin"];
  delete annotations["alpha.config.kubernetes.io/transformations"];
  if (Object.keys(annotations).length === 0) delete (metadata as Record<string, unknown>)["annotations"];
}
