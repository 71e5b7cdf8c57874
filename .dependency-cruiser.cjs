/** The arrows of src/, room by room. Each rule says what to do instead. */
const rooms = ["model", "text", "manifest", "mesh", "compare", "judge", "propose"];

const ladder = rooms.slice(0, -1).map((room, i) => ({
  name: `core-${room}-looks-down`,
  severity: "error",
  comment: "A room of core/ imports only rooms before it in the journey: move the shared piece down.",
  from: { path: `^src/core/${room}/` },
  to: { path: `^src/core/(${rooms.slice(i + 1).join("|")})/` },
}));

/** `room` may import, inside src/, only itself, lib/errors and what matches one of `allowed`. */
const only = (room, allowed, comment) => ({
  name: `${room.replaceAll("/", "-")}-imports`,
  severity: "error",
  comment,
  from: { path: `^src/${room}/` },
  to: {
    path: "^src/",
    pathNot: [`^src/${room}/`, "^src/lib/errors\\.ts$", ...allowed.map((to) => `^src/${to}`)],
  },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...ladder,
    {
      name: "no-circular",
      severity: "error",
      comment: "Break the cycle: move the shared type to core/model.",
      from: {},
      to: { circular: true },
    },
    {
      name: "core-is-pure",
      severity: "error",
      comment: "core/ takes data and returns data: pass the value in, or move the I/O to adapters/.",
      from: { path: "^src/core/" },
      to: { path: "^src/(?!core/|lib/errors\\.ts$)" },
    },
    {
      name: "core-no-node",
      severity: "error",
      comment: "No node builtins in core/ (model/digest may use node:crypto).",
      from: { path: "^src/core/", pathNot: "^src/core/model/digest\\.ts$" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "core-npm-allowed",
      severity: "error",
      comment: "core/ may use only yaml and fast-json-patch.",
      from: { path: "^src/core/" },
      to: {
        dependencyTypes: ["npm"],
        pathNot: "node_modules/(yaml|fast-json-patch)/",
      },
    },
    only("ports", ["core/model/"], "A port names what a pipeline needs, in words of core/model."),
    only("report", ["core/model/", "core/text/"], "A report formats a ScanResult and knows nothing else."),
    only("config", ["core/model/"], "Configuration is checked data: policy belongs to core/ or pipeline/."),
    only(
      "pipeline",
      ["ports/", "core/", "config/", "lib/"],
      "A pipeline gets its adapters from wire.ts, through ports.",
    ),
    only(
      "cli",
      ["wire\\.ts", "pipeline/", "report/", "core/", "ports/", "config/", "lib/"],
      "A command is flags -> pipeline -> report.",
    ),
    only("lib", [], "lib/ is made of leaves."),
    {
      name: "adapters-apart",
      severity: "error",
      comment: "Adapters never import each other: share through ports, core/model, core/manifest or lib.",
      from: { path: "^src/adapters/([^/]+)/" },
      to: {
        path: "^src/",
        pathNot: ["^src/adapters/$1/", "^src/ports/", "^src/core/(model|manifest)/", "^src/lib/"],
      },
    },
    {
      name: "errors-is-a-leaf",
      severity: "error",
      comment: "Everything imports lib/errors, so it imports nothing.",
      from: { path: "^src/lib/errors\\.ts$" },
      to: {},
    },
    {
      name: "simple-git-in-git",
      severity: "error",
      comment: "One SDK a folder: simple-git belongs to adapters/git.",
      from: { pathNot: "^src/adapters/git/" },
      to: { path: "node_modules/simple-git/" },
    },
    {
      name: "no-dev-dependencies",
      severity: "error",
      comment: "What ships may not need what is only installed for development.",
      from: { path: "^src/" },
      to: { dependencyTypes: ["npm-dev"] },
    },
    {
      name: "no-orphans",
      severity: "error",
      comment: "Nothing imports this file: delete it, or use it.",
      from: { orphan: true, pathNot: "(render-worker\\.mjs|\\.d\\.ts)$" },
      to: {},
    },
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};
