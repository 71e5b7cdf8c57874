/** Thrown where a text leaves the plain block style; the caller then takes the full parser. Never leaves this room. */
export class NotPlain extends Error {}

/**
 * Walks over the lines of a text that have content: blank lines and lines with only a comment are stepped over. Starts
 * before the first line.
 * `indent` is the column of the content; after a `-` it is the column of what follows on the same line.
 */
export class PlainLines {
  readonly text: string;
  /** The line number of the content, counted from 1. */
  line = 0;
  indent = 0;
  /** The start of the line, of its content, and the end of its content without trailing spaces. */
  lineStart = 0;
  start = 0;
  end = 0;
  isDone = false;
  private next = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** The content of the line from `start` on. */
  get content(): string {
    return this.text.slice(this.start, this.end);
  }

  /** Whether the content is a list item: `-` alone or before a space. */
  get isItem(): boolean {
    if (this.text.charCodeAt(this.start) !== 0x2d) return false;
    return this.start + 1 === this.end || this.text.charCodeAt(this.start + 1) === 0x20;
  }

  /** Goes to the next line with content. */
  advance(): void {
    this.settle(this.stepLine());
  }

  /** Makes the current line, or the first one after it that has any, the content; `hasLine` false is the end. */
  settle(hasLine: boolean): void {
    let isLine = hasLine;
    while (isLine && this.isVoid) isLine = this.stepLine();
    // A tab may not indent; what it means elsewhere is for the full parser.
    if (isLine && this.text.charCodeAt(this.start) === 0x09) throw new NotPlain();
    // The end of a document, and whatever follows it on the line.
    if (isLine && this.text.startsWith("...", this.lineStart)) throw new NotPlain();
    this.isDone = !isLine;
    if (this.isDone) this.indent = -1;
  }

  get isBlank(): boolean {
    return this.start === this.end;
  }

  get isComment(): boolean {
    return !this.isBlank && this.text.charCodeAt(this.start) === 0x23;
  }

  /** Whether the line, or what is left of it, is blank or only a comment. */
  get isVoid(): boolean {
    return this.isBlank || this.isComment;
  }

  /** Moves the content to the first character at or after `position` on the same line that is no space. */
  skipTo(position: number): void {
    let start = position;
    while (start < this.end && this.text.charCodeAt(start) === 0x20) start++;
    this.indent += start - this.start;
    this.start = start;
  }

  /**
   * Takes the block of the list item at `column` that starts with the line at `lineStart`, without its `-`, and moves
   * behind it: up to the next line with content that is not deeper than the `-`, as YAML wants it.
   */
  takeBlock(lineStart: number, line: number, column: number): string {
    this.next = lineStart;
    this.line = line - 1;
    this.stepLine();
    let isLine = this.stepLine();
    while (isLine && (this.isVoid || this.indent > column)) isLine = this.stepLine();
    const end = isLine ? this.lineStart : this.text.length;
    this.settle(isLine);
    return " ".repeat(column + 1) + this.text.slice(lineStart + column + 1, end);
  }

  /** Goes to the very next line, whatever is on it. False at the end of the text. */
  stepLine(): boolean {
    if (this.next >= this.text.length) return false;
    this.lineStart = this.next;
    this.line++;
    const lineBreak = this.text.indexOf("\n", this.lineStart);
    let end = lineBreak < 0 ? this.text.length : lineBreak;
    this.next = end + 1;
    let start = this.lineStart;
    while (this.text.charCodeAt(start) === 0x20) start++;
    while (end > start && this.text.charCodeAt(end - 1) === 0x20) end--;
    this.start = start;
    this.end = end;
    this.indent = start - this.lineStart;
    return true;
  }

  /** The text of the line without its first `from` characters and without its line break; trailing spaces stay. */
  rawLine(from: number): string {
    return this.text.slice(this.lineStart + from, this.next - 1);
  }

  /** Whether the last line read has its line break. */
  get isWhole(): boolean {
    return this.next <= this.text.length;
  }
}
