const units = [
  { name: "days", ms: 86_400_000 },
  { name: "h", ms: 3_600_000 },
  { name: "min", ms: 60_000 },
  { name: "s", ms: 1000 },
] as const;

/** A span of time in one unit, the largest of which there are two or more, rounded down: "3 days", "26 h", "90 s". */
export function formatSpan(spanMs: number): string {
  const unit = units.find(({ ms }) => spanMs >= 2 * ms) ?? units[3];
  return `${String(Math.floor(spanMs / unit.ms))} ${unit.name}`;
}
