import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { describe, expect, it } from "vitest";
import { askOnce } from "./ask-once.ts";
import { startTlsServer, type TlsFault } from "./tls-server.ts";

describe("a server that no request may reach", () => {
  it.for<readonly [TlsFault, RegExp]>([
    ["refused", /^ECONNREFUSED$/],
    ["wrong-ca", /^DEPTH_ZERO_SELF_SIGNED_CERT$/],
    ["wrong-name", /^ERR_TLS_CERT_ALTNAME_INVALID$/],
    ["expired", /^CERT_HAS_EXPIRED$/],
  ])("fails a client that checks: %s", async ([fault, code]) => {
    const broken = await startTlsServer(fault);
    const strict = new Agent({ ca: readFileSync(broken.caFile) });
    try {
      const outcome = await askOnce(`${broken.server}/version`, strict);
      expect(outcome.error).toMatch(code);
      expect(broken.requests()).toBe(0);
    } finally {
      strict.destroy();
      await broken.stop();
    }
  });

  it("counts the requests of a client that does not check", async () => {
    const broken = await startTlsServer("expired");
    const careless = new Agent({ rejectUnauthorized: false });
    try {
      expect(await askOnce(`${broken.server}/version`, careless)).toMatchObject({
        status: 200,
      });
      expect(broken.requests()).toBe(1);
    } finally {
      careless.destroy();
      await broken.stop();
    }
  });
});
