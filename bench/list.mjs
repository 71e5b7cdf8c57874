// The least that reading a cluster costs: the same lists in Node, parsed and thrown away. node list.mjs KUBECONFIG PATH...
// Prints {ms, objects, megabytes}: from the first request to the last parsed page.
import { readFileSync } from "node:fs";
import { ApiClient } from "./api-client.mjs";

const [kubeconfig = "", ...paths] = process.argv.slice(2);
const client = new ApiClient(readFileSync(kubeconfig, "utf8"));
const queue = paths.values();
let [objects, bytes] = [0, 0];

const started = performance.now();
// As many at a time as drift has.
await Promise.all(
  Array.from({ length: 4 }, async () => {
    for (const path of queue) await readList(path);
  }),
);
const ms = performance.now() - started;
client.close();
console.log(JSON.stringify({ ms, objects, megabytes: bytes / 1e6 }));

/** @param {string} path */
async function readList(path) {
  let next = "";
  do {
    const page = await client.request("GET", `${path}?limit=500${next}`);
    if (page.status !== 200) throw new Error(`${path}: ${page.status} ${page.text}`);
    const { items, metadata } = JSON.parse(page.text);
    objects += items.length;
    bytes += page.text.length;
    next = metadata.continue ? `&continue=${encodeURIComponent(metadata.continue)}` : "";
  } while (next !== "");
}
