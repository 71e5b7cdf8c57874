// Large builds: one overlay, cold, against one `kubectl kustomize`.
import { readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { parseAllDocuments, stringify } from "yaml";
import { controlPlaneFolder } from "../scripts/control-plane-cache.mjs";
import { median, peak, runOnce } from "./measure.mjs";
import { virtualService } from "./mesh-objects.mjs";
import { commit, write, writeEmptyLive } from "./repository.mjs";
import { beside, megabytes, ms, plain } from "./table.mjs";

/** @typedef {import("./table.mjs").Row} Row @typedef {import("./run.mjs").Bench} Bench */

const crdBytes = 3_000_000;

/** One build. @typedef {{ name: string, what: string, base: string, runs: number, times: number, most?: number }} Build */

/** @param {Bench} bench @returns {Promise<Row[]>} */
export async function buildRows(bench) {
  const rows = [];
  for (const build of builds(bench)) {
    bench.say(`builds: ${build.what}`);
    const measured = await measureBuild(build, bench);
    bench.tell(measured);
    rows.push(...measured);
  }
  return rows;
}

/** @param {Bench} bench @returns {Build[]} */
function builds({ isQuick }) {
  const definitions = definitionsOf(crdBytes);
  return [
    {
      name: "1000",
      what: "one overlay of 1,000 VirtualServices",
      base: virtualServices(1000),
      runs: 3,
      times: 1 / 1.5,
    },
    ...(isQuick
      ? []
      : [
          {
            name: "5000",
            what: "one overlay of 5,000 VirtualServices",
            base: virtualServices(5000),
            runs: 1,
            times: 2.5,
            most: 700,
          },
        ]),
    ...(definitions === undefined
      ? []
      : [
          {
            name: "crds",
            what: `a base with ${(definitions.length / 1e6).toFixed(1)} MB of CRDs`,
            base: definitions,
            runs: 3,
            times: 1 / 2.5,
          },
        ]),
  ];
}

/** @param {number} length */
function virtualServices(length) {
  return Array.from({ length }, (_, index) => {
    const object = virtualService({ name: `app${index}`, namespace: "" });
    delete object.metadata.namespace;
    return stringify(object);
  }).join("---\n");
}

/**
 * The definitions of Istio and Gateway API, again and again under other names; undefined where they are not here.
 *
 * @param {number} least bytes
 */
function definitionsOf(least) {
  const folder = path.join(controlPlaneFolder(), "crds");
  /** @type {any[]} */
  let all;
  try {
    all = readdirSync(folder).flatMap((name) =>
      parseAllDocuments(readFileSync(path.join(folder, name), "utf8")).map((document) => document.toJS()),
    );
  } catch {
    return undefined;
  }
  const one = { name: "app", namespace: "" };
  let text = stringify(virtualService(one));
  for (let round = 0; ; round++) {
    for (const definition of all.filter((value) => value?.kind === "CustomResourceDefinition")) {
      if (text.length >= least) return text;
      text += `---\n${stringify(renamed(definition, round), { aliasDuplicateObjects: false })}`;
    }
  }
}

/** @param {any} definition @param {number} round */
function renamed(definition, round) {
  if (round === 0) return definition;
  const group = `r${round}.${definition.spec.group}`;
  const name = `${definition.spec.names.plural}.${group}`;
  return { ...definition, metadata: { ...definition.metadata, name }, spec: { ...definition.spec, group } };
}

/** @param {Build} build @param {Bench} bench @returns {Promise<Row[]>} */
async function measureBuild({ name, what, base, runs, times, most }, bench) {
  const folder = path.join(bench.folder, "builds", name);
  const { repository, config } = makeBuild(folder, base);
  const cache = path.join(folder, "cache");
  /** @type {Awaited<ReturnType<Bench["probe"]>>[]} */
  const ours = [];
  /** @type {import("./measure.mjs").Run[]} */
  const others = [];
  for (let index = 0; index < runs; index++) {
    rmSync(cache, { recursive: true, force: true });
    ours.push(await bench.probe(config, cache));
    if (bench.kubectl !== undefined) {
      const args = ["kustomize", path.join(repository, "overlays/o")];
      others.push(await runOnce({ file: bench.kubectl.file, args }));
    }
  }
  checkSame(ours[0]?.objects, others[0]?.stdout);
  const memory = peak(ours.map((run) => run.megabytes));
  const row = beside({
    what: `${what}: process start to its render`,
    took: median(ours.map(({ firstMs }) => firstMs)),
    other: others.length === 0 ? undefined : median(others.map((run) => run.ms)),
    otherName: "kubectl kustomize",
    times,
  });
  const more = plain(
    `${what}: whole scan`,
    `${ms(median(ours.map((run) => run.ms)))}, ${megabytes(memory)}`,
    others.length === 0 ? "" : `kubectl kustomize ${megabytes(peak(others.map((run) => run.megabytes)))}`,
  );
  if (most === undefined) return [row, more];
  return [row, { ...more, goal: `<= ${most} MB`, met: memory === undefined ? undefined : memory <= most }];
}

/** @param {string} folder @param {string} base */
function makeBuild(folder, base) {
  const repository = path.join(folder, "git");
  write(path.join(repository, "base/all.yaml"), base);
  write(path.join(repository, "base/kustomization.yaml"), stringify({ resources: ["all.yaml"] }));
  write(
    path.join(repository, "overlays/o/kustomization.yaml"),
    stringify({ namespace: "big", resources: ["../../base"] }),
  );
  commit(repository, "One large overlay");
  return { repository, config: writeEmptyLive(folder, repository, "overlays/o") };
}

/** A figure of a wrong result is none. @param {number | undefined} objects @param {string | undefined} stdout */
function checkSame(objects, stdout) {
  if (stdout === undefined) return;
  const theirs = stdout.match(/^kind: /gm)?.length;
  if (objects !== theirs) throw new Error(`${objects} objects instead of the ${theirs} of kubectl kustomize`);
}
