import { expect, it } from "vitest";
import { printable, withoutControls } from "../../src/lib/printable.ts";

it.for([
  ["colours", "\u001b[31;1mred\u001b[0m", "red"],
  ["a title for the terminal", "\u001b]0;gone\u0007seen", "seen"],
  ["a link, ended by ST", "\u001b]8;;https://x\u001b\\seen", "seen"],
  ["a bell, a null and C1 controls", "a\u0007b\u0000c\u009bd", "abcd"],
  ["marks that turn the direction of text", "a\u202eb\u2066c", "abc"],
  ["separators of lines that no terminal shows", "a\u2028b\u2029c", "abc"],
  ["an escape that leads nowhere", "a\u001bb", "ab"],
] as const)("takes out %s", ([, text, shown]) => {
  expect(withoutControls(text)).toBe(shown);
  expect(printable(text)).toBe(shown);
});

it("keeps lines, or makes one of them", () => {
  const text = " one\r\ntwo\tthree\rfour\n\n";
  expect(withoutControls(text)).toBe(" one\ntwo three\nfour\n\n");
  expect(printable(text)).toBe("one two three four");
});

it("cuts what is too long, and says so", () => {
  expect(printable("a".repeat(200))).toBe("a".repeat(200));
  expect(printable("a".repeat(201))).toBe(`${"a".repeat(200)}...`);
  expect(printable("abcd", 3)).toBe("abc...");
});
