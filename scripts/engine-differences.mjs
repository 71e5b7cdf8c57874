/**
 * Renders the trees of test/corpus/trees with the Kustomize inside of drift and with every other one that is here
 * (kubectl and kustomize in PATH, the kubectl that `build-control-plane.mjs --kubectl` builds, paths in the arguments)
 * and says in which fields of which objects they differ. With --write it puts that into docs/kustomize-versions.md.
 */
import { existsSync, realpathSync, writeFileSync } from "node:fs";
import path from "node:path";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import { createJiti } from "jiti";
import { format, resolveConfig } from "prettier";
import { controlPlaneFolder } from "./control-plane-cache.mjs";

/** @typedef {import("../src/ports/renderer.ts").RendererPort} RendererPort */
/** @typedef {import("../src/core/model/resource.ts").Resource} Resource */
/** @typedef {import("../src/core/model/json.ts").Json} Json */
/** @typedef {{ tree: string, object: string, field: string, builtin: string, other: string }} Difference */
/** @typedef {{ version: string, count: number, differences: Difference[] }} Comparison */

const jiti = createJiti(import.meta.url);
/** @type {typeof import("../src/adapters/kustomize/renderer.ts")} */
const { createRenderer } = await jiti.import("../src/adapters/kustomize/renderer.ts");
/** @type {typeof import("../src/adapters/kustomize/engine-renderer.ts")} */
const { createEngineRenderer } = await jiti.import("../src/adapters/kustomize/engine-renderer.ts");
/** @type {typeof import("../src/core/model/resource.ts")} */
const { formatKey } = await jiti.import("../src/core/model/resource.ts");
/** @type {typeof import("../test/adapters/kustomize/corpus.ts")} */
const { readCorpus } = await jiti.import("../test/adapters/kustomize/corpus.ts");
/** @type {typeof import("../test/adapters/kustomize/memory-checkout.ts")} */
const { checkoutOf } = await jiti.import("../test/adapters/kustomize/memory-checkout.ts");

const root = fileURLToPath(new URL("..", import.meta.url));
const document = path.join(root, "docs", "kustomize-versions.md");

/** @returns {string[]} absolute paths, each command once */
function findCommands() {
  const folders = (process.env["PATH"] ?? "").split(path.delimiter).filter(path.isAbsolute);
  const places = [
    ...["kustomize", "kubectl"].flatMap((name) => folders.map((folder) => path.join(folder, name))),
    path.join(controlPlaneFolder(), "kubectl"),
    ...argv.slice(2).filter((argument) => path.isAbsolute(argument)),
  ];
  const found = places.filter((place) => existsSync(place));
  return [...new Map(found.map((place) => [realpathSync(place), place])).values()];
}

/**
 * @param {Json | undefined} builtin
 * @param {Json | undefined} other
 * @param {string} at
 * @returns {Generator<Omit<Difference, "tree" | "object">>} the deepest fields that differ
 */
function* compareValues(builtin, other, at) {
  const [left, right] = [entriesOf(builtin), entriesOf(other)];
  if (left === undefined || right === undefined) {
    if (builtin !== other) yield { field: at, builtin: show(builtin), other: show(other) };
    return;
  }
  for (const name of new Set([...left.keys(), ...right.keys()])) {
    const below = Array.isArray(builtin) ? `${at}[${name}]` : `${at}.${name}`;
    yield* compareValues(left.get(name), right.get(name), below.replace(/^\./, ""));
  }
}

/**
 * @param {Json | undefined} value
 * @returns {Map<string, Json> | undefined} undefined for a scalar
 */
function entriesOf(value) {
  return typeof value === "object" && value !== null ? new Map(Object.entries(value)) : undefined;
}

/** @param {Json | undefined} value */
function show(value) {
  if (value === undefined) return "absent";
  const text = typeof value === "bigint" ? String(value) : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}

/**
 * @param {readonly Resource[]} builtin
 * @param {readonly Resource[]} other
 * @returns {Generator<Omit<Difference, "tree">>} both have the same objects: an engine that has others fails
 */
function* compareObjects(builtin, other) {
  const [left, right] = [builtin, other].map((all) => all.map(({ key }) => formatKey(key)).join(", "));
  if (left !== right) yield { object: "all", field: "order", builtin: left ?? "", other: right ?? "" };
  const others = new Map(other.map(({ key, object }) => [formatKey(key), object]));
  for (const { key, object } of builtin) {
    const name = formatKey(key);
    for (const difference of compareValues(object, others.get(name), ""))
      yield { object: name, ...difference };
  }
}

/**
 * @param {RendererPort} inner
 * @param {RendererPort} engine
 * @returns {Promise<Comparison>}
 */
async function compareEngine(inner, engine) {
  /** @type {Difference[]} */
  const differences = [];
  const trees = readCorpus("trees");
  for (const { name, files, overlay } of trees) {
    const request = { checkout: checkoutOf(files), overlay };
    const builtin = await inner.render(request);
    if (builtin.type === "failed") throw new Error(`${name}: ${builtin.reason}`);
    const other = await engine.render(request);
    if (other.type === "failed") {
      differences.push({ tree: name, object: "all", field: "", builtin: "rendered", other: other.reason });
      continue;
    }
    for (const difference of compareObjects(builtin.resources, other.resources)) {
      differences.push({ tree: name, ...difference });
    }
  }
  return { version: plain(engine.version), count: trees.length, differences };
}

/** Versions without what distributions add: "5.5.0 (kubectl 1.32.4)". @param {string} version */
function plain(version) {
  return version.replace(/(\d+\.\d+\.\d+)[-+][\w.+-]*/g, "$1");
}

/** @param {string} version @param {Comparison[]} comparisons */
function describe(version, comparisons) {
  const cell = (/** @type {string} */ text) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
  const rows = comparisons.map(({ version, count, differences }) => {
    const different = new Set(differences.map(({ tree }) => tree)).size;
    return `| ${version} | ${count} | ${count - different} | ${different} |`;
  });
  const fields = comparisons.flatMap(({ version, differences }) =>
    differences.map(
      ({ tree, object, field, builtin, other }) =>
        `| ${[tree, object, field, version, builtin, other].map(cell).join(" | ")} |`,
    ),
  );
  return [
    ...["# Versions of Kustomize", ""],
    ...["Made by `node scripts/engine-differences.mjs --write`.", ""],
    `drift renders with Kustomize ${version}, which it brings along. \`render.engine: kustomize\` or \`kubectl\` renders`,
    "with a command instead: useful where the deployer has another version and its very output is wanted.",
    ...["", "## What differs", ""],
    `The trees of \`test/corpus/trees\`, rendered by each version and compared with ${version}, value by value and in order:`,
    ...["", "| Kustomize | trees | the same | different |", "| --- | --- | --- | --- |", ...rows, ""],
    ...(fields.length === 0
      ? ["No field of any object differs between these versions."]
      : [
          `| tree | object | field | Kustomize | in ${version} | in it |`,
          "| --- | --- | --- | --- | --- | --- |",
          ...fields,
        ]),
    ...["", ...rules],
  ].join("\n");
}

const rules = [
  "## What a command gets, and what it must give",
  "",
  "The Kustomize inside of drift renders first, every time. What it refuses is refused with a command too (remote bases,",
  "Helm charts, functions, symbolic links), and it tells which files the overlay is made of.",
  "",
  "The command gets these files, as they are in Git, in a fresh folder that only its user may read and that is removed",
  "afterwards. It gets no environment, no `git` and no `helm` (PATH is an empty folder), and proxies that lead nowhere; on",
  "Linux, where user namespaces are allowed, no network at all. It may take 4 GiB of address space (where there is a",
  "`/bin/sh` and the system knows such a limit), `render.timeout`, and 64 MiB of output; when it ends, everything in its",
  "process group is killed. A script that looks for the command in PATH does not find it: name the command itself.",
  "",
  "Its output counts only where nothing speaks against its being all:",
  "",
  "- it ended with exit code 0, and its output is YAML to the last line break;",
  "- it has the same objects as the render of drift itself, each once. Versions of Kustomize differ in fields, but hardly in",
  "  which objects there are, so one that is missing or added is `RENDER_OUTPUT_INVALID`, and the message names it;",
  "- its last object does not end before what drift's own render has there: what was cut off at the end of a line is",
  "  YAML still. In the last object, a version that has *less* at the end is therefore refused as well.",
  "",
  "What fails makes its target `unknown`, never in sync. Outputs are kept between runs, by the content of the files and of",
  "the command and by the version it tells; Secrets are kept without what they hold.",
  "",
];

async function main() {
  const inner = createRenderer({ artefactFolder: path.join(root, "kustomize") });
  /** @type {Comparison[]} */
  const comparisons = [];
  try {
    for (const binary of findCommands()) {
      const engine = path.basename(binary).startsWith("kustomize") ? "kustomize" : "kubectl";
      const onWarning = (/** @type {string} */ message) => console.error(message);
      const renderer = await createEngineRenderer({ engine, binary, inner, env: {}, onWarning });
      comparisons.push(await compareEngine(inner, renderer));
    }
  } finally {
    await inner.close();
  }
  if (comparisons.length === 0) {
    console.log("skipped: no kubectl and no kustomize");
    return;
  }
  const options = await resolveConfig(document);
  const text = await format(describe(inner.version, comparisons), { ...options, filepath: document });
  if (argv.includes("--write")) writeFileSync(document, text);
  else console.log(text);
}

await main();
