/** The words to use where a duration is expected and something else was given. */
export const durationExpected = "expected a duration such as 24h, 10m or 90s";

/** Durations as Go writes them: "24h", "1h30m", "1.5h", "250ms". At most nine digits a number. */
export const durationPattern = /^(?:\d{1,9}(?:\.\d{1,9})?(?:ms|s|m|h))+$/;

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** The milliseconds of a duration such as "1h30m", rounded; undefined where the text is no duration. */
export function parseDurationMs(text: string): number | undefined {
  if (!durationPattern.test(text)) return undefined;
  let totalMs = 0;
  for (const [, number = "", unit = ""] of text.matchAll(/([\d.]+)([a-z]+)/g)) {
    totalMs += Number(number) * (unitMs[unit] ?? 0);
  }
  return Math.round(totalMs);
}
