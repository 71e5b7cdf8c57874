import http from "node:http";
import { describe, expect, it } from "vitest";
import { createApiReader } from "../../../src/adapters/kubernetes/api-reader.ts";
import { hideSent } from "../../../src/adapters/kubernetes/sent-secrets.ts";
import {
  type Answer,
  connectionTo,
  credentialsFor,
  generous,
  sendJson,
  startApiServer,
  testTiming,
} from "./api-server.ts";

// Of no shape that a token usually has.
const canary = "canary+one";

function sent(authorization: string) {
  return { agent: new http.Agent(), headers: { Authorization: authorization } };
}

it.for<readonly [name: string, authorization: string, text: string, shown: string]>([
  ["a header", `Bearer ${canary}`, `we got Bearer ${canary} of you`, "we got *** of you"],
  ["a token", `Bearer ${canary}`, `"${canary}" is of nobody, nor ${canary}.`, '"***" is of nobody, nor ***.'],
  [
    "a password",
    "Basic amFuZTpoMHJzZQ==",
    "h0rse is wrong, and amFuZTpoMHJzZQ==, too",
    "*** is wrong, and ***, too",
  ],
  ["another token", `Bearer ${canary}`, "who is Bearer abcdefgh.ijk?", "who is Bearer ***?"],
  ["no letters of words", "Bearer t", "the token t is not known", "the token t is not known"],
  ["nothing", `Bearer ${canary}`, "the bearer is not known", "the bearer is not known"],
])("hides $0 in what a server says", ([, authorization, text, shown]) => {
  expect(hideSent(text, sent(authorization))).toBe(shown);
});

it("hides a token also where it reaches over the part that is shown", () => {
  const text = `${"x ".repeat(4_998)}${canary}`;
  expect(hideSent(text, sent(`Bearer ${canary}`))).not.toContain("canary");
});

it("takes requests without a proof", () => {
  expect(hideSent("no", { agent: new http.Agent(), headers: {} })).toBe("no");
});

describe("a server that quotes the request", () => {
  it.for<readonly [name: string, answer: Answer]>([
    [
      "in a message",
      ({ headers }, response) => {
        sendJson(response, { kind: "Status", message: `bad headers: ${JSON.stringify(headers)}` }, 400);
      },
    ],
    [
      "in a long message",
      ({ headers }, response) => {
        sendJson(response, { message: `${"x".repeat(270)} ${headers.authorization ?? ""}` }, 403);
      },
    ],
    [
      "in the type of its answer",
      ({ headers }, response) => {
        response.writeHead(200, { "content-type": `text/html; of="${headers.authorization ?? ""}"` }).end();
      },
    ],
  ])("is told without what it was sent, $0", async ([, answer]) => {
    const server = await startApiServer(answer);
    const connection = {
      ...connectionTo(server),
      credentials: () => Promise.resolve(credentialsFor(server, canary)),
    };
    const read = createApiReader(connection, generous, testTiming(), new AbortController().signal);
    const end = await read({ path: "/apis", accept: "application/json" }, () => 180_000);
    expect(end).toMatchObject({ type: "failed" });
    expect(JSON.stringify(end)).not.toContain("canary");
  });
});
