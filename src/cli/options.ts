import { type Command, InvalidArgumentError, Option } from "commander";
import { parseDuration } from "../config/duration.ts";
import type { EqualitySetting } from "../core/model/finding.ts";
import { type ColourMode, colourModes } from "./colour.ts";
import { addOutput, type OutputRequest } from "./outputs.ts";

/** The flags that every command has. */
export interface CommonFlags {
  readonly output: readonly OutputRequest[];
  readonly color: ColourMode;
  readonly equality?: EqualitySetting;
  readonly width?: number;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

const noOutputs: readonly OutputRequest[] = [];

/** Adds the flags that every command has. */
export function addCommonOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--equality <setting>", "how far equality goes (see below)").choices([
        "strict",
        "istio",
        "envoy",
      ]),
    )
    .addOption(
      new Option("-o, --output <format>", "text or json, into a file with json=drift.json; may be repeated")
        .argParser(addOutput)
        .default(noOutputs, "text"),
    )
    .addOption(
      new Option("--color <when>", "colour (auto: on a terminal; NO_COLOR and FORCE_COLOR count)")
        .choices([...colourModes])
        .default("auto"),
    )
    .option("--width <columns>", "width of the text report (default: the terminal's, else 100)", parseWidth)
    .option("-q, --quiet", "no progress and no warnings")
    .option("-v, --verbose", "list every note and rule; errors with their stack");
}

/** What `--equality` means, for the end of a command's help. */
export const equalityHelp = `Equality:
  strict  only what Istio decodes to the same object
  istio   also what gives the same Envoy configuration (default)
  envoy   also what is the same by Envoy's defaults
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
  return new Option(flags, description).argParser(addNames).default([], none);
}

/** Adds the names of one value, separated by commas, to those before. */
function addNames(value: string, previous: readonly string[]): readonly string[] {
  const names = value.split(",").map((name) => name.trim());
  if (names.includes("")) throw new InvalidArgumentError("expected names, separated by commas");
  return [...previous, ...names.filter((name) => !previous.includes(name))];
}

/** The milliseconds of a duration. */
export function parseDurationFlag(value: string): number {
  const milliseconds = parseDuration(value);
  if (milliseconds === undefined)
    throw new InvalidArgumentError("expected a duration such as 24h, 10m or 90s");
  return milliseconds;
}

function parseWidth(value: string): number {
  const width = /^\d{1,4}$/.test(value) ? Number(value) : 0;
  if (width < 40) throw new InvalidArgumentError("expected a number of columns, 40 at least");
  return width;
}
