import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { expect, it } from "vitest";
import { commandLines, labelledCommand } from "../../src/report/command-lines.ts";

it.for([
  [100, ["  render eu1 | kubectl apply --context=eu1 --filename=-"]],
  [40, ["  render eu1 |", "    kubectl apply --context=eu1 \\", "      --filename=-"]],
  [20, ["  render eu1 |", "    kubectl apply \\", "      --context=eu1 \\", "      --filename=-"]],
] as const)("breaks a pipe for %d columns so that it can be pasted", ([width, lines]) => {
  const pipe = [
    ["render", "eu1"],
    ["kubectl", "apply", "--context=eu1", "--filename=-"],
  ];
  expect(commandLines(pipe, "  ", width)).toEqual(lines);
});

it("puts a command beside its label, its further lines below it", () => {
  const command = [
    "npx drift explain -c 'my drift.yaml'",
    "prod-eu1",
    "shop/VirtualService/checkout",
  ] as const;
  expect(labelledCommand("next  ", command, 60)).toEqual([
    "next  npx drift explain -c 'my drift.yaml' prod-eu1 \\",
    "        shop/VirtualService/checkout",
  ]);
});

it("says to a shell what the words say, however it is broken", () => {
  const word = fc.stringMatching(/^[\w ./'"$`\\*|&;!-]{1,12}$/);
  const commands = fc.array(
    fc.tuple(fc.array(word, { minLength: 1, maxLength: 8 }), fc.integer({ min: 10, max: 60 })),
    { minLength: 200, maxLength: 200 },
  );
  const [sample = []] = fc.sample(commands, 1);
  // One shell for all of them: each prints its words, one a line.
  const script = sample
    .map(([words, width]) => commandLines([["printf", "%s\\n", ...words], ["cat"]], "  ", width).join("\n"))
    .join("\n");
  const { stdout, stderr } = spawnSync("sh", ["-c", script], { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(stdout).toBe(sample.flatMap(([words]) => words.map((one) => `${one}\n`)).join(""));
});
