import { fingerprint } from "../model/digest.ts";
import { credentials, isRandom, lettersInWords, longRun } from "./credential.ts";

/** A part of a text: where it begins, and where it has ended. */
type Span = readonly [start: number, end: number];

/**
 * A text that people or programs wrote (a reason, a person's name, the subject of a commit, an error of a server) without
 * what looks like a credential in it: each such part is replaced by `‹hidden 3f9a2c1b0d4e›`, a keyed fingerprint, or by
 * `‹hidden›` where there is no key. What people write of credentials without telling one ("token: rotate it", "Basic
 * authentication") stays, and so do commit ids, tickets and addresses. The very same text where nothing is hidden.
 */
export function concealText(text: string, fingerprintKey?: string): string {
  return hide(text, [...credentialSpans(text), ...randomSpans(text)], fingerprintKey);
}

/**
 * The same for the name or path of something, which may well look drawn at random: hidden is only what has the shape of
 * a credential.
 */
export function concealName(text: string, fingerprintKey?: string): string {
  return hide(text, credentialSpans(text), fingerprintKey);
}

/** Whether concealText would hide anything of it. */
export function holdsSecret(text: string): boolean {
  return credentialSpans(text).length + randomSpans(text).length > 0;
}

function hide(text: string, spans: readonly Span[], key: string | undefined): string {
  let shown = "";
  let at = 0;
  for (const [start, end] of merged(spans)) {
    const mark = key === undefined ? "‹hidden›" : `‹hidden ${fingerprint(key, text.slice(start, end))}›`;
    shown += `${text.slice(at, start)}${mark}`;
    at = end;
  }
  return at === 0 ? text : shown + text.slice(at);
}

/** In order, and none over another. */
function merged(spans: readonly Span[]): readonly Span[] {
  const apart: Span[] = [];
  for (const span of spans.toSorted(([a], [b]) => a - b)) {
    const last = apart.at(-1);
    if (last === undefined || span[0] > last[1]) apart.push(span);
    else apart[apart.length - 1] = [last[0], Math.max(last[1], span[1])];
  }
  return apart;
}

const everywhere = credentials.map((pattern) => new RegExp(pattern.source, `${pattern.flags}g`));

function credentialSpans(text: string): readonly Span[] {
  return everywhere.flatMap((pattern) =>
    [...text.matchAll(pattern)].flatMap((match): readonly Span[] =>
      ordinary.test(text.slice(match.index, match.index + longestOrdinary))
        ? []
        : [[match.index, endOfCredential(text, match.index, match[0])]],
    ),
  );
}

function randomSpans(text: string): readonly Span[] {
  return [...text.matchAll(longRun)].flatMap(({ index, 0: run }): readonly Span[] =>
    isRandom(run) && !isReadable(run) ? [[index, index + run.length]] : [],
  );
}

const longestOrdinary = 100;

/**
 * How people write of credentials without telling one: a scheme before a word, and a name before a sentence. After the
 * word password there is no telling a sentence from a passphrase.
 */
const ordinary =
  /^(?:(?:[Bb]earer|[Bb]asic|[Dd]igest|[Nn]egotiate) +[A-Za-z]?[a-z]+(?=[\s,;:)]|[.?!](?:\s|$)|$)|(?:[Ss]ecret|[Tt]oken|(?:[Aa]pi|[Aa]ccess|[Pp]rivate)[-_ ]?[Kk]ey|[Cc]redential)s?: [A-Za-z]?[a-z]+,? +[A-Za-z(])/;

/** A credential goes on up to a blank; a key in PEM has many lines, and a passphrase many words. */
function endOfCredential(text: string, start: number, match: string): number {
  const end = start + match.length;
  const rest = /^(?:-----BEGIN |passw|passphrase)/i.test(match) ? /$/ : /[\s"'<>]|$/;
  return end + text.slice(end).search(rest);
}

/** Whether a run that may be drawn at random is made of parts that people write: short ones, words, numbers, commit ids. */
function isReadable(run: string): boolean {
  return run.split(/[-_/+=]/).every((part) => {
    if (part.length < 12 || /^(?:\d+|[\da-f]{40})$/.test(part)) return true;
    const [, letters] = /^([A-Za-z]+)\d*$/.exec(part) ?? [];
    return letters !== undefined && (letters.length < 4 || lettersInWords(letters) >= letters.length * 0.6);
  });
}
