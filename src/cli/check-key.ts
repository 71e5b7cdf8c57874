import type { ResourceKey } from "../core/model/resource.ts";
import { DriftError } from "../lib/errors.ts";

/** The object that a word on the command line names: `[namespace/]Kind[.group]/name`. Throws USAGE for what names none. */
export async function checkKey(text: string): Promise<ResourceKey> {
  // Loaded here: it knows all kinds of the mesh, which no other command needs to start.
  const { parseKey } = await import("../core/judge/parse-key.ts");
  const read = parseKey(text);
  if (read.type === "key") return read.key;
  throw new DriftError("USAGE", `<key> ${JSON.stringify(text)}: ${read.reason}`, { hint: read.hint });
}
