/**
 * Builds the control plane of the tests (test/control-plane: etcd and kube-apiserver in one program) and keeps it with
 * the definitions of the mesh's kinds in the user's cache folder, so that only the first run after a change of its
 * source takes minutes. With --kubectl it also builds the kubectl of the same version, which the benchmark compares
 * with. Without Go it skips that and says so.
 */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { argv } from "node:process";
import { controlPlaneFolder, controlPlaneSource } from "./control-plane-cache.mjs";
import { goVersion, runGo } from "./go.mjs";

const istio = "istio.io/api";
const gateway = "sigs.k8s.io/gateway-api";

/** @param {string[]} args */
const go = (args) => runGo(controlPlaneSource, args);

/**
 * @param {string} name a package
 * @param {string} output
 */
function buildPackage(name, output) {
  const version = go(["list", "-m", "-f", "{{.Version}}", "k8s.io/kubernetes"]);
  const [major, minor] = version.slice(1).split(".");
  const symbols = { gitVersion: version, gitMajor: major, gitMinor: minor };
  const flags = Object.entries(symbols).map(
    ([key, value]) => `-X k8s.io/component-base/version.${key}=${value}`,
  );
  go(["build", "-trimpath", "-buildvcs=false", `-ldflags=-s -w ${flags.join(" ")}`, "-o", output, name]);
}

/** @param {string} module @returns {string} its folder */
function fetchModule(module) {
  go(["mod", "download", module]);
  return go(["list", "-m", "-f", "{{.Dir}}", module]);
}

/**
 * Istio's definitions, and those of Gateway API: the standard channel, and from the experimental one the kinds that
 * standard lacks.
 *
 * @returns {Map<string, string>} paths by file name
 */
function findDefinitions() {
  const channels = path.join(fetchModule(gateway), "config", "crd");
  const files = ["experimental", "standard"].flatMap((channel) =>
    readdirSync(path.join(channels, channel))
      .filter((name) => /^gateway\.networking\.k8s\.io_(?!vap_).*\.yaml$/.test(name))
      .map((name) => /** @type {const} */ ([name, path.join(channels, channel, name)])),
  );
  const istioFile = path.join(fetchModule(istio), "kubernetes", "customresourcedefinitions.gen.yaml");
  // A later entry takes the place of an earlier one: standard wins.
  return new Map([...files, ["istio.yaml", istioFile]]);
}

/** @param {string} target */
function buildControlPlane(target) {
  console.log("building the test control plane (some minutes the first time)");
  mkdirSync(path.dirname(target), { recursive: true });
  const workFolder = mkdtempSync(`${target}.`);
  try {
    mkdirSync(path.join(workFolder, "crds"));
    for (const [name, file] of findDefinitions()) copyFileSync(file, path.join(workFolder, "crds", name));
    buildPackage(".", path.join(workFolder, "control-plane"));
    publish(workFolder, target);
  } finally {
    rmSync(workFolder, { recursive: true, force: true });
  }
}

/**
 * Puts the whole folder in its place at once. Two builds at a time make the same: the first one stays.
 *
 * @param {string} workFolder
 * @param {string} target
 */
function publish(workFolder, target) {
  try {
    renameSync(workFolder, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  }
}

/** @param {string} folder */
function buildKubectl(folder) {
  const file = path.join(folder, "kubectl");
  if (!existsSync(file)) {
    console.log("building kubectl (a minute the first time)");
    const temporary = `${file}.${process.pid}`;
    buildPackage("k8s.io/kubernetes/cmd/kubectl", temporary);
    renameSync(temporary, file);
  }
  console.log(file);
}

function main() {
  if (goVersion() === undefined) {
    console.log("skipped: no Go");
    return;
  }
  const folder = controlPlaneFolder();
  if (!existsSync(folder)) buildControlPlane(folder);
  console.log(path.join(folder, "control-plane"));
  if (argv.includes("--kubectl")) buildKubectl(folder);
}

try {
  main();
} catch (error) {
  // What a command wrote to its standard error is part of the message.
  console.error(error instanceof Error ? error.message : String(error));
  console.error("The test control plane cannot be built. It needs Go, and its modules once.");
  process.exitCode = 1;
}
