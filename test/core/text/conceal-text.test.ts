import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concealName, concealText, holdsSecret } from "../../../src/core/text/conceal-text.ts";

const random = "kJ8s7Qz2Lw9XvB4nT1yR";
const sha = "4f2c91e0b1a24f2c91e0b1a24f2c91e0b1a2abcd";

describe("concealText", () => {
  it.for([
    ["token=abcdef", "‹hidden›"],
    ["set password: hunter2 for now", "set ‹hidden›"],
    ["password: correct horse battery staple", "‹hidden›"],
    ["call it with Bearer abc123def, please", "call it with ‹hidden› please"],
    ["see https://ann:hunter2@git.example.com/a, and ask", "see https‹hidden› and ask"],
    ["see https://ann%3Ahunter2@git.example.com/a", "see https‹hidden›"],
    ["GET /login?access_token%3Dabcdef&next=1 failed", "GET /login?access_‹hidden› failed"],
    ["ghp_16C7e42F292c6912E7710c838347Ae178B4a was used", "‹hidden› was used"],
    ["sk-proj-4fKq8s7Qz2Lw9XvB4nT1 again", "‹hidden› again"],
    [`the key ${random} is old`, "the key ‹hidden› is old"],
    ["key 9e107d9d372bb6826bd81d3542a419d6", "key ‹hidden›"],
    ["-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc", "‹hidden›"],
    ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "‹hidden›"],
    [`token=a1b2c3${random} secret=xyz`, "‹hidden› ‹hidden›"],
    ["token: hunter2", "‹hidden›"],
    ["token: swordfish", "‹hidden›"],
    ["Basic dXNlcjpwYXNz", "‹hidden›"],
  ] as const)("hides the credential of %j", ([text, shown]) => {
    expect(concealText(text)).toBe(shown);
    expect(holdsSecret(text)).toBe(true);
  });

  it.for([
    "",
    "Storefront: browsers may keep preflights for a day",
    "token: rotate the signing keys",
    "secrets: move to the vault (OPS-4821)",
    "Switch to basic authentication",
    "Send Bearer tokens, and Basic authentication no more",
    "Bearer authentication.",
    "fix(auth): api key: Read it from a file",
    "The secret is rotated; the password will follow",
    "kubectl-client-side-apply",
    "argocd-application-controller",
    "terraform-provider-kubernetes_v2.23.0_x5",
    "OpenAPI-Generator",
    "system:serviceaccount:flux-system:kustomize-controller",
    "system:masters",
    "ann.longname1984@example.com",
    "49699333+dependabot[bot]",
    "49699333+dependabot[bot]@users.noreply.github.com",
    "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_AdministratorAccess_0123456789abcdef/ann",
    "https://accounts.google.com#117812345678901234567",
    "@shop/platform @shop/security",
    "Zoë Ångström-Müller",
    "INC-4821",
    "https://acme.atlassian.net/browse/INCIDENT-4821?focusedCommentId=100231",
    "https://acme.slack.com/archives/C024BE91L/p1512085950000216",
    "https://tickets.example.com/browse/INCIDENT-4821",
    `https://github.com/acme/mesh/commit/${sha}`,
    `Revert "Raise the timeout", as ${sha} broke it`,
    sha.slice(0, 7),
    `ghcr.io/a/b@sha256:${"9f86d081".repeat(8)}`,
    "0f0f3c2a-1234-4321-8888-123456789abc",
    "feature/ABC-1234-upgrade-To-Istio-1.30",
    "renovate/docker-node-20.x-a1b2c3d4e5",
    "networking.istio.io/v1/VirtualService/shop/reviews-v2",
    "spec.http[name=primary].route[subset=v2].weight",
    "components/resilience/kustomization.yaml:19:9",
    "/tmp/drift-judging-aB3x9Z/demo/live/prod-eu1",
    "sk-learn-model-serving-production",
    "2026-11-20T21:02:11Z",
    "envoy.filters.network.http_connection_manager",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "outbound|9080|v1|reviews.shop.svc.cluster.local",
    "spiffe://cluster.local/ns/shop/sa/reviews",
  ])("shows %j as it is", (text) => {
    expect(concealText(text, "key")).toBe(text);
    expect(concealName(text, "key")).toBe(text);
    expect(holdsSecret(text)).toBe(false);
  });

  it("tells equal secrets by equal fingerprints, and others by others", () => {
    const shown = concealText(`token=abcdef and token=abcdef and ${random}`, "key");
    const marks = shown.match(/‹hidden [\da-f]{12}›/g) ?? [];
    expect(marks).toHaveLength(3);
    expect(marks[0]).toBe(marks[1]);
    expect(marks[1]).not.toBe(marks[2]);
    expect(concealText("token=abcdef", "other")).not.toBe(marks[0]);
  });

  it("hides wherever a credential stands, and never twice", () => {
    const word = fc.stringMatching(/^[a-z]{1,8}$/);
    const secret = fc.constantFrom(`token=${random}`, `Bearer ${random}`, random, `https://u:${random}@h`);
    fc.assert(
      fc.property(fc.array(word), secret, fc.array(word), (before, credential, after) => {
        const text = [...before, credential, ...after].join(" ");
        const shown = concealText(text, "key");
        for (let at = 0; at + 8 <= random.length; at++) expect(shown).not.toContain(random.slice(at, at + 8));
        expect(concealText(shown, "key")).toBe(shown);
        expect(shown.split(" ").slice(-after.length || Infinity)).toEqual(after);
      }),
    );
  });

  it("takes linear time", () => {
    for (const part of ["a-", "token=", "://a:", "Bearer ", "eyJaaaaaa.", "aB3", "password ", "-u a"]) {
      const started = performance.now();
      concealText(part.repeat(40_000 / part.length), "key");
      expect(performance.now() - started).toBeLessThan(1000);
    }
  });
});

it("concealName leaves what only looks drawn at random", () => {
  expect(concealName(`base/${random}.yaml`)).toBe(`base/${random}.yaml`);
  expect(concealName("base/token=abcdef.yaml")).toBe("base/‹hidden›");
});
