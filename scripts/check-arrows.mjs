// The arrows between the rooms of src/. A check that looked at too little is no check: it must have seen the modules.
import { readdirSync } from "node:fs";
import { spawnSync } from "node:child_process";

const { stdout, stderr, status } = spawnSync(
  "node_modules/.bin/depcruise",
  ["src", "--output-type", "json"],
  {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  },
);
if (stdout === "") {
  console.error(stderr);
  process.exit(1);
}
/** @type {{ summary: { totalCruised: number, totalDependenciesCruised: number, violations: { rule: { name: string }, from: string, to: string, comment?: string }[], ruleSetUsed: { forbidden: { name: string, comment: string }[] } }, modules: { source: string }[] }} */
const { summary, modules } = JSON.parse(stdout);
const files = readdirSync("src", { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
const ours = modules.filter((module) => module.source.startsWith("src/"));
for (const { rule, from, to } of summary.violations) {
  const comment = summary.ruleSetUsed.forbidden.find(({ name }) => name === rule.name)?.comment ?? "";
  console.error(`${rule.name}: ${from} -> ${to}\n  ${comment}`);
}
console.log(
  `arrows: ${ours.length} of ${files.length} modules seen, ${summary.totalDependenciesCruised} arrows`,
);
if (status !== 0 || summary.violations.length > 0 || ours.length < files.length) process.exitCode = 1;
