import { symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { readManifestInput } from "../../../src/adapters/snapshot/read-manifest-input.ts";
import { formatKey } from "../../../src/core/model/resource.ts";
import { folderWith, list, streamOf, virtualService } from "./folder.ts";
import { hasPipes, makePipe } from "../../support/pipes.ts";

async function read(input: string, stdin = "") {
  const { resources, unchecked, isComplete } = await readManifestInput(input, streamOf(stdin));
  return { keys: resources.map(({ key }) => formatKey(key)), unchecked, isComplete };
}

describe("readManifestInput", () => {
  it("reads a file, a folder and standard input alike", async () => {
    const folder = await folderWith({ "a/b.yaml": list(virtualService("a"), virtualService("b")) });
    const expected = {
      keys: ["shop/VirtualService/a", "shop/VirtualService/b"],
      unchecked: [],
      isComplete: true,
    };
    expect(await read(folder)).toStrictEqual(expected);
    expect(await read(path.join(folder, "a/b.yaml"))).toStrictEqual(expected);
    expect(await read("-", list(virtualService("a"), virtualService("b")))).toStrictEqual(expected);
  });

  it.skipIf(!hasPipes)("reads a pipe", async () => {
    const pipe = path.join(await folderWith({}), "pipe");
    makePipe(pipe);
    const [answer] = await Promise.all([read(pipe), writeFile(pipe, virtualService("a"))]);
    expect(answer.keys).toStrictEqual(["shop/VirtualService/a"]);
  });

  it("keeps every kind but Secret", async () => {
    const object = (kind: string) => `apiVersion: v1\nkind: ${kind}\nmetadata: {name: a}\n`;
    const { keys } = await read(
      "-",
      `${object("Service")}---\n${object("Secret")}---\n${object("ConfigMap")}`,
    );
    expect(keys).toStrictEqual(["Service/a", "ConfigMap/a"]);
  });

  it("takes a last line without a line break as people write it", async () => {
    const answer = await read("-", virtualService("a").trimEnd());
    expect(answer).toMatchObject({ keys: ["shop/VirtualService/a"], isComplete: true });
  });

  it("is not complete where a part could not be read, and says which", async () => {
    const folder = await folderWith({ "a.yaml": virtualService("a"), "b.yaml": "a: [\n" });
    expect(await read(folder)).toMatchObject({
      keys: ["shop/VirtualService/a"],
      unchecked: [{ what: `${folder}/b.yaml:1`, code: "MANIFEST_SYNTAX", hint: "Correct the file." }],
      isComplete: false,
    });
  });

  it("reports an object that stands twice with different contents, and is complete for the others", async () => {
    const answer = await read("-", `${virtualService("a")}---\n${virtualService("a", "shop", "other")}`);
    expect(answer).toMatchObject({
      keys: [],
      unchecked: [
        {
          code: "DUPLICATE_OBJECT",
          reason: expect.stringContaining("standard input:1 and at standard input:13") as string,
        },
      ],
      isComplete: true,
    });
  });

  it.for([
    ["nothing", ""],
    ["a comment", "# nothing\n---\n"],
    ["null", "null"],
  ] as const)("never takes a side that holds only %s for one where all is missing", async ([, content]) => {
    const folder = await folderWith({ "a.yaml": content });
    for (const input of ["-", folder, path.join(folder, "a.yaml")]) {
      expect(await read(input, content)).toMatchObject({
        keys: [],
        unchecked: [{ what: input === "-" ? "standard input" : input, code: "INPUT_EMPTY" }],
        isComplete: false,
      });
    }
    expect(await read(await folderWith({}))).toMatchObject({ unchecked: [{ code: "INPUT_EMPTY" }] });
  });

  it("takes an empty List for what kubectl says where there is nothing", async () => {
    expect(await read("-", list())).toStrictEqual({ keys: [], unchecked: [], isComplete: true });
  });

  it("is whole with an empty file beside others, as a folder of Git may have one", async () => {
    const folder = await folderWith({ "a.yaml": virtualService("a"), "b.yaml": "# later\n" });
    expect(await read(folder)).toMatchObject({ unchecked: [], isComplete: true });
  });

  it("takes a stream without a mark at its end for whole, as people write it", async () => {
    const answer = await read("-", virtualService("a").replace("status: {}\n", ""));
    expect(answer).toMatchObject({ keys: ["shop/VirtualService/a"], unchecked: [], isComplete: true });
  });

  it("refuses a device by name", async () => {
    expect(await read("/dev/null")).toMatchObject({
      unchecked: [
        { what: "/dev/null", code: "FILE_UNREADABLE", reason: "it is neither a file, a folder nor a pipe" },
      ],
      isComplete: false,
    });
  });

  it("throws where there is nothing to read", async () => {
    await expect(read("/nowhere/a.yaml")).rejects.toMatchObject({
      code: "INPUT_NOT_FOUND",
      message: "/nowhere/a.yaml does not exist",
      exitCode: 3,
    });
    const folder = await folderWith({ "a.yaml": "" });
    await expect(read(path.join(folder, "a.yaml", "b.yaml"))).rejects.toMatchObject({
      code: "INPUT_NOT_FOUND",
    });
    await symlink("loop", path.join(folder, "loop"));
    await expect(read(path.join(folder, "loop"))).rejects.toMatchObject({
      code: "INPUT_UNREADABLE",
      message: `${folder}/loop cannot be read (ELOOP)`,
    });
  });
});
