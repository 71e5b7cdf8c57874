import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { stringify } from "yaml";
import { type DriftRun, runDrift } from "../support/run-drift.ts";
import { gitObjects, liveObjects, olderObjects, written } from "./planted-objects.ts";
import { plant, secretOf } from "./planted-secrets.ts";

/** A repository, a live side and a configuration with a secret in every place, and what commands print of them. */
export interface PlantedWorld {
  readonly folder: string;
  /** Runs a command of the configuration. */
  readonly run: (...args: readonly string[]) => DriftRun;
  /** Runs it with another configuration, of which `config` is the part that differs; `kubeconfig` goes to a file. */
  readonly runWith: (config: Hopeless, ...args: readonly string[]) => DriftRun;
  readonly end: () => void;
}

interface Hopeless {
  readonly kubeconfig?: object;
  readonly repository?: object;
  readonly clusters?: object;
}

const branch = `feature/${plant("branch name")}`;
const fileName = `virtual-services-${plant("file name")}.yaml`;

/** Makes the world. */
export function makePlantedWorld(): PlantedWorld {
  const folder = mkdtempSync(path.join(tmpdir(), "drift-planted-"));
  const at = (...names: readonly string[]) => path.join(folder, ...names);
  const put = (name: string, text: string): void => {
    mkdirSync(path.dirname(at(name)), { recursive: true });
    writeFileSync(at(name), text);
  };
  writeRepository(at("git"), put);
  put("live/mesh.yaml", `${liveObjects.join("\n---\n")}\n`);
  put(
    "broken/broken.yaml",
    `apiVersion: v1\nkind: Namespace\nmetadata: {name: "${plant("live broken YAML")}\n`,
  );
  put("audit.jsonl", auditLine());
  put("token", `${plant("repository token")}\n`);
  put("drift.yaml", stringify(config));
  const run = (...args: readonly string[]) => {
    const [command = "", ...rest] = args;
    const cache = command === "acknowledge" ? [] : ["--cache-dir", at("cache")];
    return runDrift([command, "-c", at("drift.yaml"), ...cache, ...rest], { KUBECONFIG: "" });
  };
  return {
    folder,
    run,
    runWith: ({ kubeconfig, ...part }, ...args) => {
      put("kubeconfig", stringify(kubeconfig ?? {}));
      put("drift.yaml", stringify({ ...config, ...part }));
      try {
        return run(...args);
      } finally {
        put("drift.yaml", stringify(config));
      }
    },
    end: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const reason = (place: Parameters<typeof plant>[0]) => `because ${plant(place)} says so`;

const config = {
  version: 1,
  repository: { url: "git", revision: branch },
  state: { file: "state.json" },
  clusters: {
    c: { snapshot: "live", audit: "audit.jsonl", istio: { version: "1.30" } },
    broken: { snapshot: "broken" },
  },
  targets: [
    {
      name: "t",
      overlay: "overlay",
      cluster: "c",
      scope: { namespaces: ["shop"] },
      deployer: { argocd: "argocd/shop" },
      transform: { substitute: { KEY: plant("git substitute") } },
    },
    { name: "failing", overlay: "failing", cluster: "broken" },
  ],
  compare: { metadata: "all" },
  ignore: [{ kinds: ["VirtualService"], names: ["ignored"], reason: reason("ignore reason") }],
  managers: [{ name: "acme-robot", class: "controller", reason: reason("manager rule reason") }],
  controllers: [
    {
      name: "acme",
      managers: ["acme-robot"],
      kinds: ["VirtualService"],
      paths: ["spec.http"],
      reason: reason("controller rule reason"),
    },
  ],
  risk: [{ tier: 2, kinds: ["VirtualService"], names: ["ruled"], reason: reason("risk rule reason") }],
};

function writeRepository(folder: string, put: (name: string, text: string) => void): void {
  const substituted = `{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: substituted, namespace: shop}, spec: {hosts: [s], http: [{headers: {request: {set: {a: "\${KEY}"}}}}]}}`;
  const secret = `{apiVersion: v1, kind: Secret, metadata: {name: s, namespace: shop}, stringData: {a: ${plant("git Secret")}}}`;
  put(
    "git/overlay/kustomization.yaml",
    `resources: ["${fileName}", secret.yaml]\nsecretGenerator: [{name: g, literals: [a=${plant("git secretGenerator")}]}]\n`,
  );
  put("git/overlay/secret.yaml", secret);
  put(
    "git/failing/kustomization.yaml",
    `resources: [../overlay]\npatches: [{target: {kind: VirtualService}, patch: "- a: ${plant("git patch that fails")}"}]\n`,
  );
  put(`git/overlay/${fileName}`, [...olderObjects, substituted].join("\n---\n"));
  put(
    "git/CODEOWNERS",
    `* ann@example.com\n/overlay/ ghp_${secretOf("CODEOWNERS owner")}@example.com\n/x ${plant("CODEOWNERS wrong owner")}\n`,
  );
  put("git/.drift/exemptions.yaml", exemptions());
  const git = (...args: readonly string[]) => {
    const name = ["-c", `user.name=Ann ${plant("commit author")}`];
    const mail = ["-c", `user.email=${plant("commit e-mail")}@example.com`];
    execFileSync("git", [...name, ...mail, ...args], { cwd: folder, stdio: "pipe" });
  };
  git("init", "--quiet", "--initial-branch=main");
  git("add", "--all");
  git(
    "commit",
    "--quiet",
    `--message=Start with ${plant("commit subject")}`,
    `--message=${plant("commit body")}`,
  );
  put(`git/overlay/${fileName}`, [...gitObjects, substituted].join("\n---\n"));
  git("commit", "--quiet", "--all", `--message=Go on with ${plant("random subject")}`);
  git("branch", branch);
}

function exemptions(): string {
  const entry = (name: string, more: object) => ({
    resource: `shop/VirtualService/${name}`,
    reason: "slow",
    until: new Date(Date.now() + 86_400_000).toISOString().slice(0, 10),
    ...more,
  });
  return stringify({
    version: 1,
    exemptions: [
      entry("older", { reason: reason("exemption reason") }),
      entry("ruled", { ticket: plant("exemption ticket") }),
      entry("annotated", { by: plant("exemption by") }),
      entry("d", { [plant("exemption unknown key")]: 1 }),
      entry("e", { paths: [`spec.[${plant("exemption path")}`] }),
      entry("f", { until: plant("exemption until") }),
      entry("g", { resource: plant("exemption resource") }),
      // No credential by its form, but drawn at random by its looks.
      entry("accepted", { reason: `as ${plant("exemption random reason")} says` }),
    ],
  });
}

function auditLine(): string {
  const event = {
    kind: "Event",
    apiVersion: "audit.k8s.io/v1",
    stage: "ResponseComplete",
    verb: "update",
    user: { username: `admin ${plant("audit impersonator")}`, groups: [] },
    impersonatedUser: {
      username: `ann ${plant("audit user")}`,
      groups: [plant("audit group"), plant("random user")],
    },
    objectRef: {
      ...{ apiGroup: "networking.istio.io", resource: "virtualservices" },
      ...{ namespace: "shop", name: "annotated" },
    },
    requestURI: "/apis/x?fieldManager=kubectl-edit",
    userAgent: plant("audit user agent"),
    requestReceivedTimestamp: written,
    responseStatus: { code: 200 },
    requestObject: { spec: { x: plant("audit request") } },
  };
  return `${JSON.stringify(event)}\n`;
}

/** Leaves of live less than a guard bears, so that the next scan raises one. */
export function loseLive({ folder }: PlantedWorld): void {
  const left = liveObjects.filter((one, index) => index === 0 || !one.includes("kind: VirtualService,"));
  writeFileSync(path.join(folder, "live/mesh.yaml"), `${left.join("\n---\n")}\n`);
}

/** Parts of a configuration with which nothing can be read, and in which a secret leads to what should be. */
export const hopeless: readonly Hopeless[] = [
  { repository: { url: `https://u:${secretOf("repository URL")}@127.0.0.1:1/a.git` } },
  { repository: { url: `nowhere/${plant("repository path")}` } },
  { repository: { url: "https://127.0.0.1:1/a.git", tokenFile: "token" } },
  clusterOf({ token: secretOf("kubeconfig token") }),
  clusterOf({
    exec: {
      apiVersion: "client.authentication.k8s.io/v1",
      command: "sh",
      args: ["-c", `echo "no: ${plant("words of a plugin")} $API_KEY" >&2; exit 1`],
      env: [{ name: "API_KEY", value: secretOf("environment of a plugin") }],
      interactiveMode: "Never",
    },
  }),
];

/** A cluster of which nobody answers, with this user. */
function clusterOf(user: object): Hopeless {
  const kubeconfig = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:1" } }],
    users: [{ name: "u", user }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
  };
  return {
    // One that is not read from a file of its own: the world writes it beside the configuration.
    kubeconfig,
    clusters: { c: { context: "x", kubeconfig: "kubeconfig" }, broken: { snapshot: "broken" } },
  };
}
