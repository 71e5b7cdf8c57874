import type { ExemptionEntry, ExemptionLimits } from "../model/exemption-entry.ts";
import { endOf, parseDateOrTime } from "../model/instant.ts";
import { checkPathPattern } from "../model/path-pattern.ts";
import { keyId, type ResourceKey } from "../model/resource.ts";
import type { Exemption } from "../model/standing.ts";
import { formatSpan } from "../model/time-span.ts";
import { holdsCredential } from "../text/credential.ts";
import {
  type LocatedEntry,
  type LocatedText,
  type LocatedValue,
  readExemptionDocument,
  unknownKey,
} from "./exemption-document.ts";
import { type ExemptionProblem, quoteShort } from "./exemption-problem.ts";
import { parseKey } from "./parse-key.ts";

/** The exemptions of a repository that can be understood, and what is wrong with the others. */
export interface ExemptionsRead {
  readonly exemptions: readonly ExemptionEntry[];
  /** In the order of the text. */
  readonly problems: readonly ExemptionProblem[];
}

/** How exemptions are read. */
export interface ExemptionReading {
  /** As it is told: ".drift/exemptions.yaml". */
  readonly file: string;
  readonly limits: Pick<ExemptionLimits, "maxLengthMs">;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/**
 * Reads the exemptions of a repository: every problem at once. An entry with a problem covers nothing, and loses no
 * other; one that has ended is kept, so that what it covered comes back marked. Never throws.
 */
export function parseExemptions(text: string, reading: ExemptionReading): ExemptionsRead {
  const document = readExemptionDocument(text);
  const problems = [...document.problems];
  const exemptions: ExemptionEntry[] = [];
  const firsts = new Map<string, number>();
  for (const entry of document.entries) {
    const check = new EntryCheck(entry, reading);
    const read = check.read();
    const twin = read === undefined || read.exemption.hasEnded ? undefined : firsts.get(idOf(read));
    if (twin !== undefined) {
      check.tell(
        entry.line,
        `it covers the same as line ${String(twin)}`,
        "Remove one of them, or change its end.",
      );
    }
    problems.push(...check.problems);
    if (read === undefined || check.problems.length > 0) continue;
    exemptions.push(read);
    if (!read.exemption.hasEnded) firsts.set(idOf(read), entry.line);
  }
  return { exemptions, problems: problems.sort((a, b) => a.line - b.line) };
}

/** Equal for entries that cover the same. */
function idOf({ key, targets, paths }: ExemptionEntry): string {
  const sorted = (list: readonly string[] | undefined) => list && [...new Set(list)].sort();
  return JSON.stringify([keyId(key), sorted(targets), sorted(paths)]);
}

const keys = ["resource", "targets", "paths", "reason", "ticket", "until", "by"] as const;
type Key = (typeof keys)[number];

const mostText = 1000;

/** One entry under check: its problems add up. */
class EntryCheck {
  readonly problems: ExemptionProblem[];
  readonly #entry: LocatedEntry;
  readonly #reading: ExemptionReading;

  constructor(entry: LocatedEntry, reading: ExemptionReading) {
    this.#entry = entry;
    this.#reading = reading;
    this.problems = [...entry.problems];
  }

  tell(line: number, reason: string, hint: string): void {
    this.problems.push({ line, reason, hint });
  }

  /** What the entry says; undefined where it does not say enough. */
  read(): ExemptionEntry | undefined {
    const { fields } = this.#entry;
    // What is no mapping has been told, and has no fields.
    if (fields.size === 0 && this.problems.length > 0) return undefined;
    this.#lookForUnknown();
    const [key, paths, exemption] = [this.#key(), this.#paths(), this.#exemption()];
    const targets = this.#list("targets");
    if (key === undefined || exemption === undefined) return undefined;
    return {
      key,
      ...(targets && { targets: targets.map(({ text }) => text) }),
      ...(paths && { paths }),
      exemption,
    };
  }

  #lookForUnknown(): void {
    const { fields, line } = this.#entry;
    for (const name of fields.keys()) {
      if (!keys.some((key) => key === name)) this.problems.push({ line, ...unknownKey(name, keys) });
    }
  }

  #exemption(): Exemption | undefined {
    const reason = this.#text("reason", "Say why the difference is accepted.");
    const until = this.#until();
    const [ticket, by] = [this.#text("ticket"), this.#text("by")];
    if (reason === undefined || until === undefined) return undefined;
    return {
      reason: reason.text,
      ...(ticket && { ticket: ticket.text }),
      ...(by && { by: by.text }),
      ...until,
      file: this.#reading.file,
      line: this.#entry.line,
    };
  }

  #key(): ResourceKey | undefined {
    const resource = this.#text("resource", "Name one object: shop/VirtualService/checkout.");
    if (resource === undefined) return undefined;
    const read = parseKey(resource.text);
    if (read.type === "key") return read.key;
    this.tell(resource.line, `resource ${quoteShort(resource.text)}: ${read.reason}`, read.hint);
    return undefined;
  }

  #paths(): readonly string[] | undefined {
    const paths = this.#list("paths");
    for (const { text, line } of paths ?? []) {
      const checked = checkPathPattern(text);
      if (checked.type === "refused")
        this.tell(line, `path ${quoteShort(text)}: ${checked.reason}`, checked.hint);
    }
    return paths?.map(({ text }) => text);
  }

  #until(): { readonly until: string; readonly hasEnded: boolean } | undefined {
    const form = 'Write a day, "2026-12-01" (to its end in UTC), or a time with its zone.';
    const written = this.#text("until", form);
    if (written === undefined) return undefined;
    const { text, line } = written;
    const instant = parseDateOrTime(text);
    if (instant === undefined) {
      this.tell(line, `until ${quoteShort(text)} is no day and no time with a zone`, form);
      return undefined;
    }
    const { nowMs, limits } = this.#reading;
    // A day that is as far off as the limit may be used up to its end.
    if (instant.ms - nowMs > limits.maxLengthMs) {
      const hint = "Choose an earlier end; exemptions.maxLength of drift.yaml says how far off it may be.";
      this.tell(line, `it ends later than in ${formatSpan(limits.maxLengthMs)}`, hint);
    }
    return { until: instant.isDay ? `${text}T23:59:59.999Z` : text, hasEnded: nowMs > endOf(instant) };
  }

  /** A text that may be shown; `needed` says what to do where it is missing. */
  #text(name: Key, needed?: string): LocatedText | undefined {
    const value = this.#entry.fields.get(name) ?? { type: "nothing", line: this.#entry.line };
    if (isBlank(value)) {
      if (needed !== undefined) this.tell(value.line, `it has no ${name}`, needed);
      return undefined;
    }
    if (value.type !== "text") {
      this.tell(value.line, `${name} is no text`, "Write one text.");
      return undefined;
    }
    if (holdsCredential(value.text)) {
      this.tell(value.line, `${name} looks like a credential`, "Take it out, and change the credential.");
    } else if (value.text.length > mostText) {
      this.tell(value.line, `${name} is longer than ${String(mostText)} characters`, "Say it shorter.");
    }
    return value;
  }

  #list(name: Key): readonly LocatedText[] | undefined {
    const value = this.#entry.fields.get(name);
    if (value === undefined) return undefined;
    if (value.type === "list" && value.items.length > 0 && value.items.every(({ text }) => text !== "")) {
      return value.items;
    }
    this.tell(value.line, `${name} is no list of texts`, `Write a list, or leave ${name} out to mean all.`);
    return undefined;
  }
}

function isBlank(value: LocatedValue): boolean {
  return value.type === "nothing" || (value.type === "text" && value.text.trim() === "");
}
