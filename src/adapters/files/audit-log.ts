import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { formatBytes } from "../../core/manifest/limits.ts";
import type { AuditEntry } from "../../core/model/audit-entry.ts";
import { messageOf } from "../../lib/errors.ts";
import type { AuditPort } from "../../ports/audit.ts";
import { readAuditLine, type WantedObjects, wantedObjects } from "./audit-event.ts";
import { LineSplitter } from "./lines.ts";

/** Where audit logs lie, and how much is read of them. */
export interface AuditLogOptions {
  /** Files of the API server's log backend, JSON lines, the oldest first. Not compressed. */
  readonly files: readonly string[];
  /** A longer line is left out; 8 MiB. */
  readonly maxLineBytes?: number;
  /** Of a larger file only the end is read: it is the newest; 1 GiB. */
  readonly maxFileBytes?: number;
  /** Of more requests only the last are kept; 100,000. */
  readonly maxEntries?: number;
}

const defaults = { maxLineBytes: 8 * 1024 ** 2, maxFileBytes: 1024 ** 3, maxEntries: 100_000 };

/**
 * Audit logs in files. What is wrong with one is a warning, one a file and problem: a file that is not there, lines that
 * are no events (a file may be cut off anywhere), and what was too much. Values of fields are dropped line by line.
 */
export function createAuditLog(options: AuditLogOptions): AuditPort {
  const limits = { ...defaults, ...options };
  return {
    read: async (keys) => {
      const reading = new Reading(wantedObjects(keys), limits);
      for (const file of options.files) await readFile(file, reading);
      return reading.result;
    },
  };
}

const unreadHint = "Users are not named by it: check `audit` of the cluster in drift.yaml.";
const brokenHint =
  "It has to be a file of the API server's log backend: JSON, one event a line, not compressed.";

type Limits = Required<Omit<AuditLogOptions, "files">>;

/** What was read so far. */
class Reading {
  readonly limits: Limits;
  readonly warnings: string[] = [];
  private readonly wanted: WantedObjects;
  private entries: AuditEntry[] = [];
  private kept = 0;

  constructor(wanted: WantedObjects, limits: Limits) {
    this.wanted = wanted;
    this.limits = limits;
  }

  get result(): { readonly entries: readonly AuditEntry[]; readonly warnings: readonly string[] } {
    const { maxEntries } = this.limits;
    const few = `audit logs: of ${String(this.kept)} requests only the last ${String(maxEntries)} were looked at`;
    return {
      entries: this.entries.slice(-maxEntries),
      warnings: this.kept > maxEntries ? [...this.warnings, few] : this.warnings,
    };
  }

  /** Takes a line. Whether it is an event, or empty. */
  take(line: Uint8Array): boolean {
    if (line.every((byte) => byte <= 0x20)) return true;
    const read = readAuditLine(new TextDecoder().decode(line), this.wanted);
    if (read.type === "entry") this.keep(read.entry);
    return read.type !== "broken";
  }

  private keep(entry: AuditEntry): void {
    this.kept += 1;
    this.entries.push(entry);
    const { maxEntries } = this.limits;
    if (this.entries.length >= 2 * maxEntries) this.entries = this.entries.slice(-maxEntries);
  }
}

async function readFile(file: string, reading: Reading): Promise<void> {
  try {
    // A pipe must not be waited for: nobody may be writing into it.
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) reading.warnings.push(`audit log ${file} is no file. ${unreadHint}`);
      else if (stats.size > 0) await readLines(file, { handle, size: stats.size }, reading);
    } finally {
      await handle.close();
    }
  } catch (error) {
    reading.warnings.push(`audit log ${file} cannot be read: ${messageOf(error)}. ${unreadHint}`);
  }
}

type Handle = Awaited<ReturnType<typeof open>>;

async function readLines(
  file: string,
  { handle, size }: { readonly handle: Handle; readonly size: number },
  reading: Reading,
): Promise<void> {
  const { maxFileBytes, maxLineBytes } = reading.limits;
  // One byte more, so that what stands before the first line break is never a whole line.
  const start = Math.max(0, size - maxFileBytes - 1);
  const counts = { lines: 0, broken: 0, first: 0, tooLong: 0 };
  const splitter = new LineSplitter(maxLineBytes, (line) => {
    counts.lines += 1;
    if (start > 0 && counts.lines === 1) return;
    if (line !== "too-long" && reading.take(line)) return;
    counts.broken += 1;
    counts.first ||= counts.lines;
    if (line === "too-long") counts.tooLong += 1;
  });
  // What is written meanwhile is left for the next time.
  const stream = handle.createReadStream({
    start,
    end: size - 1,
    highWaterMark: 1024 ** 2,
    autoClose: false,
  });
  for await (const chunk of stream) splitter.push(chunk as Uint8Array); // It has no encoding.
  splitter.end();
  if (start > 0)
    reading.warnings.push(`audit log ${file}: only its last ${formatBytes(maxFileBytes)} were read`);
  if (counts.broken > 0) reading.warnings.push(brokenLines(file, counts, start, maxLineBytes));
}

interface Counts {
  readonly lines: number;
  readonly broken: number;
  readonly first: number;
  readonly tooLong: number;
}

function brokenLines(
  file: string,
  { lines, broken, first, tooLong }: Counts,
  start: number,
  maxLineBytes: number,
): string {
  const long = tooLong === 0 ? "" : `, ${String(tooLong)} of them longer than ${formatBytes(maxLineBytes)}`;
  const where = start > 0 ? "" : `, the first is line ${String(first)}`;
  return `audit log ${file}: ${String(broken)} of ${String(lines)} lines are no events of audit.k8s.io/v1 and were left out${long}${where}. ${brokenHint}`;
}
