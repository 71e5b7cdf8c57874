import type { Json } from "../../core/model/json.ts";
import type { Resource } from "../../core/model/resource.ts";
import type { Tree } from "../../ports/source.ts";
import { readAnswer } from "./answer.ts";
import type { Closure } from "./cache-format.ts";
import { createRenderCache, nameOf, noCache } from "./render-cache.ts";

/** What a command made of exactly these files. */
export interface KeptOutput {
  /** Without provenance, which the command does not tell. */
  readonly resources: readonly Resource[];
  readonly warnings: readonly string[];
}

/** What an output depends on besides the command. */
export interface OutputSource {
  readonly overlay: string;
  /** As a request for a render has it. */
  readonly variant?: string;
  readonly tree: Tree;
  /** Every file that the command was given: path and blob id, by path. */
  readonly files: Closure["files"];
}

/** Outputs of a command's earlier runs. */
export interface EngineCache {
  /** Never throws. */
  find: (source: OutputSource) => Promise<KeptOutput | undefined>;
  /** Never throws. */
  store: (source: OutputSource, output: KeptOutput) => Promise<void>;
}

export interface EngineCacheOptions {
  /** Absent: nothing is kept. May be that of other renderers. */
  readonly folder?: string;
  /** Of the command: another one's outputs do not count. */
  readonly digest: string;
  readonly onWarning: (message: string) => void;
}

/** Opens the cache. The command sees nothing but the files that it is given, so they are all that counts. */
export function createEngineCache({ folder, digest, onWarning }: EngineCacheOptions): EngineCache {
  const cache =
    folder === undefined ? noCache : createRenderCache({ folder, artefactDigest: digest, onWarning });
  return {
    find: async ({ overlay, variant, tree, files }) => {
      const entry = await cache.find(nameOf(overlay, variant), {
        tree,
        kindOf: () => 0,
        commitOf: () => Promise.resolve(undefined),
      });
      // An entry of fewer files holds too, and is of another render.
      if (entry === undefined || JSON.stringify(entry.files) !== JSON.stringify(files)) return undefined;
      const answer = readAnswer(entry.answer);
      if (answer.type === "failed") return undefined;
      return { resources: answer.resources, warnings: entry.warnings };
    },
    store: async ({ overlay, variant, files }, { resources, warnings }) => {
      const answer = writeAnswer(resources);
      if (answer === undefined) return;
      await cache.store(nameOf(overlay, variant), { files, probes: [], bases: [], warnings, answer });
    },
  };
}

/** As the renderer inside of drift answers; undefined where JSON.stringify would change a value or not take it. */
function writeAnswer(resources: readonly Resource[]): string | undefined {
  const seen: { inexact: boolean } = { inexact: false };
  const look = (_name: string, value: Json): Json => {
    if (typeof value !== "bigint" && !Object.is(value, -0)) return value;
    seen.inexact = true;
    return null;
  };
  const text = JSON.stringify({ resources: resources.map(({ object }) => object) }, look);
  return seen.inexact ? undefined : text;
}
