/**
 * Builds the renderer from its Go source: `npm run build:kustomize`. With --check it builds into a temporary folder
 * and compares the result with the digest in kustomize/artefact.json, after the Go tests; without Go it skips that and
 * says so.
 *
 * The build needs exactly the toolchain named in kustomize/go.mod and gives the same bytes each time.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { snapshot } from "./snapshot-kustomize.mjs";
import { unpackKustomize } from "./unpack-kustomize.mjs";

/** The command line whose api and kyaml modules go.mod pins. */
const kustomizeVersion = "5.8.2";
const apiPath = "sigs.k8s.io/kustomize/api";
const kyamlPath = "sigs.k8s.io/kustomize/kyaml";
/** 1 GiB in pages of 64 KiB: a render that needs more is given up. */
const maxPages = 16384;
const brotliQuality = 9;
const folder = fileURLToPath(new URL("../kustomize", import.meta.url));
const target = { GOOS: "wasip1", GOARCH: "wasm", CGO_ENABLED: "0" };

/** @typedef {{ Path: string, Version: string, Dir: string }} GoModule */

/** @returns {string} "go1.26.8" */
function toolchain() {
  const found = /^toolchain (\S+)$/m.exec(readFileSync(join(folder, "go.mod"), "utf8"));
  if (found?.[1] === undefined) throw new Error("kustomize/go.mod names no toolchain");
  return found[1];
}

/**
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 * @param {string} [cwd]
 */
function go(args, env = {}, cwd = folder) {
  return execFileSync("go", args, {
    cwd,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, GOFLAGS: "-mod=readonly", GOWORK: "off", GOTOOLCHAIN: toolchain(), ...env },
  });
}

/** Whether there is any Go: a wrong one fetches the right one, or fails loudly. */
function hasGo() {
  try {
    execFileSync("go", ["version"], { stdio: "ignore", env: { ...process.env, GOTOOLCHAIN: "local" } });
    return true;
  } catch {
    return false;
  }
}

/**
 * Copies the files that a build needs: Go, and what it embeds.
 *
 * @param {string} from
 * @param {string} to
 */
function copySource(from, to) {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, copy] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) copySource(source, copy);
    else if (/^go\.(mod|sum)$|(?<!_test)\.go$|\.gz$|^swagger\.json$/.test(entry.name)) {
      mkdirSync(to, { recursive: true });
      writeFileSync(copy, readFileSync(source));
    }
  }
}

/** Kustomize's modules that are changed: the name of the folder in kustomize/patches -> module path. */
const patched = { api: apiPath, kyaml: kyamlPath };

/**
 * Copies our source, with copies of Kustomize's modules below it that have the changes of kustomize/patches. Paths are
 * relative, so that the module does not tell where it was built.
 *
 * @param {string} to
 */
function makeSource(to) {
  copySource(folder, to);
  for (const [name, modulePath] of Object.entries(patched)) {
    const copy = join(to, name);
    copySource(go(["list", "-m", "-f", "{{.Dir}}", modulePath]).trim(), copy);
    const patches = join(folder, "patches", name);
    for (const patch of readdirSync(patches).sort()) {
      execFileSync("git", ["apply", join(patches, patch)], {
        cwd: copy,
        env: { ...process.env, GIT_CEILING_DIRECTORIES: to },
      });
    }
    go(["mod", "edit", `-replace=${modulePath}=./${name}`], {}, to);
  }
}

/**
 * @param {string} workFolder
 * @returns {Buffer} the module, initialised in advance
 */
function build(workFolder) {
  const source = join(workFolder, "source");
  const output = join(workFolder, "reactor.wasm");
  makeSource(source);
  const flags = [
    "-trimpath",
    "-buildvcs=false",
    "-buildmode=c-shared",
    `-ldflags=-s -w -X ${apiPath}/provenance.version=v${kustomizeVersion}`,
  ];
  go(["build", ...flags, "-o", output, "."], target, source);
  return snapshot(readFileSync(output), maxPages);
}

/** Our Go code by itself, without the patches of Kustomize and as a native program. */
function testSource() {
  go(["vet", "./..."]);
  go(["vet", "./..."], target);
  go(["test", "./..."]);
}

/** @returns {GoModule[]} what is compiled in, by path */
function compiledModules() {
  const format = "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}";
  const lines = new Set(go(["list", "-deps", "-f", format, "."], target).split("\n"));
  return [...lines]
    .filter((line) => line !== "")
    .sort()
    .map((line) => {
      const [Path = "", Version = "", Dir = ""] = line.split("\t");
      return { Path, Version, Dir };
    });
}

/** @param {string} directory */
function licenceTexts(directory) {
  const names = readdirSync(directory).filter((name) => /^(licen[cs]e|copying|notice|patents)/i.test(name));
  return names.sort().map((name) => readFileSync(join(directory, name), "utf8").trim());
}

/** Everything that is compiled in, and under which terms; each text once. */
function writeNotice() {
  const modules = compiledModules();
  const goRoot = go(["env", "GOROOT"]).trim();
  /** @type {Map<string, string[]>} */
  const users = new Map();
  for (const { Path, Version, Dir } of [
    ...modules,
    { Path: "Go standard library", Version: toolchain(), Dir: goRoot },
  ]) {
    const texts = licenceTexts(Dir);
    if (texts.length === 0) throw new Error(`${Path} ${Version} has no licence text`);
    for (const text of texts) users.set(text, [...(users.get(text) ?? []), `${Path} ${Version}`]);
  }
  const rule = "=".repeat(80);
  const parts = [...users].map(([text, names]) => `${rule}\n${names.join("\n")}\n${rule}\n\n${text}\n`);
  const intro =
    "kustomize.wasm is compiled from the Go source in this folder and from the modules named below.\n" +
    `Files of ${Object.values(patched).join(" and ")} are changed as patches/ shows.\n`;
  writeFileSync(join(folder, "NOTICE"), `${intro}\n${parts.join("\n")}`);
}

/** @param {Buffer} module */
function describe(module) {
  /** @type {(path: string) => string} */
  const versionOf = (path) => go(["list", "-m", "-f", "{{.Version}}", path]).trim();
  return {
    kustomize: kustomizeVersion,
    api: versionOf(apiPath),
    kyaml: versionOf(kyamlPath),
    go: toolchain(),
    maxMemoryBytes: maxPages * 65536,
    bytes: module.length,
    sha256: createHash("sha256").update(module).digest("hex"),
  };
}

/** @param {Buffer} module */
function writeArtefact(module) {
  const artefact = describe(module);
  const compressed = brotliCompressSync(module, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: brotliQuality,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: module.length,
    },
  });
  writeFileSync(join(folder, "kustomize.wasm.br"), compressed);
  writeFileSync(join(folder, "artefact.json"), `${JSON.stringify(artefact, undefined, 2)}\n`);
  writeNotice();
  unpackKustomize(folder);
  console.log(`built ${artefact.sha256}: ${artefact.bytes} bytes, ${compressed.length} compressed`);
}

/** @param {Buffer} module */
function check(module) {
  const committed = JSON.parse(readFileSync(join(folder, "artefact.json"), "utf8"));
  const found = describe(module);
  if (JSON.stringify(committed) === JSON.stringify(found)) {
    console.log(`the renderer in Git is what its source gives: ${found.sha256}`);
    return;
  }
  console.error(
    "The renderer in Git is not what its source gives. Run `npm run build:kustomize` and commit it.",
  );
  console.error(`in Git: ${JSON.stringify(committed)}`);
  console.error(`built:  ${JSON.stringify(found)}`);
  process.exitCode = 1;
}

function main() {
  const isCheck = argv.includes("--check");
  if (isCheck && !hasGo()) {
    console.log("skipped: no Go");
    return;
  }
  const workFolder = mkdtempSync(join(tmpdir(), "drift-kustomize-"));
  try {
    if (isCheck) testSource();
    const module = build(workFolder);
    if (isCheck) check(module);
    else writeArtefact(module);
  } finally {
    rmSync(workFolder, { recursive: true, force: true });
  }
}

try {
  main();
} catch (error) {
  // What a command wrote to its standard error is part of the message.
  console.error(error instanceof Error ? error.message : String(error));
  console.error(`The renderer cannot be built. It needs Go with ${toolchain()}, and git.`);
  process.exitCode = 1;
}
