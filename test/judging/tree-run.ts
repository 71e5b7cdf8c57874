import type { Origin } from "../../src/core/model/origin.ts";
import type { WantedPlace } from "../../src/pipeline/traced.ts";
import type { RendererPort, Rendered } from "../../src/ports/renderer.ts";
import { checkoutOf } from "../adapters/kustomize/memory-checkout.ts";
import type { Seeded } from "../support/seeded.ts";
import type { AnyTree } from "./any-tree.ts";

/** A place that was asked for, and what was said. */
export interface Asked {
  readonly object: number;
  readonly place: WantedPlace;
  readonly origin: Origin;
}

/** What one tree is checked with. */
export interface TreeRun {
  readonly tree: AnyTree;
  readonly chances: Seeded;
  readonly renderer: RendererPort;
  readonly edits: number;
  readonly label: string;
}

/** Renders the tree with other contents; undefined where Kustomize refuses it. */
export async function renderTree(
  { tree, renderer }: Pick<TreeRun, "tree" | "renderer">,
  files: Readonly<Record<string, string>>,
): Promise<Rendered | undefined> {
  const render = await renderer.render({ checkout: checkoutOf(files), overlay: tree.overlay });
  return render.type === "rendered" ? render : undefined;
}
