// The rows of a table of figures, and how they are written.

/**
 * One figure. `met` is undefined where there is no goal, or what it needs is not on this machine.
 *
 * @typedef {{ what: string, ours: string, other: string, goal: string, met: boolean | undefined }} Row
 */

/** @param {number} value milliseconds */
export function ms(value) {
  return value < 10_000 ? `${value.toFixed(0)} ms` : `${(value / 1000).toFixed(1)} s`;
}

/** "1,000" @param {number} value */
export function count(value) {
  return value.toLocaleString("en-US");
}

/** @param {number | undefined} value megabytes; undefined where the system does not tell */
export function megabytes(value) {
  return value === undefined ? "memory not known" : `${value.toFixed(0)} MB`;
}

/**
 * A row with a figure and no goal.
 *
 * @param {string} what @param {string} ours @param {string} other
 * @returns {Row}
 */
export function plain(what, ours, other = "") {
  return { what, ours, other, goal: "", met: undefined };
}

/** A time that may not be longer. @param {string} what @param {number} value @param {number} most @returns {Row} */
export function limit(what, value, most) {
  return { what, ours: ms(value), other: "", goal: `<= ${ms(most)}`, met: value <= most };
}

/**
 * A time beside that of another command, which is undefined where it is not here.
 *
 * @param {{ what: string, took: number, other: number | undefined, otherName: string, times: number | undefined }} measured
 *   `times`: how many times faster it has to be; below 1 where it may be slower
 * @returns {Row}
 */
export function beside({ what, took, other, otherName, times }) {
  const goal = times === undefined ? "" : goalOf(times);
  if (other === undefined)
    return { what, ours: ms(took), other: `${otherName}: not here`, goal, met: undefined };
  const ratio = other / took;
  return {
    what,
    ours: `${ms(took)} (${ratio >= 1 ? `${ratio.toFixed(1)}x` : `${(1 / ratio).toFixed(1)}x its time`})`,
    other: `${otherName} ${ms(other)}`,
    goal,
    met: times === undefined ? undefined : ratio >= times,
  };
}

/** @param {number} times */
function goalOf(times) {
  return times >= 1 ? `${times}x` : `<= ${(1 / times).toFixed(1)}x its time`;
}

const head = ["what", "drift", "beside", "goal", ""];

/** A Markdown table whose columns stand below each other, as the formatter of this repository writes it. @param {readonly Row[]} rows */
export function format(rows) {
  const cells = [
    head,
    ...rows.map(({ what, ours, other, goal, met }) => [what, ours, other, goal, word(goal, met)]),
  ];
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (/** @type {readonly string[]} */ row, fill = " ") =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(" | ")} |`;
  const rule = line(["", "", "", "", ""], "-");
  return [line(head), rule, ...cells.slice(1).map((row) => line(row))].join("\n");
}

/** @param {string} goal @param {boolean | undefined} met */
function word(goal, met) {
  if (goal === "") return "";
  return met === undefined ? "not measured" : met ? "met" : "MISSED";
}
