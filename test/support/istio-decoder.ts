import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { goVersion, runGo } from "../../scripts/go.mjs";
import { cachedFolder } from "../../scripts/test-cache.mjs";
import type { JsonObject } from "../../src/core/model/json.ts";
import type { Description } from "./proto-specs.ts";

/** Two specs of a kind. */
export interface SpecPair {
  readonly kind: string;
  readonly one: JsonObject;
  readonly other: JsonObject;
}

/** What Istio's decoder makes of two specs; `refused`: it cannot read one of them, or both. */
export type DecoderVerdict = "equal" | "different" | "refused one" | "refused other" | "refused both";

const source = fileURLToPath(new URL("../decoder", import.meta.url));

/**
 * The program test/decoder, built where it was not yet; undefined without Go: then what needs it is skipped, and one line
 * says so. Throws where Go is there and cannot build it.
 */
export function decoderBinary(): string | undefined {
  const binary = path.join(cachedFolder("decoder", source), "decoder");
  if (existsSync(binary)) return binary;
  if (goVersion() === undefined) {
    process.stderr.write("*** skipped: no Go, nothing was judged by Istio's own decoder ***\n");
    return undefined;
  }
  mkdirSync(path.dirname(binary), { recursive: true });
  const temporary = `${binary}.${String(process.pid)}`;
  runGo(source, ["build", "-trimpath", "-buildvcs=false", "-o", temporary, "."]);
  renameSync(temporary, binary);
  return binary;
}

/** What the messages of every kind hold. */
export function describeMessages(binary: string): Description {
  // Our own program writes what describe.go says.
  return JSON.parse(run(binary, ["describe"], "")) as Description;
}

/** The decoder's verdicts, in the order of the pairs. */
export function judgePairs(binary: string, pairs: readonly SpecPair[]): readonly DecoderVerdict[] {
  const lines = run(binary, [], pairs.map((pair) => JSON.stringify(pair)).join("\n")).split("\n");
  return lines.slice(0, -1) as DecoderVerdict[]; // Our own program writes no others.
}

function run(binary: string, args: readonly string[], input: string): string {
  return execFileSync(binary, args, { encoding: "utf8", input, maxBuffer: 1 << 28 });
}
