import { createSnapshotLive, type SnapshotOptions } from "../../../src/adapters/snapshot/snapshot-live.ts";
import { formatKey } from "../../../src/core/model/resource.ts";
import type { LiveRead } from "../../../src/ports/live.ts";
import { folderWith, streamOf } from "./folder.ts";

/** When the snapshots of the tests are read. */
export const now = new Date("2026-11-21T00:00:00Z");

export const virtualServices = { group: "networking.istio.io", kind: "VirtualService" };

type Options = Omit<SnapshotOptions, "path" | "stdin" | "label">;

/** VirtualServices and Gateways of a file or folder, which messages call live/eu1. */
export function read(path: string, options: Options = {}): Promise<LiveRead> {
  const live = createSnapshotLive({ path, label: "live/eu1", stdin: streamOf(""), ...options });
  return live.read({ kinds: [virtualServices, { group: "networking.istio.io", kind: "Gateway" }], now });
}

/** The same of a folder with these files. */
export async function readFiles(
  files: Record<string, string | Uint8Array>,
  options: Options = {},
): Promise<LiveRead> {
  return read(await folderWith(files), options);
}

export function keysOf({ resources }: LiveRead): string[] {
  return resources.map(({ key }) => formatKey(key));
}

export function codesOf({ unchecked }: LiveRead): string[] {
  return unchecked.map(({ what, code }) => `${what} ${code}`);
}

/** Whether the list of VirtualServices is complete. */
export function isComplete(live: LiveRead, namespace = "shop"): boolean {
  return live.isComplete(virtualServices, namespace);
}
