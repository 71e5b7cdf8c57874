import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { field, type Json, textField } from "../../src/core/model/json.ts";
import type { ApiClient } from "./api-client.ts";

/** A request that the API server answered. What is about no resource (/version) has "" for group and resource. */
export interface AuditEntry {
  readonly verb: string;
  readonly user: string;
  readonly group: string;
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly code: number;
  readonly requestURI: string;
  readonly userAgent: string;
}

/**
 * The audit log up to now. The server writes a line just after it answered, so a request of our own, which is left
 * out, is made and waited for first.
 */
export async function readAudit(
  file: string,
  client: ApiClient,
  token: string,
): Promise<readonly AuditEntry[]> {
  const marker = `/livez/ping?audit=${randomUUID()}`;
  await client.request({ method: "GET", path: marker, token });
  const deadline = Date.now() + 10_000;
  for (;;) {
    const lines = (await readFile(file, "utf8")).split("\n").slice(0, -1);
    const entries = lines.map(parseEntry);
    if (entries.some(({ requestURI }) => requestURI === marker))
      return entries.filter(({ requestURI }) => !requestURI.startsWith("/livez/ping?audit="));
    if (Date.now() > deadline) throw new Error(`${file} does not get the requests that are made`);
    await wait(5);
  }
}

function parseEntry(line: string): AuditEntry {
  const event = JSON.parse(line) as Json; // JSON.parse gives nothing else.
  const about = field(event, "objectRef");
  return {
    verb: textField(event, "verb"),
    user: textField(field(event, "user"), "username"),
    group: textField(about, "apiGroup"),
    resource: textField(about, "resource"),
    namespace: textField(about, "namespace"),
    name: textField(about, "name"),
    code: Number(field(field(event, "responseStatus"), "code") ?? 0),
    requestURI: textField(event, "requestURI"),
    userAgent: textField(event, "userAgent"),
  };
}
