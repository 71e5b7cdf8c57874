import type { Edit } from "./edit.ts";

/** Places of both objects at which live is not as the controller wants it. */
export interface Wrong {
  /** RFC 6901 */
  readonly live: readonly string[];
  /** The same places where Git has them. */
  readonly desired: readonly string[];
  readonly expected: string;
  readonly found: string;
}

/** What it takes to make live as it would be without the controller, as far as it is in step; and what is not. */
export interface Undo {
  /** On the live object. */
  readonly edits: readonly Edit[];
  readonly wrong: readonly Wrong[];
  /** What the controller wants where it is in step. */
  readonly says: readonly string[];
}

export const nothingToUndo: Undo = { edits: [], wrong: [], says: [] };

/** Several together. */
export function joinUndos(undos: readonly Undo[]): Undo {
  return {
    edits: undos.flatMap(({ edits }) => edits),
    wrong: undos.flatMap(({ wrong }) => wrong),
    says: [...new Set(undos.flatMap(({ says }) => says))],
  };
}
