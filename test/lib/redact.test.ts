import { describe, expect, it } from "vitest";

import { redact, redactPasswords } from "../../src/lib/redact.ts";

const secret = "hunter2";

describe("redact", () => {
  it.for([
    [`fatal: https://ada:${secret}@example.com/x: no`, "fatal: https://***@example.com/x: no"],
    [
      `proxy http://${secret}@proxy:3128, https://a.example/b`,
      "proxy http://***@proxy:3128, https://a.example/b",
    ],
    [`ssh: https:/ada:${secret}@example.com: no`, "ssh: https:/***@example.com: no"],
    [`no ssh://git:p@${secret}@example.com/x`, "no ssh://***@example.com/x"],
    [`git@example.com:${secret}@acme/base.git`, "***@acme/base.git"],
    [`git%3A${secret}@example.com:acme/base.git`, "***@example.com:acme/base.git"],
    ["no git@example.com:shop, 12:00 ada@example.com", "no git@example.com:shop, 12:00 ada@example.com"],
    [
      "mail ada@example.com about https://example.com/a@b",
      "mail ada@example.com about https://example.com/a@b",
    ],
  ])("turns %s into %s", ([text, shown]) => {
    expect(redact(text ?? "")).toBe(shown);
  });
});

describe("redactPasswords", () => {
  it.for([
    [`ssh://git:${secret}@example.com/x`, "ssh://***@example.com/x"],
    [`ssh://git:p@${secret}@example.com/x`, "ssh://***@example.com/x"],
    ["ssh://git@example.com:22/a@b", "ssh://git@example.com:22/a@b"],
    ["git@example.com:acme/base.git", "git@example.com:acme/base.git"],
  ])("turns %s into %s", ([text, shown]) => {
    expect(redactPasswords(text ?? "")).toBe(shown);
  });
});
