import type { Direction, Effect } from "../../model/finding.ts";
import type { Resource } from "../../model/resource.ts";
import { field, textField } from "../../model/json.ts";
import type { Difference, EffectRow, EffectTable, KindEffects } from "../effect.ts";
import { namesAt, specAround, valueAt } from "../effect-values.ts";
import { any } from "../effect-words.ts";
import { isMeshPolicy } from "../kinds/peer-authentication.ts";
import { isSet } from "../sites.ts";
import type { Node } from "../table.ts";
import { ownScope, selectorRows, type Shift } from "./scope-rows.ts";

/**
 * Sentences about PeerAuthentications: whether plain text is accepted. Facts: istio.io/api security/v1beta1/
 * peer_authentication.proto; istio pilot/pkg/model/authentication.go:164-170, pilot/pkg/security/authn/
 * policy_applier.go:453-470 (a port's mode, then the workload's, then that of the policy above).
 */

/** What happens between two modes; "{}" stands for where. */
interface Step {
  readonly text: string;
  readonly direction: Direction;
}

const refused: Step = { text: "plaintext is refused {}", direction: "strengthens" };
const onlyPlain: Step = { text: "only plaintext is accepted {}: mutual TLS is off", direction: "weakens" };
const decidedAbove: Step = {
  text: "the policy above decides whether plaintext is accepted {}",
  direction: "weakens",
};

/** By Git's mode, then by live's. UNSET leaves it to the policy above, which may be weaker or stronger. */
const steps: Readonly<Record<string, Readonly<Record<string, Step>>>> = {
  STRICT: {
    PERMISSIVE: { text: "plaintext is accepted again {}", direction: "weakens" },
    DISABLE: onlyPlain,
    UNSET: { text: "plaintext may be accepted again {}: the policy above decides", direction: "weakens" },
  },
  PERMISSIVE: { STRICT: refused, DISABLE: onlyPlain, UNSET: decidedAbove },
  DISABLE: {
    STRICT: refused,
    PERMISSIVE: { text: "mutual TLS is accepted again {}, beside plaintext", direction: "strengthens" },
    UNSET: { ...decidedAbove, direction: "neutral" },
  },
  UNSET: {
    STRICT: refused,
    PERMISSIVE: { text: "plaintext is accepted {}, whatever the policy above says", direction: "weakens" },
    DISABLE: onlyPlain,
  },
};

type Side = "desired" | "live";

/** A side's nearest part around a place that is there at all. */
function nearest(at: Difference, side: Side): Node | undefined {
  for (let here: Difference | undefined = at; here !== undefined; here = here.up) {
    const node = here[side];
    if (node !== undefined) return node;
  }
  return undefined;
}

/** The spec of a side; undefined where it has none. */
function specAt(at: Difference, side: Side): Node | undefined {
  return specAround(at)?.[side];
}

/** The mode of a side: of a port, or of all that have none. */
function modeOf(at: Difference, side: Side, port?: string): string {
  const spec = specAt(at, side);
  const own = port === undefined ? undefined : valueAt(spec, "portLevelMtls", port, "mode");
  const mode = own ?? valueAt(spec, "mtls", "mode") ?? "UNSET";
  const node = nearest(at, side);
  return mode === "UNSET" && node !== undefined && isMeshPolicy(node.site) ? "PERMISSIVE" : String(mode);
}

function stepOf(at: Difference, port?: string): Step | undefined {
  return steps[modeOf(at, "desired", port)]?.[modeOf(at, "live", port)];
}

/** "in the whole mesh", "in namespace shop", "for the selected workloads" */
function placeOf(at: Difference): string {
  const selects = (side: Side): boolean => namesAt(specAt(at, side), "selector", "matchLabels").length > 0;
  return selects("live") || selects("desired")
    ? "for the selected workloads"
    : `in ${ownScope(nearest(at, "live"))}`;
}

function modeRow(portOf: (at: Difference) => string | undefined): EffectRow {
  return {
    when: (at) => stepOf(at, portOf(at)) !== undefined,
    text: (at) => {
      const port = portOf(at);
      const place = port === undefined ? placeOf(at) : `on port ${port}`;
      return stepOf(at, port)?.text.replace("{}", () => place);
    },
    direction: (at) => stepOf(at, portOf(at))?.direction ?? "weakens",
  };
}

const workloadMode = modeRow(() => undefined);
const otherMode = any("whether plaintext is accepted is decided differently", "weakens");

/** What all ports with a mode of their own come to together. */
function portsDirection(at: Difference): Direction {
  const ports = (["desired", "live"] as const).flatMap((side) => namesAt(specAt(at, side), "portLevelMtls"));
  const found = new Set(ports.map((port) => directionOfPort(at, port)));
  if (found.has("weakens")) return "weakens";
  return found.size === 1 && found.has("strengthens") ? "strengthens" : "neutral";
}

function directionOfPort(at: Difference, port: string): Direction {
  const [before, after] = [modeOf(at, "desired", port), modeOf(at, "live", port)];
  return before === after ? "neutral" : (steps[before]?.[after]?.direction ?? "weakens");
}

/** Taken by itself: a strict policy for more workloads, or one without mutual TLS for fewer, accepts nothing more. */
function scopeDirection(at: Difference, shift: Shift): Direction {
  const modes = (["desired", "live"] as const).map((side) =>
    namesAt(specAt(at, side), "portLevelMtls").length > 0 ? "" : modeOf(at, side),
  );
  const all = (mode: string): boolean => modes.every((one) => one === mode);
  return (all("STRICT") && shift === "more") || (all("DISABLE") && shift === "less") ? "neutral" : "weakens";
}

const fields: EffectTable = {
  spec: [workloadMode, otherMode],
  ...selectorRows("the policy", scopeDirection),
  "spec.mtls": [workloadMode, otherMode],
  "spec.portLevelMtls": [any("ports have another mode of their own", portsDirection)],
  "spec.portLevelMtls.*": [
    modeRow(({ name }) => name),
    any(({ name }) => `port ${name} has a mode of its own, or none, to the same effect`),
  ],
  "spec.portLevelMtls.*.mode": [
    modeRow(({ up }) => up?.name),
    any("a port has a mode of its own, or none, to the same effect"),
  ],
};

function specModes({ object }: Resource): { readonly mode: string; readonly hasPorts: boolean } {
  const spec = field(object, "spec");
  return { mode: textField(field(spec, "mtls"), "mode") || "UNSET", hasPorts: isSet(spec, "portLevelMtls") };
}

function missing(resource: Resource): Effect {
  const { mode, hasPorts } = specModes(resource);
  if (mode === "STRICT") return { text: "plaintext may be accepted again", direction: "weakens" };
  const direction = mode === "DISABLE" && !hasPorts ? "neutral" : "weakens";
  return { text: "the policy above decides whether plaintext is accepted", direction };
}

function extra(resource: Resource): Effect {
  const { mode, hasPorts } = specModes(resource);
  if (mode === "STRICT" && !hasPorts) return { text: "plaintext is refused", direction: "strengthens" };
  return { text: extraTexts[mode] ?? "plaintext may be accepted where it was refused", direction: "weakens" };
}

const extraTexts: Readonly<Record<string, string>> = {
  STRICT: "plaintext is refused, but for ports with a mode of their own",
  PERMISSIVE: "plaintext is accepted, whatever the policy above says",
  DISABLE: "only plaintext is accepted, mutual TLS is off",
};

/** What changes of a PeerAuthentication do. */
export const peerAuthenticationEffects: KindEffects = {
  group: "security.istio.io",
  kind: "PeerAuthentication",
  fields,
  missing,
  extra,
};
