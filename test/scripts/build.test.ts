import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

// The type checker takes its time where other tests run beside it.
describe("npm run build", { timeout: 60_000 }, () => {
  let project: string;

  /** The real build of a small project: the type checker takes its time for the whole of src. */
  beforeAll(() => {
    project = mkdtempSync(path.join(tmpdir(), "drift-build-"));
    for (const name of [
      "scripts",
      "tsconfig.json",
      "tsconfig.build.json",
      "package.json",
      "package-lock.json",
    ])
      cpSync(path.join(root, name), path.join(project, name), { recursive: true });
    for (const name of ["node_modules", "kustomize"])
      symlinkSync(path.join(root, name), path.join(project, name));
    write("src/main.ts", "export const answer: number = 1;\n");
    write("src/core/compare/compare.ts", "export const compare: number = 2;\n");
    write("src/adapters/kustomize/render-worker.mjs", "export const worker = 3;\n");
    expect(build()).toMatchObject({ exitCode: 0 });
  }, 60_000);
  afterAll(() => {
    rmSync(project, { recursive: true, force: true });
  });

  function write(file: string, text: string): void {
    mkdirSync(path.dirname(path.join(project, file)), { recursive: true });
    writeFileSync(path.join(project, file), text);
  }

  function build(): { readonly exitCode: number | null; readonly output: string } {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/build.mjs"], {
      cwd: project,
      encoding: "utf8",
    });
    return { exitCode: status, output: stdout + stderr };
  }

  const main = (): string => readFileSync(path.join(project, "dist/main.mjs"), "utf8");
  const distId = (): number => statSync(path.join(project, "dist")).ino;
  const beside = (): string[] => readdirSync(project).filter((name) => name.startsWith("dist"));

  it("makes the bundles and the declarations, and leaves nothing beside them", () => {
    expect(existsSync(path.join(project, "dist/types/main.d.ts"))).toBe(true);
    expect(main()).toContain("answer = 1");
    expect(beside()).toEqual(["dist"]);
  });

  it("does nothing where all is up to date", () => {
    const before = distId();
    expect(build()).toEqual({ exitCode: 0, output: "" });
    expect(distId()).toBe(before);
  });

  it("builds after an edit", () => {
    write("src/main.ts", "export const answer: number = 42;\n");
    expect(build()).toMatchObject({ exitCode: 0 });
    expect(main()).toContain("answer = 42");
  });

  it("builds again what somebody removed from dist", () => {
    rmSync(path.join(project, "dist/main.mjs"));
    expect(build()).toMatchObject({ exitCode: 0 });
    expect(main()).toContain("answer = 42");
  });

  it("keeps the last whole dist when a build fails, and fails again the next time", () => {
    write("src/main.ts", 'export const answer: number = "no number";\n');
    for (const attempt of [build(), build()]) {
      expect(attempt.exitCode).toBe(1);
      expect(attempt.output).toContain("src/main.ts(1,14)");
      expect(attempt.output).toContain("drift cannot be built: its types do not fit");
    }
    expect(main()).toContain("answer = 42");
    expect(beside()).toEqual(["dist"]);
  });

  it("removes what a build left behind that was ended in the middle", () => {
    write("src/main.ts", "export const answer: number = 43;\n");
    // No process has this number: it is larger than any system gives.
    mkdirSync(path.join(project, "dist.999999999"));
    expect(build()).toMatchObject({ exitCode: 0 });
    expect(beside()).toEqual(["dist"]);
    expect(main()).toContain("answer = 43");
  });
});
