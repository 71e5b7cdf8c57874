import { type Command, Option } from "commander";
import { didYouMean } from "../core/model/closest.ts";
import { durationExpected, parseDurationMs } from "../config/duration.ts";
import type { EqualitySetting } from "../core/model/finding.ts";
import { DriftError } from "../lib/errors.ts";
import { type ColourMode, colourModes } from "./colour.ts";
import { addOutput, type OutputRequest } from "./outputs.ts";
import { usageError } from "./usage-error.ts";

/** How a text on standard output is to look. */
export interface LookFlags {
  readonly color: ColourMode;
  readonly width?: number;
}

/** The flags of every command that compares. */
export interface CommonFlags extends LookFlags {
  readonly output: readonly OutputRequest[];
  readonly equality?: EqualitySetting;
  readonly showEqual?: boolean;
  readonly showHidden?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

const equalitySettings: readonly EqualitySetting[] = ["strict", "istio", "envoy"];

const noOutputs: readonly OutputRequest[] = [];

/** Adds the flags of every command that compares. */
export function addCommonOptions(command: Command): Command {
  command
    .addOption(choiceOption("--equality <setting>", "how far equality goes (see below)", equalitySettings))
    .option("--show-equal", "list what was treated as equal: both spellings, and the rules")
    .addOption(
      new Option(
        "-o, --output <format>",
        "text, wide or json, into a file with json=drift.json; may be repeated",
      )
        .argParser(addOutput)
        .default(noOutputs, "text"),
    );
  return addLookOptions(command)
    .option("-q, --quiet", "no progress and no warnings")
    .option("-v, --verbose", "list every note, and why each rule holds; errors with their stack");
}

/** Adds the flags that say how a text is to look. */
export function addLookOptions(command: Command): Command {
  return command
    .addOption(
      choiceOption(
        "--color <when>",
        "colour (auto: on a terminal; NO_COLOR and FORCE_COLOR count)",
        colourModes,
      ).default("auto"),
    )
    .addOption(new Option("--no-color", "the same as --color never").preset("never"))
    .option("--width <columns>", "width of the text report (default: the terminal's, else 100)", parseWidth);
}

/** What `--equality` means, for the end of a command's help. */
export const equalityHelp = `Equality:
  strict  only what Istio decodes to the same object (E1)
  istio   also what gives the same Envoy configuration (E2, CTX; the default)
  envoy   also what is the same by Envoy's defaults (E3)
`;

/** What the exit codes mean, for the end of a command's help. */
export const exitCodeHelp = `Exit codes:
  0  in sync
  1  drift
  2  something was not compared, or the run failed (wins over 1)
  3  usage or configuration error
`;

/** Commands with what they do, for the end of a command's help. */
export function examplesHelp(examples: readonly (readonly [command: string, meaning: string])[]): string {
  const width = Math.max(...examples.map(([command]) => command.length));
  return `Examples:\n${examples.map(([command, meaning]) => `  ${command.padEnd(width)}  ${meaning}\n`).join("")}`;
}

/** A flag that takes names, separated by commas and repeated. `none` tells what none of them means. */
export function namesOption(flags: string, description: string, none: string): Option {
  const option = new Option(flags, description);
  return option.argParser(namesParser(`--${option.name()}`)).default([], none);
}

/** Adds the names of one value, separated by commas, to those before. */
function namesParser(flag: string): (value: string, previous: readonly string[]) => readonly string[] {
  return (value, previous) => {
    const names = value.split(",").map((name) => name.trim());
    if (names.includes("")) throw usageError(flag, value, "expected names, separated by commas");
    return [...new Set([...previous, ...names])];
  };
}

/** A flag that takes one of a few words. */
function choiceOption(flags: string, description: string, choices: readonly string[]): Option {
  const option = new Option(flags, description).choices([...choices]);
  return option.argParser((value) => {
    if (choices.includes(value)) return value;
    const expected = `expected one of ${choices.join(", ")}${didYouMean(value, choices)}`;
    throw usageError(`--${option.name()}`, value, expected);
  });
}

/**
 * The word that a flag for the live side is given. Throws USAGE for "": a script whose variable is not set would
 * compare with whatever is the current context, and say so nowhere.
 */
export function liveParser(flag: string, expected: string): (value: string) => string {
  return (value) => {
    if (value !== "") return value;
    throw new DriftError("USAGE", `${flag} "": expected ${expected}`, {
      hint: "A variable that should hold it may not be set; without the flag the configuration says it.",
    });
  };
}

/** The milliseconds of the duration that a flag is given. Throws USAGE for anything else. */
export function durationParser(flag: string): (value: string) => number {
  return (value) => {
    const milliseconds = parseDurationMs(value);
    if (milliseconds === undefined) throw usageError(flag, value, durationExpected);
    return milliseconds;
  };
}

/**
 * As `durationParser`; a number alone is seconds, as with kubectl, and 0 leaves drift its own limits. Source: client-go,
 * ParseTimeout.
 */
export function timeoutParser(flag: string): (value: string) => number {
  const parse = durationParser(flag);
  return (value) => (/^\d{1,9}$/.test(value) ? Number(value) * 1000 : parse(value));
}

function parseWidth(value: string): number {
  const width = /^\d{1,4}$/.test(value) ? Number(value) : 0;
  if (width < 40) throw usageError("--width", value, "expected a number of columns, 40 at least");
  return width;
}
