/** A pattern of CODEOWNERS, ready to be asked about paths. */
export interface OwnerPattern {
  readonly matches: (path: string) => boolean;
}

/** A pattern, or why a text is none. */
export type CheckedOwnerPattern =
  | { readonly type: "pattern"; readonly pattern: OwnerPattern }
  | { readonly type: "refused"; readonly reason: string };

/**
 * Reads a pattern of CODEOWNERS. They are those of gitignore (`*` and `?` within a name, `**` for any folders, `/` at
 * the start for the root), where case counts, but for `!`, `[ ]` and a `\#` at the start. One without a slash but at its
 * end is for any folder. What a pattern names it names with everything in it, only one that ends in `/*` does not reach
 * into folders. `/` names nothing.
 * Sources: https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners,
 * GitHub's own errors ("both `[` and `]` must be escaped with a `\`", open-sauced/pizza-cli issue 100)
 */
export function readOwnerPattern(text: string): CheckedOwnerPattern {
  const reason = refusals.find(({ fits }) => fits(text))?.reason;
  if (reason !== undefined) return { type: "refused", reason };
  if (text === "/") return { type: "pattern", pattern: { matches: () => false } };
  const parts = text.split("/");
  const isFolder = parts.at(-1) === "";
  const names = isFolder ? parts.slice(0, -1) : parts;
  // A slash at the start makes an empty first name; one in the middle ties the pattern to the root as well.
  const isTied = names.length > 1;
  const own = (names[0] === "" ? names.slice(1) : names).map(readStep);
  const steps = isTied ? own : [anyFolders, ...own];
  const below = belowOf(names, isFolder);
  return { type: "pattern", pattern: { matches: (path) => fitsPath(steps, below, path.split("/")) } };
}

/** How many names may follow in a path behind those that a pattern names. */
type Below = "none" | "any" | "some";

function belowOf(names: readonly string[], isFolder: boolean): Below {
  const last = names.at(-1);
  // `**` stands for something in any case.
  if (isFolder) return last === "**" ? "any" : "some";
  return last === "*" && names.length > 1 ? "none" : "any";
}

const maxLength = 1000;

const refusals: readonly { readonly fits: (text: string) => boolean; readonly reason: string }[] = [
  { fits: (text) => text === "", reason: "it has no pattern" },
  {
    fits: (text) => text.length > maxLength,
    reason: `its pattern is longer than ${String(maxLength)} characters`,
  },
  { fits: (text) => text.startsWith("!"), reason: "a pattern cannot start with !" },
  { fits: (text) => text.startsWith("\\#"), reason: "a pattern cannot start with an escaped #" },
  { fits: (text) => text.includes("***"), reason: "*** has no meaning" },
  { fits: (text) => text.includes("//"), reason: "// has no meaning" },
  { fits: (text) => /[[\]]/.test(unescaped(text)), reason: "both [ and ] must be escaped with a backslash" },
  { fits: (text) => unescaped(text).endsWith("\\"), reason: "it ends with a backslash" },
];

function unescaped(text: string): string {
  return text.replaceAll(/\\./gsu, "x");
}

/** One name of a pattern: any number of folders, or the characters that a name must have. */
type PatternStep =
  { readonly type: "folders" } | { readonly type: "name"; readonly glyphs: readonly Glyph[] };

type Glyph =
  { readonly type: "many" } | { readonly type: "one" } | { readonly type: "this"; readonly text: string };

const anyFolders: PatternStep = { type: "folders" };

function readStep(text: string): PatternStep {
  if (text === "**") return anyFolders;
  const glyphs: Glyph[] = [];
  const characters = Array.from(text);
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? "";
    if (character === "*") {
      // Two in a name mean what one means.
      if (glyphs.at(-1)?.type !== "many") glyphs.push({ type: "many" });
    } else if (character === "?") glyphs.push({ type: "one" });
    else if (character === "\\") glyphs.push({ type: "this", text: characters[++at] ?? "" });
    else glyphs.push({ type: "this", text: character });
  }
  return { type: "name", glyphs };
}

/**
 * Whether the names of a path fit. Keeps the steps that may come next, name by name, so that no pattern takes more time
 * than the product of the two lengths.
 */
function fitsPath(steps: readonly PatternStep[], below: Below, names: readonly string[]): boolean {
  let open = passFolders(steps, new Set([0]));
  for (const name of names) {
    if (open.has(steps.length) && below !== "none") return true;
    const next = passName(steps, open, name);
    if (next.size === 0) return false;
    open = passFolders(steps, next);
  }
  return open.has(steps.length) && below !== "some";
}

function passName(steps: readonly PatternStep[], open: ReadonlySet<number>, name: string): Set<number> {
  const next = new Set<number>();
  for (const index of open) {
    const step = steps[index];
    if (step?.type === "folders") next.add(index).add(index + 1);
    if (step?.type === "name" && fitsName(step.glyphs, name)) next.add(index + 1);
  }
  return next;
}

/** With what comes behind folders that may be none: `**` stands for one thing or more only at the end. */
function passFolders(steps: readonly PatternStep[], open: Set<number>): Set<number> {
  // The walk goes on to what is added meanwhile.
  for (const index of open) {
    if (steps[index]?.type === "folders" && index < steps.length - 1) open.add(index + 1);
  }
  return open;
}

function fitsName(glyphs: readonly Glyph[], name: string): boolean {
  let open = new Set([0]);
  for (const character of name) {
    const next = new Set<number>();
    for (const index of skipMany(glyphs, open)) {
      const glyph = glyphs[index];
      if (glyph?.type === "many") next.add(index);
      else if (glyph?.type === "one" || glyph?.text === character) next.add(index + 1);
    }
    if (next.size === 0) return false;
    open = next;
  }
  return skipMany(glyphs, open).has(glyphs.length);
}

function skipMany(glyphs: readonly Glyph[], open: Set<number>): Set<number> {
  for (const index of open) if (glyphs[index]?.type === "many") open.add(index + 1);
  return open;
}
