// Fills a cluster with the objects of mesh-objects.mjs.
import { clearInterval, setInterval } from "node:timers";
import { liveObject, namespaceCount } from "./mesh-objects.mjs";

/** How many objects are written at a time. */
const writers = 24;

/** @param {import("./api-client.mjs").ApiClient} admin @param {string} team */
export async function makeNamespaces(admin, team) {
  for (let index = 0; index < namespaceCount; index++) {
    await create(admin, "/api/v1/namespaces", { metadata: { name: `${team}-${index}` } });
  }
}

/**
 * Creates the objects from one index to another, as long as there is time. Gives the index it came to.
 *
 * @param {import("./api-client.mjs").ApiClient} admin
 * @param {{ from: number, to: number, team: string, mostMs: number, say: (text: string) => void }} what
 */
export async function fillCluster(admin, { from, to, team, mostMs, say }) {
  const started = performance.now();
  let next = from;
  const write = async () => {
    while (next < to && performance.now() - started < mostMs) {
      const object = liveObject(next++, team);
      const { namespace } = object.metadata;
      const folder = `/apis/networking.istio.io/v1/namespaces/${namespace}/${object.kind.toLowerCase()}s`;
      await create(admin, `${folder}?fieldManager=helm`, object);
    }
  };
  const timer = setInterval(() => say(`  ${next} objects`), 15_000);
  try {
    await Promise.all(Array.from({ length: writers }, write));
  } finally {
    clearInterval(timer);
  }
  return next;
}

/** @param {import("./api-client.mjs").ApiClient} admin @param {string} path @param {unknown} object */
async function create(admin, path, object) {
  const { status, text } = await admin.request("POST", path, object);
  if (status !== 201) throw new Error(`${path} was refused: ${status} ${text}`);
}
