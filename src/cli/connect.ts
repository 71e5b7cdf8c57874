import { randomBytes } from "node:crypto";
import type { Readable } from "node:stream";
import type { Config } from "../config/config.ts";
import type { ScanOptions, ScanPorts, ScanProgress } from "../pipeline/scan-ports.ts";
import type { DiffRequest, Pipelines, ScanRequest } from "./pipelines.ts";

/** What the pipelines need of the process beyond what a command asks for. */
export interface World {
  readonly stdin: Readable;
  /** The folder of this package, an absolute path. */
  readonly packageFolder: string;
}

/** The real pipelines, loaded when a command starts one: `drift --help` needs none of them. */
export function connectPipelines(world: World): Pipelines {
  return {
    scan: async (request) => {
      const { runScan } = await import("../pipeline/scan.ts");
      return await withPorts(request, world, runScan);
    },
    render: async (request, key) => {
      const { runRender } = await import("../pipeline/render.ts");
      return await withPorts(request, world, (config, ports, options) => {
        const [target] = options.targets;
        if (target === undefined) throw new Error("no target is named");
        return runRender(config, ports, target, key);
      });
    },
    exempt: async (request, what) => {
      const { runExempt } = await import("../pipeline/exempt.ts");
      return await withPorts(request, world, (config, ports, options) =>
        runExempt(config, ports, options, what),
      );
    },
    acknowledge: async (file, guard) => {
      const [{ runAcknowledge }, { wireState }] = await Promise.all([
        import("../pipeline/acknowledge.ts"),
        import("../wire.ts"),
      ]);
      return await runAcknowledge(await wireState(file), guard);
    },
    diff: (request) => diff(request, world),
    rules: async (what) => (await import("../pipeline/rules.ts")).findRules(what),
  };
}

/** Connects what a scan needs, and ends it when the run is over. */
async function withPorts<T>(
  request: ScanRequest,
  world: World,
  run: (config: Config, ports: ScanPorts, options: ScanOptions) => Promise<T>,
): Promise<T> {
  const { wireScan } = await import("../wire.ts");
  const { config, onProgress } = request;
  const { ports, close } = await wireScan(config, {
    ...request,
    ...world,
    onGitProgress: (line) => {
      const words = gitProgressWords(line);
      if (words !== undefined) onProgress(words);
    },
  });
  try {
    return await run(config, ports, {
      ...request,
      fingerprintKey: newFingerprintKey(),
      onProgress: (progress) => {
        onProgress(progressWords(progress));
      },
    });
  } finally {
    await close();
  }
}

async function diff(request: DiffRequest, { stdin }: World): ReturnType<Pipelines["diff"]> {
  const [{ runDiff }, { meshOptions }, { wireInput }] = await Promise.all([
    import("../pipeline/diff.ts"),
    import("../pipeline/mesh-options.ts"),
    import("../wire.ts"),
  ]);
  const { desired, live, equality, istio, showEqual, version } = request;
  return await runDiff({ desired, live }, await wireInput(stdin), {
    equality,
    metadata: "declared",
    ...meshOptions(istio),
    fingerprintKey: newFingerprintKey(),
    ...(showEqual !== undefined && { showEqual }),
    version,
  });
}

/** Fingerprints are compared within one report only, so nobody can collect them to guess a value. */
function newFingerprintKey(): string {
  return randomBytes(32).toString("hex");
}

/** "remote: Counting objects:  45% (9/20)" in words for people; undefined for what Git says beside its progress. */
export function gitProgressWords(line: string): string | undefined {
  const [, work, share] = /^(?:remote: )?([A-Z][A-Za-z ]+): +(\d+%)/.exec(line) ?? [];
  return work === undefined || share === undefined ? undefined : `reading Git: ${work}: ${share}`;
}

function progressWords(progress: ScanProgress): string {
  switch (progress.stage) {
    case "git":
      return "reading Git";
    case "render":
      return `rendering overlays ${String(progress.done)}/${String(progress.total)}`;
    case "live":
      return "reading the live side";
  }
}
