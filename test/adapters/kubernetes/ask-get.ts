import type { ServerResponse } from "node:http";
import { type GetEnd, type GetLimits, sendGet } from "../../../src/adapters/kubernetes/get.ts";
import { type Answer, credentialsFor, generous, startApiServer } from "./api-server.ts";

/** What is asked for in tests of a single request. */
export const request = { path: "/apis?limit=5", accept: "application/json" };

/** Sends one request to a server that answers so. */
export async function ask(answer: Answer, limits: Partial<GetLimits> = {}, tls?: "https"): Promise<GetEnd> {
  const server = await startApiServer(answer, tls);
  return await sendGet(server.url, request, credentialsFor(server), { ...generous, ...limits });
}

/** Sends the head of an answer of 10 bytes, and some of them. */
export function begin(response: ServerResponse, body: string): void {
  response.writeHead(200, { "content-type": "application/json", "content-length": 10 });
  response.flushHeaders();
  if (body !== "") response.write(body);
}
