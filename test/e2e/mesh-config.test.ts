import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const main = fileURLToPath(new URL("../../dist/main.mjs", import.meta.url));
const folder = fileURLToPath(new URL("./mesh-config/", import.meta.url));

it("tells what two mesh configurations mean differently, with the lines inside their texts", async () => {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [main, "diff", "git.yaml", "live.yaml", "--shared-mesh-config", "shared"],
    {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, npm_command: undefined, NO_COLOR: "1", COLUMNS: "110" },
    },
  );
  expect({ stderr, status }).toEqual({ stderr: "", status: 1 });
  expect(stdout).not.toMatch(/hunter2|changed-by-hand/);
  const screen = stdout.replaceAll(/‹hidden [\da-f]{12}›/g, "‹hidden›");
  await expect(screen).toMatchFileSnapshot("mesh-config/screen.txt");
});
