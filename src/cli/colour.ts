/** What `--color` may be. */
export const colourModes = ["auto", "always", "never"] as const;

export type ColourMode = (typeof colourModes)[number];

/**
 * Whether to write colour. `auto`: FORCE_COLOR decides where it is set, then NO_COLOR (no-color.org: any value but
 * none), then whether there is a terminal that can show it.
 */
export function wantsColour(
  mode: ColourMode,
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  if (mode !== "auto") return mode === "always";
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined && forced !== "") return forced !== "0" && forced !== "false";
  if (env["NO_COLOR"] !== undefined && env["NO_COLOR"] !== "") return false;
  return isTerminal && env["TERM"] !== "dumb";
}
