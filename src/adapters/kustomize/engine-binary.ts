import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { access, constants, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { parseJson } from "../../core/manifest/parse-json.ts";
import { sha256 } from "../../core/model/digest.ts";
import { field, textField } from "../../core/model/json.ts";
import { DriftError, messageOf } from "../../lib/errors.ts";
import type { EngineResult, EngineSandbox } from "./engine-command.ts";
import type { EngineFolder } from "./engine-folder.ts";
import { stderrLines } from "./engine-stderr.ts";

/** A command that renders. */
export type EngineName = "kustomize" | "kubectl";

/** The command that was found, and what it says it is. */
export interface EngineBinary {
  /** An absolute path. */
  readonly path: string;
  /** As messages name it: "kubectl 1.32.4", "kustomize 5.5.0". */
  readonly label: string;
  /** Of Kustomize: "5.5.0 (kubectl 1.32.4)", "5.5.0". */
  readonly version: string;
  /** Changes with the command's bytes, and with what it says of itself. */
  readonly digest: string;
}

/** Where to look for it. */
export interface EngineChoice {
  readonly engine: EngineName;
  /** An absolute path; absent: PATH is searched. */
  readonly binary?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const versionTimeoutMs = 20_000;
const maxVersionBytes = 64 * 1024;

/** Finds the command and asks it for its version. Throws ENGINE_MISSING. */
export async function openBinary(
  choice: EngineChoice,
  sandbox: EngineSandbox,
  folder: EngineFolder,
): Promise<EngineBinary> {
  const path = await findBinary(choice);
  const [digest, result] = await Promise.all([
    digestFile(path),
    sandbox.run([path, ...versionArguments[choice.engine]], {
      folder,
      cwd: folder.tree,
      timeoutMs: versionTimeoutMs,
      maxOutputBytes: maxVersionBytes,
    }),
  ]);
  const isDone = result.type === "exited" && result.exitCode === 0;
  const versions = isDone ? readVersions[choice.engine](result.stdout.toString("latin1")) : undefined;
  if (versions === undefined) throw noVersion(choice.engine, path, result);
  return { path, ...versions, digest: sha256(JSON.stringify([choice.engine, versions.version, digest])) };
}

const versionArguments: Readonly<Record<EngineName, readonly string[]>> = {
  kustomize: ["version"],
  kubectl: ["version", "--client", "-o", "json"],
};

const versionPattern = /v?(\d+\.\d+\.\d+(?:[-+.][\w.+-]*)?)/;
/** As Kustomize 5 prints it ("v5.5.0"), and Kustomize 4 ("{Version:kustomize/v4.5.7 GitCommit:..."). */
const kustomizePattern = new RegExp(`^(?:\\{Version:(?:kustomize/)?)?${versionPattern.source}(?:\\s|$)`);

const readVersions: Readonly<
  Record<EngineName, (text: string) => Pick<EngineBinary, "label" | "version"> | undefined>
> = {
  kustomize: (text) => {
    const version = kustomizePattern.exec(text)?.[1];
    return version === undefined ? undefined : { version, label: `kustomize ${version}` };
  },
  kubectl: (text) => {
    const answer = parseJson(text);
    if (answer.type !== "parsed") return undefined;
    const version = wholeVersion(textField(answer.value, "kustomizeVersion"));
    const kubectl = wholeVersion(textField(field(answer.value, "clientVersion"), "gitVersion"));
    if (version === undefined || kubectl === undefined) return undefined;
    return { version: `${version} (kubectl ${kubectl})`, label: `kubectl ${kubectl}` };
  },
};

function wholeVersion(text: string): string | undefined {
  return new RegExp(`^${versionPattern.source}$`).exec(text)?.[1];
}

async function findBinary({ engine, binary, env }: EngineChoice): Promise<string> {
  if (binary !== undefined) {
    const fault = await findFault(binary);
    if (fault === undefined) return binary;
    throw new DriftError("ENGINE_MISSING", `${binary} cannot be run: ${fault}`, {
      hint: "Set render.binary to the absolute path of the command.",
    });
  }
  // A relative entry would be found in whatever folder we happen to stand.
  for (const folder of (env["PATH"] ?? "").split(delimiter).filter(isAbsolute)) {
    const path = join(folder, engine);
    if ((await findFault(path)) === undefined) return path;
  }
  throw new DriftError("ENGINE_MISSING", `the command ${engine} is not in PATH`, {
    hint: `Install ${engine}, name it with render.binary, or leave render.engine out: drift renders by itself.`,
  });
}

/** Why a file cannot be run. */
async function findFault(path: string): Promise<string | undefined> {
  try {
    if (!(await stat(path)).isFile()) return "it is not a file";
    await access(path, constants.X_OK);
    return undefined;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return "there is no such file";
    return code === "EACCES" ? "it is not executable" : messageOf(error);
  }
}

async function digestFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(path), hash);
  } catch (cause) {
    throw new DriftError("ENGINE_MISSING", `${path} cannot be read`, {
      hint: "Make the command readable: its digest tells whether stored renders are its own.",
      cause,
    });
  }
  return hash.digest("hex");
}

function noVersion(engine: EngineName, path: string, result: EngineResult): DriftError {
  const command = [engine, ...versionArguments[engine]].join(" ");
  return new DriftError("ENGINE_MISSING", `${path} does not tell its version: ${howItEnded(engine, result)}`, {
    hint: `Check what \`${command}\` prints; name the command itself, not a script that looks for it.`,
    details: stderrLines(result.stderr, "").slice(-3),
  });
}

function howItEnded(engine: EngineName, result: EngineResult): string {
  if (result.type === "not-started") return `it could not be started: ${messageOf(result.cause)}`;
  if (result.type === "exited") {
    if (result.exitCode !== 0) return `it ended with exit code ${String(result.exitCode)}`;
    return `what it printed is no version of ${engine === "kubectl" ? "kubectl with its Kustomize" : "Kustomize"}`;
  }
  if (result.reason === "timeout") return `no answer within ${String(versionTimeoutMs / 1000)} s`;
  return result.reason === "output" ? "it printed too much" : "it was killed";
}
