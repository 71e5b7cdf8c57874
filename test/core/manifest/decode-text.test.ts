import { describe, expect, it } from "vitest";
import { decodeText } from "../../../src/core/manifest/decode-text.ts";

describe("decodeText", () => {
  it("decodes UTF-8 and drops its byte order mark", () => {
    expect(decodeText(Buffer.from("\uFEFFgrößer 世界 😀"))).toStrictEqual({
      type: "text",
      text: "größer 世界 😀",
    });
    expect(decodeText(Buffer.from(""))).toStrictEqual({ type: "text", text: "" });
  });

  it.for([
    ["UTF-16 of PowerShell", Buffer.from("\uFEFFkind: a", "utf16le"), "it is UTF-16, not UTF-8"],
    [
      "UTF-16 the other way round",
      Buffer.from("\uFEFFkind: a", "utf16le").swap16(),
      "it is UTF-16, not UTF-8",
    ],
    ["UTF-16 without a mark", Buffer.from("kind: a", "utf16le"), "it is UTF-16, not UTF-8"],
    ["a wrong byte", Buffer.from([0x61, 0x80]), "it is not text in UTF-8"],
    ["a cut character", Buffer.from("😀").subarray(0, 3), "it is not text in UTF-8"],
    ["half of a pair", Buffer.from([0xed, 0xa0, 0x80]), "it is not text in UTF-8"],
  ] as const)("refuses %s", ([, bytes, reason]) => {
    expect(decodeText(bytes)).toMatchObject({
      type: "refused",
      problem: { code: "MANIFEST_ENCODING", reason },
    });
  });
});
