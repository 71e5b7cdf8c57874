/** What every part of the adapter needs to know. */
export interface GitSettings {
  readonly cacheFolder: string;
  /** For each command; for a fetch, how long it may show no progress. */
  readonly timeoutMs: number;
  /** For a whole fetch, and for waiting on another process that fetches the same repository. */
  readonly fetchTimeoutMs: number;
  /** What a mirror may take on disk. */
  readonly maxRepositoryBytes: number;
  readonly maxBlobBytes: number;
  /** The environment that drift runs in; little of it reaches Git. */
  readonly parentEnv: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  /** What Git says while it fetches: "Receiving objects:  42% (1234/2938)". */
  readonly onProgress: (line: string) => void;
  /** Something that a person should know but that stops nothing. */
  readonly onWarning: (message: string) => void;
}
