import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { type Agent, request } from "node:https";
import { connect } from "node:tls";
import type { Json } from "../../src/core/model/json.ts";

/** What a client saw of one answer. */
export interface Outcome {
  readonly status: number | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
  /** Why it did not end as it should: Node's code, or "SILENT" where nothing more came for a while. */
  readonly error: string | undefined;
}

/** After so long a silence an answer is taken for hanging. */
const patienceMs = 300;
/** The body as JSON. Throws where it is none. */
export function jsonOf({ body }: Outcome): Json {
  return JSON.parse(body.toString()) as Json; // JSON.parse gives nothing else.
}

/** Asks once, with a token, and waits until the answer ended or did not go on. */
export async function askOnce(url: string, agent: Agent): Promise<Outcome> {
  return new Promise<Outcome>((resolve) => {
    let [status, headers]: [number | undefined, IncomingMessage["headers"]] = [undefined, {}];
    const pieces: Buffer[] = [];
    const settle = (error?: string) => {
      clearTimeout(timer);
      resolve({ status, headers, body: Buffer.concat(pieces), error });
      sent.destroy();
    };
    const sent = request(url, {
      agent,
      headers: { authorization: "Bearer secret-token" },
    });
    const timer = setTimeout(settle, patienceMs, "SILENT");
    const fail = (error: NodeJS.ErrnoException) => {
      settle(error.code ?? error.message);
    };
    sent.on("error", fail).on("response", (response) => {
      ({ statusCode: status, headers } = response);
      response.on("error", fail).on("data", (piece: Buffer) => {
        pieces.push(piece);
        timer.refresh();
      });
      response.on("end", () => {
        settle();
      });
    });
    sent.end();
  });
}

/** How a connection with one request ends: "FIN", or the code of its error. */
export async function endOfConnection(url: string, caFile: string): Promise<string> {
  const { hostname, port, pathname } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), ca: readFileSync(caFile) });
  socket.write(`GET ${pathname} HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`);
  return new Promise((resolve) => {
    socket.on("error", (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? error.message);
    });
    socket.on("end", () => {
      resolve("FIN");
    });
    socket.resume();
  });
}
