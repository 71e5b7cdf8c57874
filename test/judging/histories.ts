import { Seeded } from "../support/seeded.ts";
import { type Deed, kinds, World } from "./history.ts";
import { Observer, type ScanMode } from "./observer.ts";
import { type Told, Truth } from "./truth.ts";

/** What became of all histories of one kind. */
export interface HistoriesRow {
  readonly kind: string;
  readonly histories: number;
  readonly scans: number;
  /** How often a difference was told, and how often as overdue. */
  readonly told: number;
  readonly overdue: number;
  /** What was told too early or too late, each with the seed of its history. */
  readonly violations: readonly string[];
}

const allowedMinutes = 24 * 60;
const scansEach = 10;

/**
 * Plays random histories of each kind, and asks after each scan whether what is told as overdue is what the truth says:
 * not before the credible start and 24 hours, and by the first scan after that.
 */
function runHistories(each: number): readonly HistoriesRow[] {
  return Object.entries(kinds).map(([kind, deeds], number) => {
    const row = { kind, histories: each, scans: 0, told: 0, overdue: 0, violations: [] };
    for (let index = 0; index < each; index += 1) play(deeds, number * each + index + 1, row);
    return row;
  });
}

type Tally = { -readonly [K in keyof HistoriesRow]: HistoriesRow[K] } & { violations: string[] };

/** One history: the world, the product that watches it, and who knows the truth. */
interface History {
  readonly world: World;
  readonly observer: Observer;
  readonly truth: Truth;
  readonly chance: Seeded;
  now: number;
  offByMinutes: number;
}

function play(deeds: readonly Deed[], seed: number, into: Tally): void {
  const chance = new Seeded(seed);
  const history: History = {
    world: new World(chance),
    observer: new Observer(),
    truth: new Truth(),
    chance,
    now: 0,
    offByMinutes: 0,
  };
  for (let scan = 0; scan < scansEach; scan += 1) {
    const deed = chance.has(0.35) ? "wait" : chance.pick(deeds);
    history.now += 1 + chance.below(chance.pick([60, 400, 900, 6000]));
    step(history, deed);
    into.scans += 1;
    const wrong = check(history, deed, into);
    if (wrong !== undefined) into.violations.push(`seed ${String(seed)}, scan ${String(scan)}: ${wrong}`);
  }
}

const modes: Partial<Record<Deed, ScanMode>> = { hide: "hidden", partial: "partial", away: "away" };

function step(history: History, deed: Deed): void {
  const { world, observer, truth, chance } = history;
  world.do(deed, history.now);
  history.now += chance.below(30);
  if (deed === "jump") history.offByMinutes = chance.pick([0, 43_200, -43_200, -60, 1, -1]);
  if (deed === "lose") {
    observer.lose();
    truth.forgetAll();
  }
  const mode = modes[deed] ?? "full";
  const told = world.tell();
  observer.scan(mode, told, history);
  if (deed === "crash") return;
  observer.keep();
  if (mode === "full") truth.look(history.now, told);
  if (mode === "hidden") truth.miss(history.now);
  if (mode === "away") truth.miss("unsure");
}

/** What is told wrongly, if anything. A scan that crashed tells nothing. */
function check(history: History, deed: Deed, into: Tally): string | undefined {
  if (deed === "crash" || deed === "partial" || deed === "away") return undefined;
  if (deed === "hide") return checkHidden(history);
  for (const one of history.world.tell()) {
    const wrong = checkTold(one, history, into);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function checkTold(
  { place }: Told,
  { observer, truth, now, offByMinutes }: History,
  into: Tally,
): string | undefined {
  const standing = observer.standing(place);
  if (standing === undefined) return `${place} stands nowhere`;
  into.told += 1;
  if (standing.isOverdue) into.overdue += 1;
  const due = truth.since(place) + allowedMinutes;
  // A machine whose clock is off by two minutes at most is believed.
  const slack = Math.abs(offByMinutes) <= 2 ? 4 : 0;
  if (standing.isOverdue && now < due - slack) return `${place} is overdue ${String(due - now)} min early`;
  if (!standing.isOverdue && now > due + slack)
    return `${place} is overdue for ${String(now - due)} min, and not told`;
  return undefined;
}

function checkHidden({ observer, truth, now, offByMinutes }: History): string | undefined {
  if (truth.hiddenSince === "unsure") return undefined;
  const due = (truth.hiddenSince ?? now) + allowedMinutes;
  const slack = Math.abs(offByMinutes) <= 2 ? 4 : 0;
  if (observer.isHiddenTooLong && now < due - slack) return "it is said to be hidden for too long too early";
  if (!observer.isHiddenTooLong && now > due + slack)
    return "it is hidden for too long, and that is not told";
  return undefined;
}

/** The histories as a table for people, and what went wrong. */
export function historiesTable(each = 12_000): {
  readonly rows: readonly HistoriesRow[];
  readonly lines: readonly string[];
  readonly violations: readonly string[];
} {
  const rows = runHistories(each);
  const sum = (of: (row: HistoriesRow) => number): number => rows.reduce((total, row) => total + of(row), 0);
  const violations = rows.flatMap((row) => row.violations.map((wrong) => `${row.kind}, ${wrong}`));
  const cells = [
    ["histories of", "histories", "scans", "told", "overdue", "too early or too late"],
    ...rows.map((row) =>
      [row.kind, row.histories, row.scans, row.told, row.overdue, row.violations.length].map(String),
    ),
    [
      "all",
      ...[
        sum((row) => row.histories),
        sum((row) => row.scans),
        sum((row) => row.told),
        sum((row) => row.overdue),
        violations.length,
      ].map(String),
    ],
  ];
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(...cells.map((row) => (row[column] ?? "").length)),
  );
  const lines = cells.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  "),
  );
  return { rows, lines, violations };
}
