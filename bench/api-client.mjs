// Asks an API server without any of the code that is measured.
import { Agent, request } from "node:https";
import { text } from "node:stream/consumers";
import { parse } from "yaml";

/** Logs in with a token, over connections that stay open. */
export class ApiClient {
  #server;
  #token;
  #agent;

  /** @param {string} kubeconfig the text of a kubeconfig with one cluster and one user */
  constructor(kubeconfig) {
    const { clusters, users } = parse(kubeconfig);
    const { server, "certificate-authority-data": ca } = clusters[0].cluster;
    this.#server = server;
    this.#token = users[0].user.token;
    this.#agent = new Agent({ keepAlive: true, ca: Buffer.from(ca, "base64") });
  }

  close() {
    this.#agent.destroy();
  }

  /**
   * Rejects where no answer came.
   *
   * @param {string} method @param {string} path from "/" on @param {unknown} [body]
   * @returns {Promise<{ status: number, text: string }>}
   */
  request(method, path, body) {
    return new Promise((resolve, reject) => {
      const sent = request(this.#server + path, {
        method,
        agent: this.#agent,
        headers: {
          authorization: `Bearer ${this.#token}`,
          accept: "application/json",
          "content-type": "application/json",
        },
      });
      sent.on("error", reject);
      sent.on("response", (response) => {
        text(response).then((answer) => resolve({ status: response.statusCode ?? 0, text: answer }), reject);
      });
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}
