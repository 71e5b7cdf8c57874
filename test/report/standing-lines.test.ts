import { expect, it } from "vitest";
import type { Exemption, Standing } from "../../src/core/model/standing.ts";
import { renderText } from "../../src/report/render-text.ts";
import { changed, keyOf, now, scanResult, target } from "./samples.ts";
import type { Change } from "../../src/core/model/finding.ts";

const exemption: Exemption = {
  reason: "the bank is slow",
  until: "2026-11-20T23:59:59Z",
  file: ".drift/exemptions.yaml",
  line: 3,
  hasEnded: false,
};

function render(changes: readonly Change[], standing?: Standing): string {
  const key = keyOf("shop/VirtualService/checkout");
  const finding = { type: "changed" as const, key, changes, ...(standing && { standing }) };
  const result = scanResult([target("prod-eu1", { verdict: "drifted", findings: [finding] })]);
  return renderText(result, { colour: false, width: 200, now, details: false, wide: false, next: "" });
}

const timeout = changed("spec.http[name=pay].timeout", "5s", "30s");
const attempts = changed("spec.http[name=pay].retries.attempts", 3, 0);

it("marks a change whose exemption has ended", () => {
  const text = render([{ ...timeout, exemption: { ...exemption, hasEnded: true } }]);
  expect(text).toContain("note  exemption ended 2026-11-20 23:59 UTC: the bank is slow");
});

it("says why an exemption does not count", () => {
  const text = render([{ ...timeout, exemption: { ...exemption, refused: "it weakens security" } }]);
  expect(text).toMatch(/note {2}exemption does not count, it weakens security: the bank is slow/);
});

it("tells an exemption of several changes once", () => {
  const ended = { ...exemption, hasEnded: true };
  const text = render([
    { ...timeout, exemption: ended },
    { ...attempts, exemption: ended },
  ]);
  expect(text.match(/exemption ended/g)).toHaveLength(1);
});

const clock = {
  firstSeen: "2026-11-21T06:10:00Z",
  since: "2026-11-21T06:03:00Z",
  basis: "claim",
  deadline: "2026-11-22T06:03:00Z",
} as const;

it("takes nobody's word for an age that Git tells: it wants another value since then", () => {
  const commit = { sha: "4f2c91e", author: "Ann", subject: "Wait less" };
  const place = {
    type: "known",
    file: "a.yaml",
    line: 1,
    column: 1,
    by: "resource",
    precision: "field",
  } as const;
  const standing = { state: "open", isOverdue: false, clock } as const;
  const tell = (date: string) =>
    render([{ ...timeout, origin: { ...place, commit: { ...commit, date } } }], standing);
  expect(tell("2026-11-01T06:03:00Z")).toContain("(as its writer claims)");
  expect(tell("2026-11-21T07:03:00+01:00")).toContain("(when Git came to want another value)");
});
