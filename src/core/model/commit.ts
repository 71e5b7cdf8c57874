/** Somebody's commit, as Git tells it. `date` is ISO 8601 (author date). */
export interface Commit {
  readonly sha: string;
  readonly author: string;
  readonly date: string;
  readonly subject: string;
}
