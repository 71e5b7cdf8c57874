import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { field, isObject, type Json, type JsonObject } from "../../src/core/model/json.ts";

const file = fileURLToPath(new URL("../../../shared/data/istio-objects.jsonl", import.meta.url));

/**
 * Real mesh objects. They lie beside the clone and are not part of it: undefined where they are not there, which is
 * said. Some have the name of another.
 */
export const realObjects: readonly JsonObject[] | undefined = existsSync(file) ? readObjects() : undefined;
if (realObjects === undefined)
  process.stderr.write("\n*** skipped: ../shared/data is not here, no real object was read ***\n\n");

function readObjects(): readonly JsonObject[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => field(JSON.parse(line) as Json, "object")) // JSON.parse gives nothing else.
    .filter((object) => isObject(object));
}
