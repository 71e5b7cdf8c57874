/** What a terminal obeys, and what nobody sees: escape sequences, controls, direction marks, line separators. */
const unprintable =
  // eslint-disable-next-line no-control-regex -- to be removed
  /\u001b\[[\d;?]*[A-Za-z]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Text of another program, lines kept: without what steers a terminal or is not seen. */
export function withoutControls(text: string): string {
  return text.replaceAll(/\r\n?/g, "\n").replaceAll("\t", " ").replaceAll(unprintable, "");
}

/** Text of another program for a message: on one line, without control characters, of at most so many characters. */
export function printable(text: string, maxChars = 200): string {
  const clean = withoutControls(text)
    .replaceAll(/[ \n]+/g, " ")
    .trim();
  return clean.length <= maxChars ? clean : `${clean.slice(0, maxChars)}...`;
}
