import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { onTestFinished } from "vitest";
import { keyOf } from "../../../src/core/model/resource.ts";
import type { Rendered, RendererPort } from "../../../src/ports/renderer.ts";
import type { EngineRendererOptions } from "../../../src/adapters/kustomize/engine-renderer.ts";

/** The kubectl of this machine; undefined where there is none. */
export const kubectl = (process.env["PATH"] ?? "")
  .split(delimiter)
  .map((folder) => join(folder, "kubectl"))
  .find((path) => existsSync(path));

/** A folder that is gone after the test. */
export function makeFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "drift-stand-in-")));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Writes a shell script that takes the place of Kustomize. It may use nothing but what the shell itself can do. */
export function standIn(body: string, version = "echo v5.5.0", name = "kustomize"): string {
  const path = join(makeFolder(), name);
  writeFileSync(path, `#!/bin/sh\nif [ "$1" = version ]; then ${version}; exit; fi\n${body}\n`, { mode: 0o700 });
  return path;
}

/** The body of a script that prints a text. */
export function print(text: string): string {
  return `printf '%s' '${text.replaceAll("'", `'\\''`)}'`;
}

/** A renderer that answers with these objects, whatever it is asked, and says that it read these files. */
export function answering(
  objects: readonly NonNullable<Rendered["resources"][number]["object"]>[],
  files: readonly string[] = ["kustomization.yaml"],
): RendererPort {
  const resources = objects.map((object) => {
    const key = keyOf(object);
    if (key === undefined) throw new Error("an object of the test has no key");
    return { key, object };
  });
  return {
    version: "5.8.2",
    prepare: () => undefined,
    render: () =>
      Promise.resolve({ type: "rendered", resources, warnings: [], files, bases: [], cached: false }),
    close: () => Promise.resolve(),
  };
}

/** Options for a stand-in. */
export function optionsFor(
  binary: string,
  inner: RendererPort,
  more: Partial<EngineRendererOptions> = {},
): EngineRendererOptions {
  return {
    engine: "kustomize",
    binary,
    inner,
    env: {},
    onWarning: (message) => {
      throw new Error(message);
    },
    ...more,
  };
}
