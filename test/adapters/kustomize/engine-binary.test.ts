import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import {
  createEngineRenderer,
  type EngineRendererOptions,
} from "../../../src/adapters/kustomize/engine-renderer.ts";
import { answering, makeFolder, optionsFor, standIn } from "./engine-stand-in.ts";

// Each start is some processes: seconds where the machine is busy.
vi.setConfig({ testTimeout: 60_000 });

describe("an engine that cannot be asked for its version stops the run", () => {
  const open = (more: Partial<EngineRendererOptions>) => createEngineRenderer(optionsFor("", answering([]), more));

  it.for([
    ["prints nonsense", "echo hello 1.2.3", "what it printed is no version of Kustomize"],
    ["prints a build without a version", "echo '(devel)'", "what it printed is no version of Kustomize"],
    ["fails", "echo 'no such library' >&2; exit 3", "it ended with exit code 3"],
    ["is killed", "kill -9 $$", "it was killed"],
    ["prints without end", "while :; do echo v5.5.0; done", "it printed too much"],
  ] as const)("because it %s", async ([, version, reason]) => {
    const binary = standIn("exit 0", version);
    await expect(open({ binary })).rejects.toMatchObject({
      code: "ENGINE_MISSING",
      message: `${binary} does not tell its version: ${reason}`,
    });
  });

  it("because it is not executable, not there, or a folder", async () => {
    const folder = makeFolder();
    const file = join(folder, "kustomize");
    writeFileSync(file, "", { mode: 0o600 });
    const faults = { [file]: "it is not executable", [`${file}s`]: "there is no such file", [folder]: "it is not a file" };
    for (const [binary, fault] of Object.entries(faults)) {
      await expect(open({ binary })).rejects.toMatchObject({
        code: "ENGINE_MISSING",
        message: `${binary} cannot be run: ${fault}`,
      });
    }
  });

  it("because nothing of that name is in PATH, in which only absolute folders count", async () => {
    const rest = { engine: "kubectl", inner: answering([]), onWarning: () => undefined } as const;
    const env = { PATH: `bin:.::${makeFolder()}` };
    await expect(createEngineRenderer({ ...rest, env })).rejects.toMatchObject({
      code: "ENGINE_MISSING",
      message: "the command kubectl is not in PATH",
    });
    await expect(createEngineRenderer({ ...rest, env: {} })).rejects.toMatchObject({ code: "ENGINE_MISSING" });
  });

  it("because its kubectl is too old to tell the version of its Kustomize", async () => {
    const body = `echo '{"clientVersion":{"gitVersion":"v1.20.0"}}'`;
    const binary = standIn("exit 0", body, "kubectl");
    await expect(open({ binary, engine: "kubectl" })).rejects.toMatchObject({
      message: `${binary} does not tell its version: what it printed is no version of kubectl with its Kustomize`,
    });
  });

  it.for([
    ["v5.5.0", "5.5.0"],
    ["v5.6.0-rc.1+x", "5.6.0-rc.1+x"],
    ["{Version:kustomize/v4.5.7 GitCommit:56d82a8 BuildDate:2022-08-02T16:35:54Z GoOs:linux GoArch:amd64}", "4.5.7"],
  ] as const)("but %s is one", async ([text, version]) => {
    expect(await open({ binary: standIn("exit 0", `echo '${text}'`) })).toMatchObject({ version });
  });
});
