import { field, isObject, type Json, textField } from "../../../core/model/json.ts";
import { parseJson } from "../../../core/manifest/parse-json.ts";
import { bearer } from "./token.ts";
import type { Grant, Proof } from "./login.ts";

/** What a plugin answered: credentials, or why its answer is none. `reason` never quotes it. */
export type ExecAnswer =
  { readonly type: "grant"; readonly grant: Grant } | { readonly type: "refused"; readonly reason: string };

/** Credentials are got anew so long before they expire: a request takes its time. */
const marginMs = 10_000;

/** Reads what a plugin printed: an ExecCredential of the version that it was asked for. */
export function readExecCredential(text: string, apiVersion: string, nowMs: number): ExecAnswer {
  const parsed = parseJson(text);
  if (parsed.type === "refused" || !isObject(parsed.value)) return refuse("it printed no JSON object");
  const answer = parsed.value;
  if (textField(answer, "kind") !== "ExecCredential") return refuse("it printed no ExecCredential");
  if (textField(answer, "apiVersion") !== apiVersion)
    return refuse(`its answer is not of version ${apiVersion}`);
  const status = field(answer, "status");
  const proof = readProof(status);
  if (typeof proof === "string") return refuse(proof);
  const expiry = readExpiry(status, nowMs);
  if (typeof expiry === "string") return refuse(expiry);
  return { type: "grant", grant: { proof, ...expiry } };
}

function readProof(status: Json | undefined): Proof | string {
  const token = textField(status, "token");
  const cert = textField(status, "clientCertificateData");
  const key = textField(status, "clientKeyData");
  if ((cert === "") !== (key === "")) return "its answer has a client certificate or a key without the other";
  if (token === "" && cert === "") return "its answer has neither a token nor a client certificate";
  return {
    ...(token === "" ? {} : { authorization: bearer(token, "the token of the credential plugin") }),
    ...(cert === "" ? {} : { certificate: { cert, key } }),
  };
}

function readExpiry(status: Json | undefined, nowMs: number): Pick<Grant, "renewAtMs"> | string {
  const value = field(status, "expirationTimestamp");
  if (value === undefined || value === null) return {};
  const expiresMs = typeof value === "string" ? Date.parse(value) : NaN;
  if (Number.isNaN(expiresMs)) return "its expirationTimestamp is no time";
  if (expiresMs <= nowMs) {
    return `its credentials expired at ${new Date(expiresMs).toISOString()}, before they were used: compare the clocks`;
  }
  // Credentials that live for seconds are still used for half their time.
  return { renewAtMs: expiresMs - Math.min(marginMs, (expiresMs - nowMs) / 2) };
}

function refuse(reason: string): ExecAnswer {
  return { type: "refused", reason };
}
