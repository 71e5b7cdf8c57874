// Scans real mesh objects with known edits and checks that exactly these edits are found.
//
//   node scripts/real-objects.mjs [../shared/data/istio-objects.jsonl] [--keep]
//
// A repository is made on the spot (one overlay a kind), beside a snapshot of the same objects as an API server
// would give them, in which some objects were edited and some only written differently. Needs ../shared.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";
import { edits } from "./real-object-edits.mjs";

/** @typedef {{ apiVersion: string, kind: string, metadata: Record<string, any>, spec?: any }} MeshObject */

const root = fileURLToPath(new URL("..", import.meta.url));
const keep = process.argv.includes("--keep");
const source =
  process.argv.slice(2).find((arg) => !arg.startsWith("--")) ??
  path.join(root, "../shared/data/istio-objects.jsonl");

if (existsSync(source)) check();
else console.log(`skipped: ${source} is not here`);

function check() {
  const objects = readObjects();
  const folder = mkdtempSync(path.join(tmpdir(), "drift-real-"));
  try {
    const kinds = writeRepository(path.join(folder, "git"), objects);
    const expected = writeSnapshot(path.join(folder, "live"), objects);
    writeFileSync(path.join(folder, "drift.yaml"), configuration(kinds));
    const found = scan(folder);
    report(objects, kinds, expected, found);
  } finally {
    if (keep) console.log(`kept: ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  }
}

/** The objects of the file; a second object of one name gets a name of its own. @returns {MeshObject[]} */
function readObjects() {
  const seen = new Map();
  return readFileSync(source, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const { object } = JSON.parse(line);
      const id = JSON.stringify([groupKind(object), object.metadata["namespace"], object.metadata["name"]]);
      const count = (seen.get(id) ?? 0) + 1;
      seen.set(id, count);
      if (count > 1) object.metadata["name"] += `-again-${count}`;
      return object;
    });
}

/** @param {MeshObject} object */
function groupKind(object) {
  return `${object.kind}.${object.apiVersion.split("/")[0]}`.toLowerCase();
}

/** One overlay a kind, one file an object. @param {string} folder @param {MeshObject[]} objects */
function writeRepository(folder, objects) {
  const kinds = [...new Set(objects.map(groupKind))].sort();
  for (const kind of kinds) {
    const files = objects
      .filter((object) => groupKind(object) === kind)
      .map((object, index) => {
        const file = `${String(index).padStart(3, "0")}-${object.metadata["name"]}.yaml`;
        write(path.join(folder, "overlays", kind, file), stringify(object));
        return file;
      });
    write(path.join(folder, "overlays", kind, "kustomization.yaml"), stringify({ resources: files }));
  }
  const git = (/** @type {string[]} */ ...args) =>
    execFileSync("git", ["-c", "user.name=Real Objects", "-c", "user.email=real@example.com", ...args], {
      cwd: folder,
      stdio: "pipe",
    });
  git("init", "--quiet", "--initial-branch=main");
  git("add", "--all");
  git("commit", "--quiet", "--message=Real mesh objects");
  return kinds;
}

/** The live side: what a server adds, the edits, and the other spellings. Gives the edits that must be found. */
function writeSnapshot(/** @type {string} */ folder, /** @type {MeshObject[]} */ objects) {
  const live = objects.map((object) => structuredClone(object));
  const used = new Set();
  const expected = [];
  for (const edit of edits) {
    const object = live.find(
      (candidate) => !used.has(candidate) && candidate.kind === edit.kind && edit.fits(candidate),
    );
    if (object === undefined) throw new Error(`no object fits the edit "${edit.name}"`);
    used.add(object);
    edit.apply(object);
    if (edit.finds !== undefined) expected.push({ name: edit.name, key: keyOf(object), path: edit.finds });
  }
  const items = live.map(asServed).reverse();
  write(
    path.join(folder, "mesh.json"),
    JSON.stringify({ apiVersion: "v1", items, kind: "List", metadata: {} }),
  );
  return expected;
}

/** @param {MeshObject} object @param {number} index */
function asServed(object, index) {
  const metadata = {
    ...object.metadata,
    creationTimestamp: "2026-01-01T00:00:00Z",
    generation: 3,
    managedFields: [
      { manager: "kubectl-client-side-apply", operation: "Update", fieldsV1: { "f:spec": {} } },
    ],
    resourceVersion: String(1000 + index),
    uid: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
  };
  return {
    ...(object.spec && { spec: object.spec }),
    metadata,
    kind: object.kind,
    apiVersion: object.apiVersion,
    status: {},
  };
}

/** @param {string[]} kinds */
function configuration(kinds) {
  return stringify({
    version: 1,
    repository: { url: "git", revision: "main" },
    clusters: { real: { snapshot: "live" } },
    targets: kinds.map((kind) => ({
      name: kind.replaceAll(".", "-"),
      overlay: `overlays/${kind}`,
      cluster: "real",
    })),
  });
}

/** @param {string} folder */
function scan(folder) {
  const args = [
    "dist/main.mjs",
    "scan",
    "-c",
    path.join(folder, "drift.yaml"),
    "-o",
    "json",
    "--cache-dir",
    path.join(folder, "cache"),
  ];
  const { stdout, stderr, status } = spawnSync("node", args, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 1)
    throw new Error(`drift scan ended with ${status}, not with 1:\n${stderr}${stdout.slice(0, 2000)}`);
  /** @type {{ targets: { inSync: number, findings: { key: { namespace: string, kind: string, name: string }, changes: { path: string }[] }[], unchecked: object[] }[] }} */
  const result = JSON.parse(stdout);
  return result;
}

/** @param {{ kind: string, metadata: Record<string, any> }} object */
function keyOf({ kind, metadata }) {
  return `${metadata["namespace"]}/${kind}/${metadata["name"]}`;
}

/**
 * @param {MeshObject[]} objects @param {string[]} kinds
 * @param {{ name: string, key: string, path: string }[]} expected @param {ReturnType<typeof scan>} result
 */
function report(objects, kinds, expected, result) {
  const found = result.targets.flatMap(({ findings }) =>
    findings.flatMap(({ key, changes }) =>
      changes.map((change) => `${key.namespace}/${key.kind}/${key.name} ${change.path}`),
    ),
  );
  const wanted = expected.map(({ key, path: at }) => `${key} ${at}`);
  const missed = wanted.filter((line) => !found.includes(line));
  const invented = found.filter((line) => !wanted.includes(line));
  const unchecked = result.targets.flatMap((target) => target.unchecked).length;
  for (const { name, key, path: at } of expected) {
    console.log(`${missed.includes(`${key} ${at}`) ? "MISSED" : "found "}  ${name.padEnd(34)} ${key}  ${at}`);
  }
  for (const line of invented) console.log(`EXTRA   ${line}`);
  const respelled = edits.length - expected.length;
  console.log(
    `${objects.length} objects of ${kinds.length} kinds: ${wanted.length - missed.length} of ${wanted.length} edits found, ` +
      `${invented.length} invented, ${respelled} respellings left alone, ${unchecked} unchecked`,
  );
  if (missed.length + invented.length + unchecked > 0) process.exitCode = 1;
}

/** @param {string} file @param {string} text */
function write(file, text) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}
