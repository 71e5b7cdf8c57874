import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ScanResult } from "../../src/core/model/scan-result.ts";
import { gitObjects, liveObjects } from "./planted-objects.ts";
import { formsIn, type Place, places, plant, secretOf } from "./planted-secrets.ts";
import { hopeless, loseLive, makePlantedWorld, type PlantedWorld } from "./planted-world.ts";

const all = Object.keys(places) as Place[]; // Object.keys knows the names of no constant.

/** Everything that anybody gets to see, by what wrote it. */
const outputs = new Map<string, string>();
let world: PlantedWorld;

/** Runs a command and keeps what it writes: both streams, and a report of each format but text in a file. */
function keep(args: readonly string[], formats: readonly string[] = []): void {
  const files = formats.map((format) => path.join(world.folder, `out.${format}`));
  const asked = formats.flatMap((format, index) => ["-o", `${format}=${files[index] ?? ""}`]);
  const { stdout, stderr } = world.run(...args, ...(formats.length > 0 ? ["-o", "text", ...asked] : []));
  const name = args.join(" ");
  outputs.set(name, stdout);
  outputs.set(`${name}, standard error`, stderr);
  formats.forEach((format, index) =>
    outputs.set(`${name} -o ${format}`, readFileSync(files[index] ?? "", "utf8")),
  );
}

const day = "2099-01-01";
const until = ["--until", new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)];

beforeAll(() => {
  world = makePlantedWorld();
  keep(["scan", "-v", "--show-hidden", "--show-equal"], ["json", "wide"]);
  outputs.set("the state", readFileSync(path.join(world.folder, "state.json"), "utf8"));
  for (const key of [
    "VirtualService/annotated",
    "VirtualService/matches",
    "Gateway.gateway.networking.k8s.io/gateway",
  ])
    keep(["explain", "t", `shop/${key}`, "-v"], ["json"]);
  keep(["explain", "t", `shop/VirtualService/${plant("name of what is asked for")}`, "-v"]);
  keep(["exempt", "t", "shop/VirtualService/annotated", "--reason", "r", ...until]);
  keep(["exempt", "t", "shop/VirtualService/annotated", "--reason", "r", "--until", day]);
  keep(["baseline", "-v", "--reason", "r", ...until]);
  keep(
    ["diff", path.join(world.folder, "git/overlay"), path.join(world.folder, "live"), "-v", "--show-equal"],
    ["json"],
  );
  for (const [index, config] of hopeless.entries()) {
    for (const format of ["text", "json"]) {
      const { stdout, stderr, exitCode } = world.runWith(config, "scan", "-v", "-t", "t", "-o", format);
      outputs.set(`scan of nothing ${String(index)} ${format}`, `${stdout}\n${stderr}`);
      expect([2, 3]).toContain(exitCode);
    }
  }
  acknowledgeLoss();
}, 240_000);

/** Raises a guard and acknowledges it. */
function acknowledgeLoss(): void {
  loseLive(world);
  keep(["scan", "-t", "t", "-o", "json"]);
  const { targets } = JSON.parse(outputs.get("scan -t t -o json") ?? "") as ScanResult;
  const [guard] = targets.flatMap(({ guards }) => guards);
  keep(["acknowledge", guard?.id ?? "none was raised"]);
}

afterAll(() => {
  world.end();
});

describe("a planted secret", () => {
  it.for(all)("shows nowhere: %s", (place) => {
    const telling = [...outputs].flatMap(([name, text]) =>
      formsIn(text, place).map((form) => `${name}: ${form}`),
    );
    expect(telling).toEqual([]);
  });
});

describe("the test itself", () => {
  it("ran every command to its end, and found what was planted", () => {
    const scan = JSON.parse(outputs.get("scan -v --show-hidden --show-equal -o json") ?? "") as ScanResult;
    const [target] = scan.targets;
    expect(target).toMatchObject({ verdict: "drifted", unchecked: [] });
    expect(target?.findings.length).toBe(19);
    expect(target?.hidden.map(({ by }) => by)).toEqual(["ignore", "exemption"]);
    expect(target?.warnings).toHaveLength(7);
    expect(outputs.get("the state")?.length).toBeGreaterThan(1000);
    expect(outputs.get(`baseline -v --reason r ${until.join(" ")}`)).toContain(
      "+++ b/.drift/exemptions.yaml",
    );
    expect([...outputs].find(([name]) => name.startsWith("acknowledge"))?.[1]).toContain(
      "acknowledged for target t",
    );
  });

  it("knows a secret in each of its forms, and has one for each place", () => {
    const planted = [...gitObjects, ...liveObjects].join("\n");
    expect(all.filter((place) => formsIn(planted, place).length > 0).length).toBeGreaterThan(35);
    expect(new Set(all.map(secretOf)).size).toBe(all.length);
    const [place = "git header"] = all;
    const secret = secretOf(place);
    for (const text of [
      secret.slice(4, 12),
      secret.toUpperCase(),
      ...["", "a", "ab"].flatMap((before) => [
        Buffer.from(`${before}${secret}cd`).toString("base64"),
        Buffer.from(`${before}${secret}`).toString("base64url"),
      ]),
      Buffer.from(secret).toString("hex"),
    ]) {
      expect(formsIn(`x ${text} y`, place)).not.toEqual([]);
    }
    expect(formsIn(secret.slice(0, 7), place)).toEqual([]);
  });
});
