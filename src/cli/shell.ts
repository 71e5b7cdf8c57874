/** A stream for people or programs to read from. */
export interface Output {
  /** Settles once the text was handed over. A reader that went away is no error; anything else rejects. */
  readonly write: (text: string) => Promise<void>;
  readonly isTerminal: boolean;
  /** The width of the terminal. */
  readonly columns?: number | undefined;
}

/** What a command sees of the world around it: injected, so that tests need no process. */
export interface Shell {
  /** What it was called by, as the user would type it: "drift" or "kubectl mesh-drift". */
  readonly name: string;
  /** Without node and the script. */
  readonly argv: readonly string[];
  /** The version of this package. */
  readonly version: string;
  /** Asking throws USAGE where the folder is gone. */
  readonly cwd: string;
  /** Asking throws USAGE where the user has none. */
  readonly homeFolder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The report. */
  readonly stdout: Output;
  /** Errors, warnings and progress. */
  readonly stderr: Output;
  readonly now: () => Date;
  /** Fires when the user or the system asks for the end. */
  readonly signal: AbortSignal;
}
