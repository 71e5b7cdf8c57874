const most = 5;

/**
 * The first of many warnings about one thing, and how many more there are: nobody mends forty lines from a report.
 * `rest` follows the number: "lines of CODEOWNERS do not count".
 */
export function firstFew(warnings: readonly string[], rest: string): readonly string[] {
  if (warnings.length <= most + 1) return warnings;
  return [...warnings.slice(0, most), `${String(warnings.length - most)} more ${rest}`];
}
