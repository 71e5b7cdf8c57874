import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { applyExemptions } from "../../../src/core/judge/exemptions.ts";
import { exemptionPatch } from "../../../src/core/judge/exemption-patch.ts";
import type { NewExemption } from "../../../src/core/judge/exemption-text.ts";
import { parseExemptions } from "../../../src/core/judge/parse-exemptions.ts";
import { exactPattern } from "../../../src/core/model/path-pattern.ts";
import { change, finding } from "./findings.ts";

const nowMs = Date.parse("2026-11-21T10:00:00Z");
const file = ".drift/exemptions.yaml";
const reading = { file, limits: { maxLengthMs: 30 * 86_400_000 }, nowMs };

const entry: NewExemption = {
  resource: "shop/VirtualService/reviews",
  targets: ["prod-eu1"],
  paths: ["spec.http[name=primary].timeout", 'spec.hosts["*"]'],
  reason: "waits: for the new provider",
  ticket: "4821",
  until: "2026-12-01",
};

/** What `git apply` makes of the file; throws where it refuses the patch. */
function applied(text: string | undefined, patch: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), "drift-patch-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const run = (args: readonly string[], input = ""): void => {
    const { status, stderr } = spawnSync("git", args, { cwd: folder, input, encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
  };
  run(["init", "-q", "."]);
  if (text !== undefined) {
    mkdirSync(path.join(folder, ".drift"));
    writeFileSync(path.join(folder, file), text);
    run(["-c", "core.autocrlf=false", "add", "."]);
  }
  run(["apply", "--index", "-"], patch);
  return readFileSync(path.join(folder, file), "utf8");
}

function patchOf(text: string | undefined, entries: readonly NewExemption[] = [entry]): string {
  const made = exemptionPatch(text, entries, reading);
  expect(made).toMatchObject({ type: "patch" });
  return made.type === "patch" ? made.patch : "";
}

const lines = `  - resource: shop/VirtualService/reviews
    targets:
      - prod-eu1
    paths:
      - spec.http[name=primary].timeout
      - spec.hosts["*"]
    reason: "waits: for the new provider"
    ticket: "4821"
    until: 2026-12-01
`;
const old = "  - { resource: pay/VirtualService/a, reason: x, until: 2026-12-01 } # first\n";
const start = "# ours\nversion: 1\nexemptions:\n";

it("makes a file where there is none", () => {
  const text = applied(undefined, patchOf(undefined));
  expect(text).toBe(
    `# Differences between Git and the live mesh that are accepted for a time. See \`drift exempt --help\`.\nversion: 1\nexemptions:\n${lines}`,
  );
});

it.for([
  ["behind the last entry", `${start}${old}`, `${start}${old}${lines}`],
  ["behind comments at the end", `${start}${old}# end\n`, `${start}${old}# end\n${lines}`],
  ["to a last line without an end", `${start}${old.trimEnd()}`, `${start}${old}${lines}`],
  [
    "with the line ends of the file",
    `${start}${old}`.replaceAll("\n", "\r\n"),
    `${start}${old}${lines}`.replaceAll("\n", "\r\n"),
  ],
  [
    "with the indentation of the file",
    `${start}${old.trimStart()}`,
    `${start}${old.trimStart()}${lines.replaceAll(/^ {2}/gm, "")}`,
  ],
  [
    "before other keys and their comments",
    `exemptions:\n${old}\n# format\nversion: 1\n`,
    `exemptions:\n${old}${lines}\n# format\nversion: 1\n`,
  ],
  [
    "in place of an empty list",
    "version: 1\nexemptions: [] # none\n",
    `version: 1\nexemptions: # none\n${lines}`,
  ],
  ["in place of nothing", "version: 1\nexemptions:\n", `version: 1\nexemptions:\n${lines}`],
  ["with the key that is not there", "version: 1\n", `version: 1\nexemptions:\n${lines}`],
  ["with a byte order mark before it", `\uFEFF${start}${old}`, `\uFEFF${start}${old}${lines}`],
] as const)("adds the entry %s, and touches nothing else", ([, before, after]) => {
  expect(applied(before, patchOf(before))).toBe(after);
});

it.for([
  ["at the end", `${start}${old}# token=abcdefgh1\n`, ["# ours", "abcdefgh"]],
  [
    "of others around it",
    `exemptions:\n${old}# token=abcdefgh1\n# b\n${old}# c\n\nversion: 1\n`,
    ["abcdefgh"],
  ],
] as const)("does not show a secret %s", ([, before, hidden]) => {
  const patch = patchOf(before);
  for (const text of hidden) expect(patch).not.toContain(text);
  expect(applied(before, patch)).toContain(lines);
});

it.for([
  ["in the line that it has to write again", `${start}${old}# token=abcdefgh1`],
  ["where Git could not find the place without it", `exemptions:\n${old}# token=abcdefgh1\nversion: 1\n`],
] as const)("refuses to show a secret %s", ([, text]) => {
  expect(exemptionPatch(text, [entry], reading)).toMatchObject({
    type: "refused",
    reason: ".drift/exemptions.yaml holds what looks like a credential where the entry would stand",
  });
});

it("keeps broken entries of others as they are", () => {
  const broken = `${start}  - resource: shop/VirtualService/other\n`;
  expect(applied(broken, patchOf(broken))).toBe(`${broken}${lines}`);
});

it.for([
  [
    "brackets with entries in them",
    "version: 1\nexemptions: [{ resource: a }]\n",
    {},
    "nothing can be added to .drift/exemptions.yaml as it is written",
  ],
  ["no YAML", "a: [\n", {}, "nothing can be added to .drift/exemptions.yaml as it is written"],
  [
    "another version",
    "version: 2\nexemptions:\n  - a: b\n",
    {},
    ".drift/exemptions.yaml would not be read: its version is not 1, the only one that is known here",
  ],
  ["what is there already", start + lines, {}, "it covers the same as line 4"],
  ["what is too long", undefined, { until: "2027-12-01" }, "it ends later than in 30 days"],
  ["what has ended", undefined, { until: "2026-11-20" }, "the end is in the past"],
  ["no day", undefined, { until: "soon" }, 'until "soon" is no day and no time with a zone'],
  ["no reason", undefined, { reason: "" }, "it has no reason"],
  ["a credential", undefined, { reason: "password=hunter2hunter2" }, "reason looks like a credential"],
  ["no path", undefined, { paths: ["/spec"] }, 'path "/spec": it is a JSON pointer'],
] as const)("refuses %s", ([, text, more, reason]) => {
  expect(exemptionPatch(text, [{ ...entry, ...more }], reading)).toMatchObject({ type: "refused", reason });
});

it("covers what it was made for until its end, and then brings it back marked", () => {
  const paths = ["spec.http[name=primary].timeout", "spec.hosts[*]", 'metadata.labels["a/b"]'];
  const drifted = finding(paths.map((one) => change(one)));
  const text = applied(
    `${start}${old}`,
    patchOf(`${start}${old}`, [{ ...entry, paths: paths.map(exactPattern) }]),
  );
  const at = (time: string) => {
    const { exemptions, problems } = parseExemptions(text, { ...reading, nowMs: Date.parse(time) });
    expect(problems).toEqual([]);
    return applyExemptions(drifted, "prod-eu1", exemptions, { tier0: false });
  };
  expect(at("2026-12-01T23:00:00Z")).toMatchObject({ isCovered: true, hidden: [{}, {}, {}] });
  const ended = at("2026-12-02T00:00:00Z");
  expect(ended.isCovered).toBe(false);
  expect(ended.finding.changes.map(({ exemption }) => exemption?.hasEnded)).toEqual([true, true, true]);
});
