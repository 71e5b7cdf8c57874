import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { parse, stringify } from "yaml";
import { field, type Json, type JsonObject } from "../../src/core/model/json.ts";

/**
 * Copies a kubeconfig into a new folder below `folder`, with another server behind all its clusters.
 *
 * @returns the path of the copy, which has the name of the original
 */
export async function rewriteKubeconfig(
  file: string,
  folder: string,
  server: string,
  certificate: string,
): Promise<string> {
  const config = parse(await readFile(file, "utf8")) as JsonObject; // A kubeconfig is a mapping.
  const clusters = field(config, "clusters") as readonly JsonObject[]; // Tests have at least one.
  const authority = Buffer.from(certificate).toString("base64");
  const moved = clusters.map((entry): Json => ({
    ...entry,
    cluster: { server, "certificate-authority-data": authority },
  }));
  const copy = path.join(await mkdtemp(path.join(folder, "kubeconfig-")), path.basename(file));
  await writeFile(copy, stringify({ ...config, clusters: moved }), { mode: 0o600 });
  return copy;
}
