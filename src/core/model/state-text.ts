import { sha256 } from "./digest.ts";
import { type State, stateVersion } from "./state.ts";
import { isState } from "./state-schema.ts";

/** What the text of a state came to. */
export type StateText =
  | { readonly type: "state"; readonly state: State }
  /** Written by a version of this tool that knows more. */
  | { readonly type: "newer"; readonly version: number }
  | { readonly type: "damaged"; readonly reason: string };

const begin = /^\{"mesh-drift":"state","version":(\d{1,9}),/;
const head = /^\{"mesh-drift":"state","version":1,"checksum":"([0-9a-f]{64})","state":/;
const end = "}\n";

/**
 * A state as JSON, with its version and a checksum over all of it. The checksum tells damage; whoever may write the file
 * may make one, too.
 */
export function writeStateText(state: State): string {
  const content = JSON.stringify(state);
  return `{"mesh-drift":"state","version":${String(stateVersion)},"checksum":"${checksum(content)}","state":${content}${end}`;
}

function checksum(content: string): string {
  return sha256(`${String(stateVersion)}\n${content}`);
}

/** Reads what writeStateText wrote. Anything else, by one byte, is damaged; nothing of it is used. */
export function readStateText(text: string): StateText {
  const version = Number(begin.exec(text)?.[1] ?? 0);
  // How a newer version writes the rest, nobody knows here.
  if (version > stateVersion) return { type: "newer", version };
  const [start, expected] = head.exec(text) ?? [];
  if (start === undefined) return damaged("it does not begin like one");
  if (!text.endsWith(end)) return damaged("its end is missing");
  const content = text.slice(start.length, -end.length);
  if (checksum(content) !== expected) return damaged("its checksum is wrong");
  const value = parse(content);
  return isState(value) ? { type: "state", state: value } : damaged("it holds something else");
}

function parse(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function damaged(reason: string): StateText {
  return { type: "damaged", reason };
}
