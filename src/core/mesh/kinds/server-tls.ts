import * as s from "../shapes.ts";
import type { Field, FieldRow, Order } from "../table.ts";

const validation = "istio pkg/config/validation/validation.go:131-148";

/**
 * How a listener takes TLS from its clients: the server of a Gateway, the ingress listener of a Sidecar. `credential`:
 * what is known of the names of credentials there; `rows`: of the block as a whole.
 */
export function serverTls(
  kind: string,
  {
    credential = [],
    rows,
  }: { readonly credential?: readonly FieldRow[]; readonly rows: readonly FieldRow[] },
): Field {
  const certificates: Order = s.ordered(`${kind}/certificates`, {
    reason: "The first certificate is the default one.",
    source: "envoy api/envoy/extensions/transport_sockets/tls/v3/tls.proto (tls_certificates)",
  });
  const anyOf = (name: string): Field => s.listOf(s.text(), acceptsAny(`${kind}/${name}`));
  return s.message(
    {
      httpsRedirect: s.boolean(),
      mode: s.enumeration("PASSTHROUGH"),
      serverCertificate: s.text(),
      privateKey: s.text(),
      caCertificates: s.text(),
      caCrl: s.text(),
      credentialName: s.text({ rows: credential }),
      credentialNames: s.listOf(s.text({ rows: credential }), certificates),
      caCertCredentialName: s.text(),
      tlsCertificates: s.listOf(
        s.message({ serverCertificate: s.text(), privateKey: s.text(), caCertificates: s.text() }),
        certificates,
      ),
      subjectAltNames: anyOf("subject-alt-names"),
      verifyCertificateSpki: anyOf("certificate-spki"),
      verifyCertificateHash: anyOf("certificate-hash"),
      minProtocolVersion: s.enumeration("TLS_AUTO"),
      maxProtocolVersion: s.enumeration("TLS_AUTO"),
      cipherSuites: s.listOf(
        s.text(),
        s.ordered(`${kind}/cipher-suites`, {
          reason: "Earlier cipher suites are preferred.",
          source: `${validation}; istio pilot/pkg/networking/core/gateway.go:801`,
        }),
      ),
    },
    { rows },
  );
}

function acceptsAny(id: string): Order {
  return s.set(id, {
    reason: "Any of them is accepted.",
    source: "envoy api/envoy/extensions/transport_sockets/tls/v3/common.proto (CertificateValidationContext)",
  });
}
