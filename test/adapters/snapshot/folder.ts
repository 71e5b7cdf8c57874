import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";

/** A folder with these files (path -> content), gone when the test is over. */
export async function folderWith(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "mesh-drift-snapshot-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
  }
  return folder;
}

/** One object as kubectl prints it: keys in the order of the alphabet. */
export function virtualService(name: string, namespace = "shop", host = name): string {
  return [
    "apiVersion: networking.istio.io/v1",
    "kind: VirtualService",
    "metadata:",
    `  name: ${name}`,
    `  namespace: ${namespace}`,
    "spec:",
    "  hosts:",
    `  - ${host}`,
    "  http:",
    "  - timeout: 5s",
    "status: {}",
    "",
  ].join("\n");
}

/** Objects as `kubectl get -o yaml` prints several. */
export function list(...objects: readonly string[]): string {
  const items = objects.map((object) => `- ${object.trimEnd().replaceAll("\n", "\n  ")}\n`);
  return `apiVersion: v1\nitems:\n${items.join("")}kind: List\nmetadata:\n  resourceVersion: ""\n`;
}

/** Standard input that gives this text, in pieces. */
export async function* streamOf(text: string): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += 7) {
    await Promise.resolve();
    yield bytes.subarray(at, at + 7);
  }
}
