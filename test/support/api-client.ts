import { Agent, request } from "node:https";
import { text } from "node:stream/consumers";
import { field, isList, type Json, type JsonObject, textField } from "../../src/core/model/json.ts";

/** How many objects are written at a time. */
const writers = 24;

/** An answer of an API server. */
export interface ApiAnswer {
  readonly status: number;
  /** The body; its text where it is no JSON. */
  readonly json: Json;
}

/** A request as tests write it. */
export interface ApiRequest {
  readonly method: string;
  /** Path and query, from "/" on. */
  readonly path: string;
  readonly body?: Json | undefined;
  readonly token: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Where objects of one kind live. */
interface KindPath {
  readonly plural: string;
  readonly namespaced: boolean;
}

/** Writes and reads what tests want, without any of the code under test. */
export class ApiClient {
  readonly #server: string;
  readonly #agent: Agent;
  readonly #groups = new Map<string, Promise<ApiAnswer>>();

  constructor(server: string, ca: Buffer) {
    this.#server = server;
    this.#agent = new Agent({ keepAlive: true, ca, maxSockets: writers });
  }

  close(): void {
    this.#agent.destroy();
  }

  /** Asks once. Rejects where no answer came. */
  async request({ method, path, body, token, headers = {} }: ApiRequest): Promise<ApiAnswer> {
    const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    return new Promise((resolve, reject) => {
      const sent = request(this.#server + path, {
        method,
        agent: this.#agent,
        headers: {
          authorization: `Bearer ${token}`,
          accept: "application/json",
          "content-type": type,
          ...headers,
        },
      });
      sent.on("error", reject);
      sent.on("response", (response) => {
        text(response).then((content) => {
          resolve({ status: response.statusCode ?? 0, json: parseAnswer(content) });
        }, reject);
      });
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  /** Creates or replaces objects, those without a namespace first: the others may need them. */
  async apply(objects: readonly JsonObject[], token: string): Promise<void> {
    const placed: (readonly [object: JsonObject, kind: KindPath])[] = [];
    for (const object of objects) placed.push([object, await this.#kindOf(object, token)]);
    for (const namespaced of [false, true]) {
      const queue = placed.filter(([, kind]) => kind.namespaced === namespaced).values();
      const write = async () => {
        for (const [object, kind] of queue) await this.#write(object, kind, token);
      };
      await Promise.all(Array.from({ length: writers }, write));
    }
  }

  /** Asks to create an object; `query` is what stands behind the path: "?dryRun=All". Never throws for a refusal. */
  async create(object: JsonObject, token: string, query = ""): Promise<ApiAnswer> {
    const folder = folderOf(object, await this.#kindOf(object, token));
    return this.request({ method: "POST", path: folder + query, body: object, token });
  }

  async #write(object: JsonObject, kind: KindPath, token: string): Promise<void> {
    const name = textField(field(object, "metadata"), "name");
    const folder = folderOf(object, kind);
    const created = await this.create(object, token);
    if (created.status === 201) return;
    const replaced =
      created.status === 409 ? await this.#replace(object, `${folder}/${name}`, token) : created;
    if (replaced.status === 200) return;
    throw new Error(
      `${folder}/${name} was refused: ${String(replaced.status)} ${JSON.stringify(replaced.json)}`,
    );
  }

  async #replace(object: JsonObject, path: string, token: string): Promise<ApiAnswer> {
    const { json } = await this.request({ method: "GET", path, token });
    const metadata = {
      ...(field(object, "metadata") as JsonObject), // It has a name, so it is there.
      resourceVersion: textField(field(json, "metadata"), "resourceVersion"),
    };
    return this.request({ method: "PUT", path, body: { ...object, metadata }, token });
  }

  async #kindOf(object: JsonObject, token: string): Promise<KindPath> {
    const [apiVersion, kind] = [textField(object, "apiVersion"), textField(object, "kind")];
    const path = rootOf(apiVersion);
    const known = this.#groups.get(path) ?? this.request({ method: "GET", path, token });
    this.#groups.set(path, known);
    const resources = field((await known).json, "resources");
    const found = isList(resources) ? resources.find((one) => isNamed(one, kind)) : undefined;
    if (found === undefined) throw new Error(`the API server has no ${kind} in ${apiVersion}`);
    return { plural: textField(found, "name"), namespaced: field(found, "namespaced") === true };
  }
}

function parseAnswer(content: string): Json {
  try {
    return JSON.parse(content) as Json; // JSON.parse gives nothing else.
  } catch {
    return content;
  }
}

/** Subresources ("pods/status") have the kind of their resource. */
function isNamed(resource: Json, kind: string): boolean {
  return textField(resource, "kind") === kind && !textField(resource, "name").includes("/");
}

function rootOf(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function folderOf(object: JsonObject, { plural, namespaced }: KindPath): string {
  const root = rootOf(textField(object, "apiVersion"));
  const namespace = textField(field(object, "metadata"), "namespace");
  return namespaced ? `${root}/namespaces/${namespace}/${plural}` : `${root}/${plural}`;
}
