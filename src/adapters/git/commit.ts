import { TextDecoder } from "node:util";

import type { Commit } from "../../core/model/commit.ts";

/**
 * Reads a commit object, as `git cat-file` gives it, into what `git log --format='%H %an %aI %s'` would print. Texts
 * are decoded by the commit's own `encoding` header (default UTF-8). Undefined where it is no commit.
 */
export function parseCommit(sha: string, object: Uint8Array): Commit | undefined {
  const bytes = Buffer.from(object.buffer, object.byteOffset, object.byteLength);
  const encoding = /^encoding (.+)$/m.exec(headerOf(bytes.toString("latin1")))?.[1];
  const text = decoderFor(encoding).decode(bytes);
  const header = headerOf(text);
  const author = /^author (.*?) ?<[^<>\n]*> ?(-?\d+)? ?([+-]\d{4})?$/m.exec(header);
  if (author === null) return undefined;
  const [, name = "", seconds = "0", zone = "+0000"] = author;
  return {
    sha,
    author: name,
    date: formatDate(Number(seconds), zone),
    subject: subjectOf(text.slice(header.length)),
  };
}

function headerOf(text: string): string {
  const end = text.indexOf("\n\n");
  return end < 0 ? text : text.slice(0, end);
}

/** The first paragraph of the message in one line. */
function subjectOf(message: string): string {
  const paragraph = message.replace(/^\s+/, "").split(/\n\s*\n/, 1)[0] ?? "";
  return paragraph.trim().split(/\s*\n/).join(" ");
}

function decoderFor(encoding: string | undefined): TextDecoder {
  try {
    return new TextDecoder(encoding ?? "utf-8");
  } catch {
    // An encoding that nobody knows: what is not ASCII is shown as replacement characters.
    return new TextDecoder("utf-8");
  }
}

/** ISO 8601 in the author's own time zone: "2024-05-01T12:00:00+02:00". A date that no calendar has becomes 1970. */
function formatDate(seconds: number, zone: string): string {
  const sign = zone.startsWith("-") ? -1 : 1;
  const offsetMinutes = sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3)));
  const local = new Date((seconds + offsetMinutes * 60) * 1000);
  const shown = Number.isNaN(local.getTime()) ? new Date(0) : local;
  return `${shown.toISOString().slice(0, -5)}${zone.slice(0, 3)}:${zone.slice(3)}`;
}
