// 10,000 parsed objects a side, 1 % edited, in a process of its own: node bench/compare.mjs KINDS PERCENT
// Prints {ms, megabytes, bytes, kinds}: the time of the comparison, the most memory the process had, the size of an
// object, and of how many kinds they are.
// KINDS is "all" or some, "VirtualService,DestinationRule". PERCENT is how many more are spelled otherwise by the live
// side.
import { compare } from "mesh-drift";
import { policies } from "./mixed-policies.mjs";
import { traffic } from "./mixed-traffic.mjs";

const count = 10_000;
const [, , chosen = "all", percent = "0"] = process.argv;
const all = [...traffic, ...policies];
const makers = chosen === "all" ? all : all.filter(({ kind }) => chosen.split(",").includes(kind));
const respelledPercent = Number(percent);

const places = Array.from({ length: count }, (_, index) => placeOf(index));
const desired = places.map(objectAt);
const live = places.map(liveAt);
const started = performance.now();
const { findings, unchecked } = compare(desired, live);
const ms = performance.now() - started;
const edited = places.filter(isEdited).map(({ maker, name }) => `${maker.kind}/${name}`);
const found = findings.map(({ key }) => `${key.kind}/${key.name}`);
const isAsEdited = found.length === edited.length && edited.every((one) => found.includes(one));
if (!isAsEdited || unchecked.length > 0) throw new Error(`${found.length} found of ${edited.length} edited`);
const megabytes = process.resourceUsage().maxRSS / 1000;
console.log(
  JSON.stringify({ ms, megabytes, bytes: JSON.stringify(desired).length / count, kinds: makers.length }),
);

/** @typedef {{ maker: import("./mixed-traffic.mjs").Maker, name: string, namespace: string, turn: number }} Place */

/**
 * What stands at an index. Each service has one object of each kind, which may be about each other; `turn` is the
 * service's number from 0 to 99, turned for each kind, so that of every kind one in a hundred is edited.
 *
 * @param {number} index @returns {Place}
 */
function placeOf(index) {
  const service = Math.floor(index / makers.length);
  const position = index % makers.length;
  const maker = makers[position];
  if (maker === undefined) throw new Error(`no kind of ${chosen}`);
  const turn = (service + Math.floor((100 / makers.length) * position)) % 100;
  return { maker, name: `svc-${service}`, namespace: `team-${service % 20}`, turn };
}

/** @param {Place} place */
function isEdited({ turn }) {
  return turn === 0;
}

/** @param {Place} place */
function objectAt({ maker: { apiVersion, kind, make }, name, namespace }) {
  const labels = { app: name, team: "shop", tier: "backend" };
  return { apiVersion, kind, metadata: { name, namespace, labels }, spec: make(name) };
}

/** Keys in another order, what a server adds, one in a hundred edited, and some spelled otherwise. @param {Place} place */
function liveAt(place) {
  const object = objectAt(place);
  if (isEdited(place)) place.maker.edit(object.spec);
  else if (place.turn <= respelledPercent) place.maker.respell(object.spec);
  const metadata = {
    ...object.metadata,
    uid: place.name,
    resourceVersion: "1",
    managedFields: [{ manager: "helm" }],
  };
  return reversed({ ...object, metadata, status: {} });
}

/** @param {any} value @returns {any} */
function reversed(value) {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  );
}
