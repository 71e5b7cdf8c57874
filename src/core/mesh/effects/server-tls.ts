import type { Direction } from "../../model/finding.ts";
import type { Difference, EffectRow, EffectTable } from "../effect.ts";
import { eitherSide, itemAround, itemsAt, nameAt, nameOf, valueAt } from "../effect-values.ts";
import {
  added,
  any,
  emptied,
  filled,
  from,
  listRows,
  removed,
  reordered,
  to,
  told,
} from "../effect-words.ts";

/**
 * Sentences about how a listener takes TLS from its clients: the server of a Gateway, the ingress of a Sidecar.
 * Facts: istio.io/api networking/v1alpha3/gateway.proto (ServerTLSSettings): a block without a mode is PASSTHROUGH.
 */

/** "on port 443": the listener around a difference. */
export function onPort(at: Difference): string {
  const listener = eitherSide(itemAround(at, "servers") ?? itemAround(at, "ingress"));
  const port = nameAt(listener, "port", "number");
  return port === undefined ? "on a port" : `on port ${port}`;
}

/** A sentence about the listener around. */
export function aboutPort(before: string, after = ""): (at: Difference) => string {
  return (at) => `${before} ${onPort(at)}${after}`;
}

/** From a mode of Git to a mode of live, "*" for any. The first that fits. */
const modes: readonly (readonly [git: string, live: string, direction: Direction, text: string])[] = [
  ["*", "AUTO_PASSTHROUGH", "weakens", "clients may reach every service of the mesh by its SNI"],
  ["MUTUAL", "SIMPLE", "weakens", "clients need no certificate any more"],
  ["ISTIO_MUTUAL", "SIMPLE", "weakens", "clients need no certificate any more"],
  ["OPTIONAL_MUTUAL", "SIMPLE", "weakens", "clients are no longer asked for a certificate"],
  ["*", "SIMPLE", "weakens", "TLS ends here, and clients need no certificate"],
  ["MUTUAL", "OPTIONAL_MUTUAL", "weakens", "clients may stay without a certificate"],
  ["ISTIO_MUTUAL", "OPTIONAL_MUTUAL", "weakens", "clients may stay without a certificate"],
  ["SIMPLE", "OPTIONAL_MUTUAL", "neutral", "clients are asked for a certificate and may stay without"],
  ["SIMPLE", "MUTUAL", "strengthens", "clients must present a certificate"],
  ["OPTIONAL_MUTUAL", "MUTUAL", "strengthens", "clients must present a certificate"],
  ["ISTIO_MUTUAL", "MUTUAL", "weakens", "clients must present a certificate of another CA than the mesh's"],
  ["*", "MUTUAL", "weakens", "TLS ends here, and clients must present a certificate"],
  ["*", "ISTIO_MUTUAL", "weakens", "clients must present a certificate of the mesh"],
  ["*", "PASSTHROUGH", "weakens", "TLS is passed on to the workload, and no certificate is checked"],
  ["*", "*", "weakens", "TLS is taken in another way"],
];

const modeRow: EffectRow = told((at) => {
  const [git, live] = [nameOf(at.desired) ?? "PASSTHROUGH", nameOf(at.live) ?? "PASSTHROUGH"];
  const found = modes.find(([a, b]) => (a === "*" || a === git) && (b === "*" || b === live));
  return found && { text: `${found[3]} ${onPort(at)}`, direction: found[2] };
});

const mutual = new Set(["MUTUAL", "OPTIONAL_MUTUAL"]);

/** A Secret holds the CA for clients' certificates, too. */
function whereMutual(at: Difference): Direction {
  const asked = [at.up?.desired, at.up?.live].map((side) => valueAt(side, "mode"));
  return asked.some((mode) => typeof mode === "string" && mutual.has(mode)) ? "weakens" : "neutral";
}

/** TLS_AUTO is 1.2 at least and 1.3 at most. */
const versions: Readonly<Record<string, number>> = { TLSV1_0: 0, TLSV1_1: 1, TLSV1_2: 2, TLSV1_3: 3 };

function versionRow(
  automatic: number,
  texts: { readonly lower: string; readonly higher: string; readonly higherIs: Direction },
): EffectRow {
  return told((at) => {
    const version = (side: Difference["live"]): number | undefined => {
      const name = nameOf(side) ?? "TLS_AUTO";
      return name === "TLS_AUTO" ? automatic : versions[name];
    };
    const [git, live] = [version(at.desired), version(at.live)];
    if (git === undefined || live === undefined || git === live) return undefined;
    const isLower = live < git;
    const text = `${isLower ? texts.lower : texts.higher} 1.${String(live)} ${onPort(at)}`;
    return { text, direction: isLower ? "weakens" : texts.higherIs };
  });
}

const oldestVersion: readonly EffectRow[] = [
  versionRow(2, {
    lower: "clients may use TLS versions down to",
    higher: "clients must use at least TLS",
    higherIs: "strengthens",
  }),
  any(aboutPort("the oldest version of TLS is chosen in another way")),
];

const newestVersion: readonly EffectRow[] = [
  versionRow(3, {
    lower: "clients can use no newer version of TLS than",
    higher: "clients may use TLS versions up to",
    higherIs: "neutral",
  }),
  any(aboutPort("the newest version of TLS is chosen in another way")),
];

/** Of two lists of certificates either is enough: a second one accepts more. */
function unlessBeside(other: string): (at: Difference) => Direction {
  return (at) => {
    const tls = at.name === "[]" ? at.up?.up : at.up;
    return itemsAt(tls?.desired, other).length > 0 ? "weakens" : "strengthens";
  };
}

function clientRows(what: string, way: Direction | ((at: Difference) => Direction)): readonly EffectRow[] {
  return [
    emptied(aboutPort(`clients need no particular ${what} any more`), "weakens"),
    filled(aboutPort(`clients need a particular ${what}`), way),
    added(aboutPort(`clients with one more ${what} are accepted`), "weakens"),
    removed(aboutPort(`clients with one ${what} are no longer accepted`), "strengthens"),
    any(aboutPort(`clients with another ${what} are accepted`), "weakens"),
  ];
}

const certificate = aboutPort("another certificate is presented");
const clientCa = aboutPort("another CA is trusted for clients' certificates");

/** What changes of the block at a path do; `whole`: what it does that only one side has it. */
export function serverTlsRows(path: string, whole: readonly EffectRow[]): EffectTable {
  return {
    [path]: [...whole, any(aboutPort("TLS is taken in another way"), "weakens")],
    [`${path}.httpsRedirect`]: [
      to(true, aboutPort("plaintext requests are redirected to HTTPS"), "strengthens"),
      from(true, aboutPort("plaintext requests are served, no longer redirected to HTTPS,"), "weakens"),
      any(aboutPort("plaintext requests are not redirected, as before,")),
    ],
    [`${path}.mode`]: [modeRow],
    [`${path}.serverCertificate`]: [any(certificate)],
    [`${path}.privateKey`]: [any(aboutPort("another key goes with the certificate"))],
    [`${path}.credentialName`]: [any(certificate, whereMutual)],
    [`${path}.credentialNames`]: [any(certificate, whereMutual)],
    [`${path}.tlsCertificates`]: [any(certificate, whereMutual)],
    [`${path}.caCertificates`]: [any(clientCa, "weakens")],
    [`${path}.caCertCredentialName`]: [any(clientCa, "weakens")],
    [`${path}.caCrl`]: [
      removed(aboutPort("revoked certificates of clients are accepted"), "weakens"),
      added(aboutPort("revoked certificates of clients are refused"), "strengthens"),
      any(aboutPort("other certificates of clients count as revoked"), "weakens"),
    ],
    ...listRows(`${path}.subjectAltNames`, clientRows("name", "strengthens")),
    ...listRows(`${path}.verifyCertificateSpki`, clientRows("key", unlessBeside("verifyCertificateHash"))),
    ...listRows(
      `${path}.verifyCertificateHash`,
      clientRows("certificate", unlessBeside("verifyCertificateSpki")),
    ),
    [`${path}.minProtocolVersion`]: oldestVersion,
    [`${path}.maxProtocolVersion`]: newestVersion,
    ...listRows(`${path}.cipherSuites`, [
      reordered(aboutPort("other cipher suites are preferred"), "weakens"),
      emptied(aboutPort("the default cipher suites are accepted"), "weakens"),
      filled(aboutPort("cipher suites are accepted as listed, no longer the default ones,"), "weakens"),
      added(aboutPort("one more cipher suite is accepted"), "weakens"),
      removed(aboutPort("a cipher suite is no longer accepted"), "strengthens"),
      any(aboutPort("other cipher suites are accepted"), "weakens"),
    ]),
  };
}
