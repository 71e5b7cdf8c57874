import { chmod, writeFile } from "node:fs/promises";
import path from "node:path";

import { DriftError } from "../../../src/lib/errors.ts";
import type { RepositoryAccess } from "../../../src/core/model/repository-access.ts";
import { serveSmart, type SmartServer } from "./smart-server.ts";
import { createRepository, tempFolder } from "./test-repository.ts";

/** A token that must be found nowhere. */
export const canary = "ghp_Canary7Token";
/** A file of its own that only we can read. */
export async function secretFile(content: string, mode = 0o600): Promise<string> {
  const file = path.join(tempFolder(), "token");
  await writeFile(file, content, { mode });
  await chmod(file, mode);
  return file;
}

/** By a file with this content. */
export async function tokenAccess(
  content = `${canary}\n`,
): Promise<Extract<RepositoryAccess, { type: "token" }>> {
  return { type: "token", tokenFile: await secretFile(content) };
}

/** A server that lets one login in. */
export async function servePrivate(credentials = `x-access-token:${canary}`): Promise<SmartServer> {
  const server = await serveSmart(await createRepository({ "a.yaml": "a: private\n" }));
  server.login = (given) => (given === credentials ? 200 : 401);
  return server;
}

/** What the work throws, which must be one of our errors. */
export async function failureOf(work: Promise<unknown>): Promise<DriftError> {
  const error: unknown = await work.then(
    () => "no error",
    (thrown: unknown) => thrown,
  );
  if (error instanceof DriftError) return error;
  throw new Error(`expected a DriftError and got ${String(error)}`);
}

/** All that anybody could see of an error. */
export const textOf = (error: DriftError) =>
  [error.message, error.hint, ...error.details, error.stack, String(error.cause)].join("\n");
