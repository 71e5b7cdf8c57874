import pc from "picocolors";

/** How a text report is to look. */
export interface TextOptions {
  readonly colour: boolean;
  /** Columns of the terminal, or what to assume where there is none. At least 40. */
  readonly width: number;
  /** Decides what "3 h ago" means. */
  readonly now: Date;
  /** Lists every note and every rule of equality instead of counting them. */
  readonly details: boolean;
  /** Says of every single change who wrote it, where Git has it, and since when; else changes with the same words share them. */
  readonly wide: boolean;
  /** Lists what rules and exemptions hide. */
  readonly hidden?: boolean;
  /** The command that tells more: "drift scan -c drift.yaml -o json". */
  readonly next: string;
  /** The command that a target and a key have to follow: "drift explain -c drift.yaml". Absent where there is none. */
  readonly explain?: string;
}

/** A colour is a second channel only: every line says the same without it. */
export type Paint = (text: string) => string;

/** What every part of a report needs. */
export interface Page {
  readonly width: number;
  readonly now: Date;
  readonly details: boolean;
  readonly wide: boolean;
  readonly hidden: boolean;
  readonly explain?: string;
  readonly paint: {
    /** Fails the run: red. */
    readonly failing: Paint;
    /** Not compared, or to be taken with care: yellow. */
    readonly doubtful: Paint;
    /** Field paths: cyan. */
    readonly path: Paint;
    /** Context. */
    readonly dim: Paint;
    /** In sync: green. */
    readonly clean: Paint;
    /** Names that a reader looks for. */
    readonly strong: Paint;
  };
}

/** Narrower reports would be columns of single words. */
const minWidth = 40;

/** The page that the options ask for. */
export function openPage(options: TextOptions): Page {
  // createColors(true) asks neither the terminal nor the environment: whoever gives the options has done so.
  const { red, yellow, cyan, dim, green, bold } = pc.createColors(options.colour);
  return {
    width: Math.max(minWidth, options.width),
    now: options.now,
    details: options.details,
    wide: options.wide,
    hidden: options.hidden === true,
    ...(options.explain !== undefined && { explain: options.explain }),
    paint: { failing: red, doubtful: yellow, path: cyan, dim, clean: green, strong: bold },
  };
}
