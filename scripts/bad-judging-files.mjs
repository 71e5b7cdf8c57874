// Cases of bad-judging.mjs about files of the repository that judging reads: CODEOWNERS and exemptions.
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { casesAbout, commit, daysFrom } from "./bad-judging-world.mjs";

/** @typedef {import("./bad-judging-world.mjs").World} World @typedef {import("./bad-judging-world.mjs").Case} Case */

/** @param {string | Uint8Array} content @returns {(world: World) => void} */
const withOwners = (content) => (world) => commit(world, { CODEOWNERS: content }, "Own it otherwise");

const owned = "/base/ @shop/platform\n";

const codeOwners = casesAbout("CODEOWNERS", {}, [
  {
    name: "patterns that GitHub does not know, owners that are none",
    change: withOwners(
      `${owned}!/base/mesh/ @shop/platform\n/base/[cp]art/ @shop/purchase\n/base/checkout/ shop-purchase\n[Section] @shop/all\n`,
    ),
  },
  {
    name: "forty bad lines",
    change: withOwners(
      owned + Array.from({ length: 40 }, (_, at) => `/team${String(at)}/ nobody\n`).join(""),
    ),
  },
  { name: "larger than GitHub reads", change: withOwners(owned + "# filler\n".repeat(400_000)) },
  { name: "no UTF-8", change: withOwners(Buffer.from(`\uFEFF${owned}`, "utf16le")) },
  {
    name: "a link",
    change: (world) => {
      const file = path.join(world.folder, "shop/CODEOWNERS");
      rmSync(file);
      symlinkSync("OWNERS", file);
      commit(world, { OWNERS: owned }, "Own it by a link");
    },
  },
]);

/** @param {(world: World) => string | Uint8Array} content @returns {(world: World) => void} */
const withExemptions = (content) => (world) =>
  commit(world, { ".drift/exemptions.yaml": content(world) }, "Accept it");

/**
 * An entry that would accept the timeout of checkout for a week, but for what differs.
 * @param {World} world
 * @param {Record<string, unknown>} [differing] null leaves a key out
 */
function entry(world, differing = {}) {
  const fields = {
    resource: "shop/VirtualService/checkout",
    reason: "the bank is slow",
    until: daysFrom(world, 7),
    ...differing,
  };
  const written = Object.entries(fields).filter(([, value]) => value !== null);
  return `  - { ${written.map(([key, value]) => `${key}: ${JSON.stringify(value)}`).join(", ")} }\n`;
}

const head = "version: 1\nexemptions:\n";

/** @param {string} name @param {Record<string, unknown> | ((world: World) => Record<string, unknown>)} differing */
function oneEntry(name, differing) {
  const of = (/** @type {World} */ world) => (typeof differing === "function" ? differing(world) : differing);
  return { name, change: withExemptions((world) => head + entry(world, of(world))) };
}

const exemptions = casesAbout("an exemption", {}, [
  { ...oneEntry("nothing wrong, for comparison", {}), isHarmless: true, excuses: "exempt" },
  oneEntry("no reason", { reason: null }),
  oneEntry("no end", { until: null }),
  oneEntry("an end that is none", { until: "2026-02-30" }),
  oneEntry("an end too far off", (world) => ({ until: daysFrom(world, 3650) })),
  oneEntry("an end that has passed", (world) => ({ until: daysFrom(world, -2) })),
  oneEntry("a path that is none", { paths: ["spec.http["] }),
  oneEntry("a path that nothing has", { paths: ["spec.htttp"] }),
  oneEntry("an object that nobody has", { resource: "shop/VirtualService/chekout" }),
  oneEntry("a target that nobody has", { targets: ["prod-eu2"] }),
  oneEntry("everything: a star", { resource: "*" }),
  oneEntry("weakened security", { resource: "shop-ingress/AuthorizationPolicy/internal-paths" }),
  {
    name: "everything: an entry for each finding",
    excuses: "exempt",
    change: withExemptions((world) => {
      const others = ["VirtualService/catalogue", "VirtualService/checkout", "VirtualService/reviews"];
      const keys = ["shop-ingress/AuthorizationPolicy/internal-paths", ...others.map((key) => `shop/${key}`)];
      return head + keys.map((resource) => entry(world, { resource })).join("");
    }),
  },
  oneEntry("a misspelt key", (world) => ({ until: null, untill: daysFrom(world, 7) })),
  {
    name: "the same twice, with two ends",
    excuses: "exempt",
    change: withExemptions((world) => head + entry(world) + entry(world, { until: daysFrom(world, 20) })),
  },
  {
    name: "a key that stands twice",
    change: withExemptions((world) => head + entry(world).replace("}", `, until: ${daysFrom(world, 9)} }`)),
  },
  { name: "broken YAML", change: withExemptions((world) => `${head}${entry(world)}  - { resource: [\n`) },
  {
    name: "no UTF-8",
    change: withExemptions((world) => Buffer.from(`\uFEFF${head}${entry(world)}`, "utf16le")),
  },
  {
    name: "forty bad entries",
    change: withExemptions((world) => head + entry(world, { reason: null }).repeat(40)),
  },
  {
    name: "a link",
    change: (world) => {
      mkdirSync(path.join(world.folder, "shop/.drift"));
      symlinkSync("other.yaml", path.join(world.folder, "shop/.drift/exemptions.yaml"));
      commit(world, { ".drift/other.yaml": head + entry(world) }, "Accept it by a link");
    },
  },
]);

/** Cases about files of the repository. */
export const fileCases = [...codeOwners, ...exemptions];
