import { createKubernetesLive } from "../../src/adapters/kubernetes/kubernetes-live.ts";
import { meshKindOf, meshKinds } from "../../src/core/mesh/kinds.ts";
import { field, isList, type Json, type JsonObject, textField } from "../../src/core/model/json.ts";
import { keyId, keyOf, type Resource } from "../../src/core/model/resource.ts";
import type { LiveRead } from "../../src/ports/live.ts";
import { type ControlPlane, startControlPlane } from "../support/control-plane.ts";
import { namespace } from "./cluster-objects.ts";
import { plainConnect } from "../support/plain-connect.ts";

/** An object, and what the server said to it. */
export interface Sent {
  readonly resource: Resource;
  /** Why it was refused; absent where it was created. */
  readonly refused?: string;
  /** The fields that the server does not know and throws away, in its words: "spec.http[0].websocketUpgrade". */
  readonly pruned: readonly string[];
}

/** Objects that went to an API server of their own, and what our own adapter reads there. */
export interface Trip {
  readonly sent: readonly Sent[];
  readonly read: LiveRead;
  readonly stop: () => Promise<void>;
}

/** Sends those objects whose kind has a table, each under a name that no other has, and reads all that is there. */
export async function sendRealObjects(objects: readonly JsonObject[]): Promise<Trip> {
  const plane = await startControlPlane();
  const resources = withOwnNames(objects);
  const namespaces = new Set(resources.map(({ key }) => key.namespace));
  await plane.apply([...namespaces].map((name) => namespace(name)));
  const sent: Sent[] = [];
  for (const resource of resources) sent.push(await send(plane, resource));
  return { sent, read: await readAll(plane), stop: () => plane.stop() };
}

function withOwnNames(objects: readonly JsonObject[]): readonly Resource[] {
  const seen = new Map<string, number>();
  return objects.flatMap((object) => {
    const key = keyOf(object);
    const table = key && meshKindOf(key)?.table;
    if (key === undefined || table === undefined || table.structural) return [];
    const count = (seen.get(keyId(key)) ?? 0) + 1;
    seen.set(keyId(key), count);
    if (count === 1) return [{ key, object }];
    const name = `${key.name}-again-${String(count)}`;
    const metadata = { ...(object["metadata"] as JsonObject), name }; // It has a key, so it has metadata.
    return [{ key: { ...key, name }, object: { ...object, metadata } }];
  });
}

/** Asked to be strict, the server names the fields that it would else throw away with a warning. */
async function send(plane: ControlPlane, resource: Resource): Promise<Sent> {
  const strict = await plane.create(resource.object, "?dryRun=All&fieldValidation=Strict");
  const unknown = textField(strict.json, "message").matchAll(/unknown field "([^"]*)"/g);
  const { status, json } = await plane.create(resource.object);
  return {
    resource,
    ...(status !== 201 && { refused: `${String(status)} ${refusalOf(json)}` }),
    pruned: [...unknown].map(([, name = ""]) => name),
  };
}

/** "spec.servers[0].port: Required value", or all of the message where it names no field. */
function refusalOf(answer: Json): string {
  const causes = field(field(answer, "details"), "causes");
  // The server says of the other rules that it did not look at them: in no field.
  const inFields = isList(causes) ? causes.filter((cause) => textField(cause, "field") !== "<nil>") : [];
  if (inFields.length === 0) return textField(answer, "message");
  return inFields
    .map((cause) => `${textField(cause, "field")}: ${textField(cause, "message")}`)
    .sort() // The server names them in any order.
    .join("; ");
}

async function readAll(plane: ControlPlane): Promise<LiveRead> {
  const live = createKubernetesLive({
    access: { type: "context", context: "", kubeconfig: plane.kubeconfig("reader") },
    connect: plainConnect,
  });
  try {
    const kinds = meshKinds.filter(({ table }) => !table.structural);
    return await live.read({ kinds, now: new Date(), namespacesOf: () => Promise.resolve([]) });
  } finally {
    live.close();
  }
}
