// The whole check, cheapest first. Stops at the first step that fails and says what to run.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = (/** @type {string} */ name) => `node_modules/.bin/${name}`;

/** @type {{ name: string, run: string[], mend: string }[]} */
const steps = [
  { name: "format", run: [bin("prettier"), "--check", "--log-level", "warn", "."], mend: "npm run format" },
  { name: "build", run: ["npm", "run", "--silent", "build"], mend: "npm run build" },
  { name: "types", run: [bin("tsc"), "--noEmit"], mend: "npx tsc --noEmit, and mend the lines it names" },
  {
    name: "arrows",
    run: ["node", "scripts/check-arrows.mjs"],
    mend: "npx depcruise src; each rule says what to do",
  },
  { name: "lint", run: [bin("eslint"), "."], mend: "npx eslint . --fix, and mend what is left" },
  { name: "unused code", run: [bin("knip")], mend: "npx knip, and delete what it names" },
  {
    name: "control plane",
    run: ["node", "scripts/build-control-plane.mjs"],
    mend: "node scripts/build-control-plane.mjs, with a network the first time; without Go it is skipped",
  },
  { name: "tests", run: [bin("vitest"), "run"], mend: "npx vitest run <file>" },
  {
    name: "renderer",
    run: ["node", "scripts/build-kustomize.mjs", "--check"],
    mend: "npm run build:kustomize, and commit kustomize/kustomize.wasm.br and kustomize/artefact.json",
  },
];

for (const { name, run, mend } of steps) {
  const started = performance.now();
  const [command = "", ...args] = run;
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (status === 0) {
    console.log(`ok      ${name.padEnd(13)} ${seconds.padStart(6)} s`);
    continue;
  }
  console.error(`\nFAILED  ${name}${error === undefined ? "" : ` (${error.message})`}\nTo mend it: ${mend}`);
  process.exitCode = 1;
  break;
}
