// A repository of very many files of which a target needs ten.
import path from "node:path";
import { stringify } from "yaml";
import { median } from "./measure.mjs";
import { virtualService } from "./mesh-objects.mjs";
import { commit, write, writeEmptyLive } from "./repository.mjs";
import { count, ms, plain } from "./table.mjs";

/** @typedef {import("./table.mjs").Row} Row @typedef {import("./run.mjs").Bench} Bench */

const runs = 5;
/** Kustomizations of base and overlay among them. */
const needed = 10;

/** @param {Bench} bench @returns {Promise<Row[]>} */
export async function fileRows(bench) {
  const [few, many] = [100, bench.isQuick ? 5000 : 50_000];
  const [small, large] = [await measure(few, bench), await measure(many, bench)];
  const what = (/** @type {string} */ scan) =>
    `a repository of ${count(many)} files, ${needed} needed: ${scan}`;
  const text = (/** @type {{ ms: number, blobs: number }} */ scan) =>
    `${ms(scan.ms)}, ${scan.blobs} blobs read`;
  return [
    {
      ...plain(what("first scan"), text(large.first), `${few} files: ${text(small.first)}`),
      goal: `<= ${needed} blobs`,
      met: large.first.blobs <= needed,
    },
    plain(what("second scan"), text(large.second), `${few} files: ${text(small.second)}`),
  ];
}

/** @param {number} files @param {Bench} bench */
async function measure(files, bench) {
  bench.say(`files: a repository of ${files}`);
  const folder = path.join(bench.folder, `files-${files}`);
  const repository = makeRepository(folder, files);
  const config = writeEmptyLive(folder, repository, "overlays/o");
  const cache = path.join(folder, "cache");
  const first = await bench.probe(config, cache);
  const later = [];
  for (let index = 0; index < runs; index++) later.push(await bench.probe(config, cache));
  return { first, second: { ms: median(later.map((run) => run.ms)), blobs: later[0]?.blobs ?? 0 } };
}

/** @param {string} folder @param {number} files */
function makeRepository(folder, files) {
  const repository = path.join(folder, "git");
  const resources = Array.from({ length: needed - 2 }, (_, index) => `app${index}.yaml`);
  for (const file of resources) {
    const object = virtualService({ name: path.basename(file, ".yaml"), namespace: "shop" });
    write(path.join(repository, "base", file), stringify(object));
  }
  write(path.join(repository, "base/kustomization.yaml"), stringify({ resources }));
  write(
    path.join(repository, "overlays/o/kustomization.yaml"),
    stringify({ namespace: "shop", resources: ["../../base"] }),
  );
  for (let index = needed; index < files; index++) {
    const data = { index: String(index) };
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: `c${index}` }, data };
    write(path.join(repository, `apps/a${index % 500}/c${index}.yaml`), stringify(object));
  }
  commit(repository, `${files} files`);
  return repository;
}
