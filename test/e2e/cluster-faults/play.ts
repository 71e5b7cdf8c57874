import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createKubernetesLive } from "../../../src/adapters/kubernetes/kubernetes-live.ts";
import type { Timing } from "../../../src/adapters/kubernetes/timing.ts";
import { type Finding } from "../../../src/core/model/finding.ts";
import { formatKey, formatKind, type GroupKind } from "../../../src/core/model/resource.ts";
import type { KindResult, ScanResult, TargetResult } from "../../../src/core/model/scan-result.ts";
import { runScan } from "../../../src/pipeline/scan.ts";
import type { ScanPorts } from "../../../src/pipeline/scan-ports.ts";
import type { LivePort } from "../../../src/ports/live.ts";
import type { Checkout } from "../../../src/ports/source.ts";
import type { ChooseFault, FaultRequest } from "../../support/fault.ts";
import { type FaultProxy, startFaultProxy } from "../../support/fault-proxy.ts";
import type { FaultRow } from "./faults.ts";
import type { Upstream } from "./upstream.ts";
import { config, desiredResources, inSyncCount, namespaces, readKinds, token, truth } from "./world.ts";
import { plainConnect } from "../../support/plain-connect.ts";

/** One call of the reference run: its path, its page, and what it is about. */
export interface Call {
  /** Path and query. */
  readonly url: string;
  readonly resource: string;
}

/** What one run with one fault at one call came to. */
export interface Played {
  readonly outcome: "complete" | "kinds" | "cluster";
  /** What was said and is not true. */
  readonly lies: readonly string[];
}

/** Runs with a proxy of their own, one after the other. */
export class Player {
  readonly #proxy: FaultProxy;
  readonly #upstream: Upstream;
  readonly #tokenFile: string;
  readonly #folder: string;

  private constructor(proxy: FaultProxy, upstream: Upstream, folder: string) {
    this.#proxy = proxy;
    this.#upstream = upstream;
    this.#folder = folder;
    this.#tokenFile = path.join(folder, "token");
  }

  static async start(upstream: Upstream): Promise<Player> {
    const folder = await mkdtemp(path.join(tmpdir(), "drift-faults-"));
    await writeFile(path.join(folder, "token"), token);
    const proxy = await startFaultProxy({ upstream: upstream.server, upstreamCaFile: upstream.caFile });
    return new Player(proxy, upstream, folder);
  }

  get requests(): FaultProxy["requests"] {
    return this.#proxy.requests;
  }

  get mostInFlight(): number {
    return this.#proxy.mostInFlight();
  }

  async stop(): Promise<void> {
    await this.#proxy.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** The calls of a run without a fault, in a fixed order. Throws where it does not find what there is. */
  async playWithout(): Promise<readonly Call[]> {
    const calls = new Map<string, Call>();
    const { outcome, lies } = await this.#play({ name: "", fault: { type: "hang" } }, (request) => {
      const url = urlOf(request);
      calls.set(url, { url, resource: request.resource });
      return false;
    });
    if (outcome !== "complete" || lies.length > 0)
      throw new Error(`without a fault: ${outcome} ${lies.join(", ")}`);
    return [...calls.values()].toSorted((a, b) => (a.url < b.url ? -1 : 1));
  }

  /** Plays a fault at one call: so many times, or for ever. */
  async play(row: FaultRow, call: Call, isForEver: boolean): Promise<Played> {
    const times = isForEver ? Infinity : (row.times ?? 1);
    let struck = 0;
    return this.#play(row, (request) => {
      const isMeant = callOf(urlOf(request)) === callOf(call.url);
      if (
        isMeant ||
        (isForEver && request.resource === call.resource && row.alsoStrikes?.(request) === true)
      ) {
        return ++struck <= times;
      }
      return false;
    });
  }

  async #play(row: FaultRow, isStruck: (request: FaultRequest) => boolean): Promise<Played> {
    const whole = new Set<string>();
    const choose: ChooseFault = (request) => {
      if (isStruck(request)) return row.fault;
      whole.add(urlOf(request));
      return undefined;
    };
    const live = this.#live(row);
    if (row.isSecondRead === true) {
      this.#proxy.setFault(() => undefined);
      await live.read({
        kinds: readKinds,
        now: new Date(0),
        namespacesOf: () => Promise.resolve(["istio-system"]),
      });
    }
    this.#proxy.setFault(choose);
    const result = await scan(live);
    live.close();
    const [target, other] = result.targets;
    if (target === undefined || other === undefined) throw new Error("a target is lost");
    return {
      outcome: outcomeOf(target),
      lies: [
        ...liesOf(target),
        ...this.#falseInSync(target, whole),
        ...(JSON.stringify(result).includes(token) ? ["false secrecy: the token is told"] : []),
        ...(other.verdict === "in-sync" ? [] : [`false verdict of another cluster: ${other.verdict}`]),
      ],
    };
  }

  #live(row: FaultRow): LivePort {
    const { server, caFile } = this.#proxy;
    return createKubernetesLive({
      access: { type: "server", server, caFile, tokenFile: this.#tokenFile },
      connect: plainConnect,
      limits: { connectTimeoutMs: 20_000, headersTimeoutMs: 20_000, idleTimeoutMs: 20_000, ...row.limits },
      timing: impatientTiming(),
    });
  }

  /** Kinds that are called in sync although there is something to find, or not all pages of their list came. */
  #falseInSync({ kinds }: TargetResult, whole: ReadonlySet<string>): readonly string[] {
    const inSync = kinds.filter(({ verdict }) => verdict === "in-sync");
    return inSync
      .filter((kind) => hasTruth(kind) || !this.#isRead(kind, whole))
      .map((kind) => `false in-sync ${formatKind(kind)}`);
  }

  /** Whether every page of a list of the kind came as the server sent it: of the cluster, or of all namespaces. */
  #isRead(kind: GroupKind, whole: ReadonlySet<string>): boolean {
    const firsts = [...whole].filter((url) => !url.includes("continue=") && isListOf(url, kind));
    const complete = firsts.filter((url) => this.#isWhole(url, whole));
    const inAll = namespaces.every((name) => complete.some((url) => url.includes(`/namespaces/${name}/`)));
    return inAll || complete.some((url) => !/\/namespaces\/./.test(url));
  }

  #isWhole(first: string, whole: ReadonlySet<string>): boolean {
    for (let url: string | undefined = first; url !== undefined; url = this.#upstream.next(url)) {
      if (!whole.has(url)) return false;
    }
    return true;
  }
}

/** No time passes but what is slept, and that at once. */
function impatientTiming(): Timing {
  let nowMs = Date.parse("2026-01-02T00:00:00Z");
  return {
    now: () => nowMs,
    sleep: (durationMs) => {
      nowMs += durationMs;
      return Promise.resolve();
    },
    random: () => 0.5,
  };
}

function urlOf({ path: pathname, query }: FaultRequest): string {
  const text = query.toString();
  return text === "" ? pathname : `${pathname}?${text}`;
}

/**
 * A call is the same where it asks for the same page: a list that is asked for again may ask for nothing older, and the
 * tokens of a later moment are other ones.
 */
function callOf(url: string): string {
  const { pathname, searchParams: query } = new URL(url, "https://127.0.0.1");
  const token = Buffer.from(query.get("continue") ?? "", "base64url").toString();
  return [pathname, query.get("limit"), /"start":"([^"]*)"/.exec(token)?.[1]].join(" ");
}

function isListOf(url: string, { group, kind }: GroupKind): boolean {
  const pathname = url.split("?")[0] ?? "";
  const plural = pathname.slice(pathname.lastIndexOf("/") + 1);
  const isGroup = group === "" ? pathname.startsWith("/api/") : pathname.startsWith(`/apis/${group}/`);
  const singular = plural.endsWith("ies") ? `${plural.slice(0, -3)}y` : plural.replace(/(?<=ss)es$|s$/, "");
  return isGroup && singular === kind.toLowerCase();
}

function hasTruth({ group, kind }: KindResult): boolean {
  const shown = kind === "Gateway" ? formatKind({ group, kind }) : kind;
  return [...truth].some((line) => line.split(" ")[1]?.split("/").at(-2) === shown);
}

function told({ type, key }: Finding): string {
  return `${type} ${formatKey(key)}`;
}

function outcomeOf({ unchecked, findings, inSync }: TargetResult): Played["outcome"] {
  if (unchecked.some(({ key, kind }) => key === undefined && kind === undefined)) return "cluster";
  const isComplete = findings.length === truth.size && inSync === inSyncCount;
  return unchecked.length === 0 && isComplete ? "complete" : "kinds";
}

function liesOf(target: TargetResult): readonly string[] {
  const { findings, unchecked, verdict } = target;
  const isSilent = unchecked.length === 0 && findings.length < truth.size;
  return [
    ...findings.filter((finding) => !truth.has(told(finding))).map((finding) => `false ${told(finding)}`),
    ...(verdict === "in-sync" ? ["false in-sync of the target"] : []),
    ...(isSilent
      ? [`false silence: ${String(truth.size - findings.length)} findings less, nothing unchecked`]
      : []),
  ];
}

async function scan(live: LivePort): Promise<ScanResult> {
  return runScan(config, portsOf(live), {
    targets: config.targets,
    tolerated: [],
    now: () => new Date("2026-01-02T00:00:00Z"),
    fingerprintKey: "key",
    version: "1.0.0",
  });
}

const checkout: Checkout = {
  repository: "/mesh",
  revision: "main",
  revisionType: "branch",
  commit: { sha: "4f2c91e", author: "Ann", date: "2026-01-01T00:00:00Z", subject: "All" },
  tree: new Map(),
  readBlobs: () => Promise.resolve([]),
  lastCommits: () => Promise.resolve(new Map()),
  commitsTouching: () => Promise.resolve([]),
  isAncestor: () => Promise.resolve(undefined),
  blame: () => Promise.resolve(new Map()),
  close: () => Promise.resolve(),
};

function portsOf(live: LivePort): ScanPorts {
  const whole = {
    unchecked: [],
    unread: [],
    unserved: [],
    isComplete: () => true,
    source: "memory",
    asOf: "",
  };
  const well = desiredResources.slice(0, 1);
  return {
    source: { checkout: () => Promise.resolve(checkout) },
    renderer: {
      version: "0",
      prepare: () => undefined,
      render: ({ overlay }) =>
        Promise.resolve({
          type: "rendered",
          resources: overlay === "t" ? desiredResources : well,
          warnings: [],
          files: [],
          bases: [],
          cached: false,
        }),
      close: () => Promise.resolve(),
    },
    live: ({ name }) =>
      name === "c"
        ? { ...live, read: (request) => live.read({ ...request, kinds: readKinds }) }
        : {
            read: () => Promise.resolve({ ...whole, resources: well }),
            readWhole: () => Promise.resolve({ objects: [], unread: [], isComplete: () => false }),
            close: () => undefined,
          },
    rules: () => Promise.resolve({ managers: [], controllers: [], risk: [] }),
  };
}
