import { availableParallelism } from "node:os";
import { join } from "node:path";
import { keyId, type Resource } from "../../core/model/resource.ts";
import { DriftError, messageOf } from "../../lib/errors.ts";
import type { Render, Rendered, RendererPort, RenderFailure, RenderRequest } from "../../ports/renderer.ts";
import type { Checkout } from "../../ports/source.ts";
import { type EngineBinary, type EngineChoice, openBinary } from "./engine-binary.ts";
import { createEngineCache, type EngineCache, type KeptOutput, type OutputSource } from "./engine-cache.ts";
import { EngineSandbox } from "./engine-command.ts";
import { explainRun } from "./engine-failure.ts";
import { type EngineFolder, inEngineFolder, writeBlobs } from "./engine-folder.ts";
import { readOutput } from "./engine-output.ts";
import { createLimiter, type Limiter } from "../../lib/limiter.ts";
import { stderrLines, warningsOf } from "./engine-stderr.ts";
import { findMissing } from "./engine-whole.ts";
import { countWorkers } from "./renderer.ts";
import { transformCheckout } from "./transform-checkout.ts";

/** How to render with a command. */
export interface EngineRendererOptions extends EngineChoice {
  /** The renderer inside of drift. It renders first: what it refuses is refused. Closed with this one. */
  readonly inner: RendererPort;
  /** The most that one run may take; 60,000. */
  readonly timeoutMs?: number;
  /** The largest output of one overlay; 64 MiB. */
  readonly maxOutputBytes?: number;
  /** Commands at the same time; 2, and never more than the machine has processors. */
  readonly workers?: number;
  /** Where outputs are kept between runs; without it nothing is. May be that of `inner`. */
  readonly cacheFolder?: string;
  /** What a person should know but stops nothing. */
  readonly onWarning: (message: string) => void;
}

/**
 * Kustomize or kubectl as a renderer. The renderer inside of drift goes first, so that everything it refuses stays
 * refused (remote bases always), and tells which files of the commit the overlay is made of. The command gets these in
 * a fresh folder, and nothing else. Throws ENGINE_MISSING, TEMPORARY_FOLDER_FAILED.
 */
export async function createEngineRenderer(options: EngineRendererOptions): Promise<RendererPort> {
  const { sandbox, binary } = await inEngineFolder(options.onWarning, async (folder) => {
    const sandbox = await EngineSandbox.open(folder);
    return { sandbox, binary: await openBinary(options, sandbox, folder) };
  });
  return new EngineRenderer(options, binary, sandbox);
}

/** A folder of the overlay is the working directory, so no text of a repository is ever an argument. */
const renderArguments = { kustomize: ["build", "."], kubectl: ["kustomize", "."] } as const;

class EngineRenderer implements RendererPort {
  readonly version: string;
  readonly #options: EngineRendererOptions;
  readonly #binary: EngineBinary;
  readonly #sandbox: EngineSandbox;
  readonly #cache: EngineCache;
  readonly #inSlot: Limiter;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  constructor(options: EngineRendererOptions, binary: EngineBinary, sandbox: EngineSandbox) {
    this.version = binary.version;
    this.#options = options;
    this.#binary = binary;
    this.#sandbox = sandbox;
    this.#cache = createEngineCache({
      ...(options.cacheFolder !== undefined && { folder: options.cacheFolder }),
      digest: binary.digest,
      onWarning: options.onWarning,
    });
    this.#inSlot = createLimiter(countWorkers(options.workers, availableParallelism()));
  }

  prepare(overlays: readonly string[]): void {
    this.#options.inner.prepare(overlays);
  }

  async render({ checkout, overlay, transform, variant }: RenderRequest): Promise<Render> {
    const about = { overlay, ...(variant !== undefined && { variant }) };
    // Without openBase: remote bases are refused.
    const builtin = await this.#options.inner.render({ checkout, ...about, ...(transform && { transform }) });
    if (builtin.type === "failed") return builtin;
    const given =
      transform === undefined
        ? ({ type: "transformed", checkout } as const)
        : await transformCheckout(checkout, overlay, transform);
    return given.type === "failed" ? given : this.#renderAgain(given.checkout, about, builtin);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#running);
    await this.#options.inner.close();
  }

  async #renderAgain(
    checkout: Checkout,
    about: Pick<OutputSource, "overlay" | "variant">,
    builtin: Rendered,
  ): Promise<Render> {
    const { tree } = checkout;
    const files = builtin.files.map((path) => [path, tree.get(path)?.oid ?? ""] as const);
    const source: OutputSource = { ...about, tree, files };
    const kept = await this.#cache.find(source);
    const output = kept ?? (await this.#runOnce(checkout, source));
    if ("type" in output) return output;
    const missing = findMissing(output.resources, builtin.resources);
    if (missing !== undefined) return this.#invalid(missing);
    if (kept === undefined) await this.#cache.store(source, output);
    return {
      ...builtin,
      resources: withProvenance(output.resources, builtin.resources),
      warnings: joinWarnings(builtin.warnings, output.warnings),
      cached: builtin.cached && kept !== undefined,
    };
  }

  async #runOnce(checkout: Checkout, source: OutputSource): Promise<KeptOutput | RenderFailure> {
    const run = this.#inSlot(() =>
      inEngineFolder(this.#options.onWarning, (folder) => this.#run(checkout, source, folder)),
    ).catch((error: unknown) => this.#notLaidOut(error));
    this.#running.add(run);
    try {
      return await run;
    } finally {
      this.#running.delete(run);
    }
  }

  async #run(
    checkout: Checkout,
    { overlay, files }: OutputSource,
    folder: EngineFolder,
  ): Promise<KeptOutput | RenderFailure> {
    const { engine, timeoutMs = 60_000, maxOutputBytes = 64 * 1024 * 1024 } = this.#options;
    await writeBlobs(checkout, files, folder.tree);
    const result = await this.#sandbox.run([this.#binary.path, ...renderArguments[engine]], {
      folder,
      cwd: join(folder.tree, overlay),
      timeoutMs,
      maxOutputBytes,
      signal: this.#closing.signal,
    });
    const facts = { label: this.#binary.label, root: folder.root, timeoutMs, maxOutputBytes };
    const failure = explainRun(result, facts);
    if (failure !== undefined) return failure;
    const output = readOutput(result.stdout);
    if (output.type === "broken") return this.#invalid(output.reason);
    return {
      resources: output.resources,
      warnings: warningsOf(stderrLines(result.stderr, folder.root)),
    };
  }

  #invalid(reason: string): RenderFailure {
    const { engine } = this.#options;
    return {
      type: "failed",
      code: "RENDER_OUTPUT_INVALID",
      reason: `the output of ${this.#binary.label} cannot be relied on: ${reason}`,
      hint: `Run \`${engine} ${engine === "kubectl" ? "kustomize" : "build"}\` on the folder and look at what it writes, or leave render.engine out.`,
    };
  }

  #notLaidOut(error: unknown): RenderFailure {
    const hint = error instanceof DriftError ? error.hint : "Check the folder for temporary files (TMPDIR).";
    const reason = `the files of the overlay cannot be given to ${this.#binary.label}: ${messageOf(error)}`;
    return { type: "failed", code: "RENDER_FAILED", reason, hint };
  }
}

function withProvenance(printed: readonly Resource[], builtin: readonly Resource[]): readonly Resource[] {
  const origins = new Map(builtin.map(({ key, provenance }) => [keyId(key), provenance]));
  return printed.map((resource) => {
    const provenance = origins.get(keyId(resource.key));
    return provenance === undefined ? resource : { ...resource, provenance };
  });
}

/** The renderer inside of drift names the file before a warning; what it has told is not told again. */
function joinWarnings(builtin: readonly string[], printed: readonly string[]): readonly string[] {
  return [...builtin, ...printed.filter((text) => !builtin.some((known) => known.endsWith(text)))];
}
