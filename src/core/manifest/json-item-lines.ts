import { endOfString } from "./json-scan.ts";

/** Where the walk over a JSON text is. */
interface Walk {
  depth: number;
  line: number;
  /** Whether the last string at the top level was the key "items". */
  isItemsKey: boolean;
  /** Whether the walk is inside the top-level `items` list. */
  isInItems: boolean;
  /** Whether the next character that is not space starts an item. */
  isBeforeItem: boolean;
}

const lineFeed = 0x0a;
const quote = 0x22;
const comma = 0x2c;
const closeBracket = 0x5d;

/** The lines, counted from 1, of the items of the top-level `items` list of a valid JSON object. */
export function findItemLines(text: string): readonly number[] {
  const lines: number[] = [];
  const walk: Walk = { depth: 0, line: 1, isItemsKey: false, isInItems: false, isBeforeItem: false };
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === lineFeed) walk.line++;
    if (unit <= 0x20) continue;
    if (walk.isBeforeItem && unit !== closeBracket) lines.push(walk.line);
    walk.isBeforeItem = false;
    if (unit === quote) {
      const end = endOfString(text, i);
      if (walk.depth === 1) walk.isItemsKey = text.slice(i, end + 1) === '"items"';
      i = end;
    } else {
      step(walk, unit);
    }
  }
  return lines;
}

function step(walk: Walk, unit: number): void {
  // `[` and `{`, `]` and `}` differ in one bit only.
  const bracket = unit | 0x20;
  if (bracket === 0x7b) {
    walk.depth++;
    if (walk.depth === 2) walk.isInItems = walk.isItemsKey && unit !== bracket;
  } else if (bracket === 0x7d) {
    walk.depth--;
  } else if (unit !== comma) {
    return;
  }
  walk.isBeforeItem = walk.isInItems && walk.depth === 2 && bracket !== 0x7d;
}
