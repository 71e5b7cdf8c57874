import { fileURLToPath } from "node:url";
import { createRenderer, type RendererOptions } from "../../src/adapters/kustomize/renderer.ts";
import type { RendererPort } from "../../src/ports/renderer.ts";

/** Where the renderer that ships lies. */
export const shippedFolder = fileURLToPath(new URL("../../kustomize", import.meta.url));

/** The renderer that ships, unless the options name another folder. */
export function openRenderer(options: Partial<RendererOptions> = {}): RendererPort {
  return createRenderer({ artefactFolder: shippedFolder, ...options });
}
