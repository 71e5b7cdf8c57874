import type { Direction, Effect } from "../../model/finding.ts";
import { field, type Json } from "../../model/json.ts";
import { nameAt } from "../effect-values.ts";
import { nodeAtNames } from "../place.ts";
import { isSet, listAt, scalarText } from "../sites.ts";
import type { Node } from "../table.ts";

/**
 * What another way to encrypt connections to a host does (ClientTLSSettings of a DestinationRule).
 * Facts: istio pilot/pkg/networking/core/cluster_tls.go:113-135; istio.io/api networking/v1alpha3/destination_rule.proto
 * (ClientTLSSettings.TLSmode): a block without a mode is DISABLE, no block is automatic mutual TLS.
 */

/** No block at all: mutual TLS of the mesh where the workload takes it, else plaintext. */
export const autoTls = "auto";

/** The mode that a block asks for; undefined where there is none. */
export function tlsModeOf(tls: Node | undefined): string | undefined {
  if (tls === undefined) return undefined;
  const isSilent = tls.body.type === "record" && !tls.body.fields.has("mode");
  return isSilent ? "DISABLE" : (nameAt(tls, "mode") ?? "unknown");
}

/** The mode that a policy asks for; undefined where it says nothing of TLS. */
export function tlsModeIn(policy: Node | undefined): string | undefined {
  return policy && tlsModeOf(nodeAtNames(policy, ["tls"]));
}

/** Every mode that a DestinationRule asks for, as written: for its host, for ports and for subsets. */
export function tlsModesOf(object: Json | undefined): readonly string[] {
  const spec = field(object, "spec");
  const policies = [spec, ...listAt(spec, "subsets")].map((place) => field(place, "trafficPolicy"));
  return policies
    .flatMap((policy) => [policy, ...listAt(policy, "portLevelSettings")])
    .filter((block) => isSet(block, "tls"))
    .map((block) => scalarText(field(field(block, "tls"), "mode")) || "DISABLE");
}

/** From a mode of Git, to a mode of live: what is told of "connections to reviews". */
interface TlsRow {
  readonly git: string;
  readonly live: string;
  readonly text: string;
  readonly direction: Direction;
}

const anyMode = "*";

function tlsRow(git: string, live: string, direction: Direction, text: string): TlsRow {
  return { git, live, direction, text };
}

/** The first that fits. Where it is not sure that less is accepted or readable, it weakens. */
const tlsRows: readonly TlsRow[] = [
  tlsRow("SIMPLE", "SIMPLE", "weakens", "use other TLS settings than those of Git"),
  tlsRow("MUTUAL", "MUTUAL", "weakens", "use other TLS settings than those of Git"),
  tlsRow("ISTIO_MUTUAL", "ISTIO_MUTUAL", "weakens", "use other TLS settings than those of Git"),
  tlsRow(anyMode, "DISABLE", "weakens", "are no longer encrypted"),
  tlsRow("DISABLE", autoTls, "strengthens", "use mutual TLS where the workload takes it"),
  tlsRow("DISABLE", "SIMPLE", "strengthens", "are encrypted, without a certificate of the client"),
  tlsRow("DISABLE", "MUTUAL", "strengthens", "are encrypted by mutual TLS"),
  tlsRow("DISABLE", "ISTIO_MUTUAL", "strengthens", "are encrypted by the mesh's mutual TLS"),
  tlsRow(autoTls, "ISTIO_MUTUAL", "strengthens", "always use the mesh's mutual TLS"),
  tlsRow(
    "ISTIO_MUTUAL",
    autoTls,
    "weakens",
    "are encrypted only where Istio finds that the workload takes it",
  ),
  tlsRow(anyMode, autoTls, "weakens", "are no longer encrypted by the TLS settings of Git"),
  tlsRow("SIMPLE", "MUTUAL", "strengthens", "present a client certificate"),
  tlsRow(
    autoTls,
    "SIMPLE",
    "weakens",
    "use TLS without a client certificate, no longer automatic mutual TLS",
  ),
  tlsRow(anyMode, "SIMPLE", "weakens", "no longer present a client certificate"),
  tlsRow(anyMode, "MUTUAL", "weakens", "use other certificates than those of the mesh"),
  tlsRow(anyMode, "ISTIO_MUTUAL", "weakens", "use the certificates of the mesh, no longer those of Git"),
  tlsRow(anyMode, anyMode, "weakens", "are encrypted in another way"),
];

/**
 * What it does that connections to somewhere follow a block of one mode in place of another. Two blocks of one mode
 * may trust others; undefined where there is nothing to trust.
 */
export function tlsEffect(where: string, git: string, live: string): Effect | undefined {
  if (git === live && (git === autoTls || git === "DISABLE")) return undefined;
  const fits = (asked: string, mode: string): boolean => asked === anyMode || asked === mode;
  const found = tlsRows.find((row) => fits(row.git, git) && fits(row.live, live));
  return found && { text: `connections to ${where} ${found.text}`, direction: found.direction };
}
