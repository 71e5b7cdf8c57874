import { availableParallelism } from "node:os";
import type { RemoteBase, Render, Rendered, RendererPort, RenderRequest } from "../../ports/renderer.ts";
import type { Tree } from "../../ports/source.ts";
import { readAnswer } from "./answer.ts";
import { type Artefact, readArtefact } from "./artefact.ts";
import { type BlobStore, createBlobStore } from "./blob-store.ts";
import type { CacheEntry, Closure } from "./cache-format.ts";
import { explainEnd, outputTooLarge } from "./explain-end.ts";
import { OpenedBases } from "./opened-bases.ts";
import { checkOverlay } from "./overlay-path.ts";
import { RenderPool } from "./pool.ts";
import { createRenderCache, nameOf, noCache, type Present, type RenderCache } from "./render-cache.ts";
import { makeLookup, packTree } from "./tree-lookup.mjs";
import { transformCheckout } from "./transform-checkout.ts";
import { transformWarnings } from "./transform-warnings.ts";
import type { RenderJob } from "./worker-handle.ts";

const mebibyte = 1024 * 1024;

/** How to render. */
export interface RendererOptions {
  /** Where the built renderer lies: the package's folder `kustomize`. */
  readonly artefactFolder: string;
  /** Where answers are kept between runs; without it nothing is. */
  readonly cacheFolder?: string;
  /** Renders at the same time; 2. Never more than the machine has processors: each takes 8 GB of address space. */
  readonly workers?: number;
  /** The most that one render may take; 60,000. */
  readonly timeoutMs?: number;
  /** The largest file that is read; 8 MiB. */
  readonly maxFileBytes?: number;
  /** The largest output of one overlay, as JSON; 64 MiB. */
  readonly maxOutputBytes?: number;
  /** Told once where the cache cannot be used: the scan goes on without it. */
  readonly onWarning?: (message: string) => void;
}

/**
 * Kustomize as WebAssembly in worker threads, with a cache across runs. Throws RENDERER_DAMAGED where its description
 * is missing; `render` rejects with it where the module itself is missing, has another digest or cannot be compiled.
 */
export function createRenderer(options: RendererOptions): RendererPort {
  return new Renderer(readArtefact(options.artefactFolder), options);
}

/** What is known of one tree, made once. */
interface TreeFacts {
  readonly kindOf: (path: string) => number;
  readonly packed: () => string;
}

class Renderer implements RendererPort {
  readonly version: string;
  readonly #timeoutMs: number;
  readonly #maxOutputBytes: number;
  readonly #pool: RenderPool;
  readonly #blobs: BlobStore;
  readonly #cache: RenderCache;
  readonly #facts = new WeakMap<Tree, TreeFacts>();

  constructor(artefact: Artefact, options: RendererOptions) {
    this.version = artefact.version;
    this.#timeoutMs = options.timeoutMs ?? 60_000;
    this.#maxOutputBytes = options.maxOutputBytes ?? 64 * mebibyte;
    this.#pool = new RenderPool({
      artefact,
      workers: countWorkers(options.workers, availableParallelism()),
      timeoutMs: this.#timeoutMs,
      maxAnswerBytes: this.#maxOutputBytes,
    });
    this.#blobs = createBlobStore(options.maxFileBytes ?? 8 * mebibyte);
    this.#cache = openCache(artefact, options);
  }

  prepare(overlays: readonly string[]): void {
    this.#pool.prepare(new Set(overlays.filter((overlay) => !this.#cache.knows(overlay))).size);
  }

  async render(request: RenderRequest): Promise<Render> {
    const { checkout, overlay, transform } = request;
    if (transform === undefined) return this.#render(request);
    const end = await transformCheckout(checkout, overlay, transform);
    if (end.type === "failed") return end;
    const render = await this.#render({ ...request, checkout: end.checkout });
    if (render.type === "failed") return render;
    const { resources, warnings } = render;
    return { ...render, warnings: [...warnings, ...transformWarnings(transform, resources)] };
  }

  async #render(request: RenderRequest): Promise<Render> {
    const { checkout, overlay } = request;
    const { tree } = checkout;
    const { kindOf } = this.#factsOf(tree);
    const failure = checkOverlay(tree, kindOf, overlay);
    if (failure !== undefined) return failure;
    const bases = new OpenedBases(request);
    const commitOf = async (base: RemoteBase) => {
      const opened = await bases.open(base);
      return opened.type === "opened" ? opened.checkout.commit.sha : undefined;
    };
    const entry = await this.#find(request, { tree, kindOf, commitOf });
    const answer = entry === undefined ? undefined : readAnswer(entry.answer);
    if (entry === undefined || answer?.type !== "resources") return this.#renderFresh(request, bases);
    return rendered(answer.resources, entry, true);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  /** What is a variant now may have been what every scan rendered, before Git went on. */
  async #find({ overlay, variant }: RenderRequest, present: Present): Promise<CacheEntry | undefined> {
    const own = variant === undefined ? undefined : await this.#cache.find(nameOf(overlay, variant), present);
    return own ?? (await this.#cache.find(overlay, present));
  }

  async #renderFresh({ checkout, overlay, variant }: RenderRequest, bases: OpenedBases): Promise<Render> {
    const end = await this.#pool.render({
      packedTree: this.#factsOf(checkout.tree).packed(),
      overlay,
      readBlob: (request) => this.#blobs.read(bases.checkoutAt(request.number), request),
      openBase: (base) => this.#mount(base, bases),
    });
    if (end.type !== "rendered") return explainEnd(end, this.#timeoutMs);
    const { files, probes, warnings } = end;
    if (end.problem !== undefined) return { type: "failed", ...end.problem };
    if (end.answer === undefined) return outputTooLarge(this.#maxOutputBytes);
    const answer = readAnswer(end.answer);
    if (answer.type === "failed") return answer;
    const entry = { files, probes, bases: end.bases, warnings, answer: end.answer };
    await this.#cache.store(nameOf(overlay, variant), entry);
    return rendered(answer.resources, end, false);
  }

  async #mount(base: RemoteBase, bases: OpenedBases): ReturnType<RenderJob["openBase"]> {
    const opened = await bases.mount(base);
    if (opened.type === "refused") return opened;
    const { commit, tree } = opened.checkout;
    return { type: "opened", commit: commit.sha, packedTree: this.#factsOf(tree).packed() };
  }

  #factsOf(tree: Tree): TreeFacts {
    const facts = this.#facts.get(tree) ?? learn(tree);
    this.#facts.set(tree, facts);
    return facts;
  }
}

/** More threads than processors take longer, and memory. */
export function countWorkers(wanted: number | undefined, processors: number): number {
  return Math.min(wanted ?? 2, processors);
}

function openCache(artefact: Artefact, { cacheFolder, onWarning }: RendererOptions): RenderCache {
  if (cacheFolder === undefined) return noCache;
  return createRenderCache({
    folder: cacheFolder,
    artefactDigest: artefact.sha256,
    onWarning: onWarning ?? (() => undefined),
  });
}

function learn(tree: Tree): TreeFacts {
  let packed: string | undefined;
  return { kindOf: makeLookup(tree), packed: () => (packed ??= packTree(tree)) };
}

function rendered(
  resources: Rendered["resources"],
  { files, bases, warnings }: Pick<Closure, "files" | "bases" | "warnings">,
  cached: boolean,
): Rendered {
  return {
    type: "rendered",
    resources,
    warnings,
    files: files.map(([path]) => path).sort(),
    bases: bases.map(({ repository, ref, commit }) => ({ repository, ref, commit })),
    cached,
  };
}
