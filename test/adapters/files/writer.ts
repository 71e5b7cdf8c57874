import { execFileSync } from "node:child_process";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { createFileState } from "../../../src/adapters/files/state.ts";
import { DriftError } from "../../../src/lib/errors.ts";
import { keepState } from "../../../src/pipeline/keep-state.ts";
import { sampleState } from "../../core/model/sample-state.ts";

/**
 * Another process that writes a state: "on <file>" writes until it is killed; "add <file> <name>" adds ten targets, one
 * at a time; "full <folder>" and "read-only <folder>" mount a file system there, which needs a mount namespace, and say
 * what became of the second state that they wrote there.
 */
const [, , verb = "", place = "", name = ""] = process.argv;

async function writeOn(): Promise<void> {
  const port = createFileState(place);
  for (;;) {
    const read = await port.read();
    if (read.type === "newer") return;
    await port.write(sampleState(500, { revision: read.state.revision + 1 }));
    process.stdout.write("written\n");
  }
}

async function add(): Promise<void> {
  for (let index = 0; index < 10; index += 1) {
    const { warnings } = await keepState(createFileState(place), (state) => ({
      state: {
        ...state,
        revision: state.revision + 1,
        targets: [...state.targets, { name: `${name}${String(index)}` }],
      },
    }));
    if (warnings.length > 0) index -= 1;
  }
}

async function writeTwice(options: string, between: () => void): Promise<void> {
  execFileSync("mount", ["-t", "tmpfs", "-o", options, "none", place]);
  const port = createFileState(path.join(place, "state.json"));
  await port.write(sampleState(10, { revision: 1 }));
  between();
  const error: unknown = await port
    .write(sampleState(5_000, { revision: 2 }))
    .catch((thrown: unknown) => thrown);
  const read = await port.read();
  const seen = {
    code: error instanceof DriftError ? error.code : "none",
    isFull: error instanceof DriftError && error.message.includes("ENOSPC"),
    files: (await readdir(place)).sort(),
    read: { type: read.type, revision: read.type === "read" ? read.state.revision : 0 },
  };
  process.stdout.write(JSON.stringify(seen));
}

if (verb === "on") await writeOn();
if (verb === "add") await add();
if (verb === "full") await writeTwice("size=64k", () => undefined);
if (verb === "read-only") {
  await writeTwice("size=4m", () => execFileSync("mount", ["-o", "remount,ro", place]));
}
