import * as s from "../shapes.ts";
import { holdsLogin } from "../secrets.ts";
import type { Field } from "../table.ts";
import { tcpLimits } from "./connection-pool.ts";
import { inOrder, type Settings, zeroTrap } from "./mesh-config-words.ts";
import { probe } from "./workload-group.ts";

/** A message that is read as elsewhere, without what was said of leaving it out there. */
export function sameShape({ shape }: Field): Field {
  return { shape };
}

const address: Field = s.text({ secret: holdsLogin });

const flag: Field = s.present(s.boolean());

/** How a client of the control plane's speaks TLS: not everything of it is read where a DestinationRule's is. */
export const tlsSettings: Field = s.message({
  mode: s.numberedEnumeration({ DISABLE: 0, SIMPLE: 1, MUTUAL: 2, ISTIO_MUTUAL: 3 }),
  clientCertificate: s.text(),
  privateKey: s.text(),
  caCertificates: s.text(),
  caCrl: s.text(),
  credentialName: s.text(),
  subjectAltNames: s.listOf(s.text(), inOrder()),
  sni: s.text(),
  insecureSkipVerify: flag,
});

/** The maximum numbers and the switch of a tracer or provider for Stackdriver. */
export const stackdriverLimits: Readonly<Record<string, Field>> = {
  debug: s.boolean(),
  maxNumberOfAttributes: s.present(s.number()),
  maxNumberOfAnnotations: s.present(s.number()),
  maxNumberOfMessageEvents: s.present(s.number()),
};

/** How a trace is handed on, in the order of preference. */
export const traceContext: Field = s.listOf(
  s.numberedEnumeration({ UNSPECIFIED: 0, W3C_TRACE_CONTEXT: 1, GRPC_BIN: 2, CLOUD_TRACE_CONTEXT: 3, B3: 4 }),
  inOrder(),
);

/** Tags may hold a key, as those of a Telemetry. */
const customTag: Field = s.message({
  literal: s.message({ value: s.secretText() }),
  environment: s.message({ name: s.text(), defaultValue: s.secretText() }),
  header: s.message({ name: s.text(), defaultValue: s.secretText() }),
});

const tracing: Field = s.message(
  {
    zipkin: s.message({ address }),
    lightstep: s.message({ address, accessToken: s.secretText() }),
    datadog: s.message({ address }),
    stackdriver: s.message(stackdriverLimits),
    openCensusAgent: s.message({ address, context: traceContext }),
    customTags: s.mapOf(customTag),
    maxPathTagLength: s.number(),
    sampling: s.fraction(),
    tlsSettings,
    enableIstioTags: flag,
  },
  {
    rows: zeroTrap(
      "tracing-empty",
      {},
      "An empty block replaces the tracer; nothing of another one is kept.",
    ),
  },
);

const remoteService: Field = s.message({
  address,
  tlsSettings,
  tcpKeepalive: tcpLimits["tcpKeepalive"] ?? s.message({}),
});

const clientCertDetails: Field = s.numberedEnumeration({
  UNDEFINED: 0,
  SANITIZE: 1,
  FORWARD_ONLY: 2,
  APPEND_FORWARD: 3,
  SANITIZE_SET: 4,
  ALWAYS_FORWARD_ONLY: 5,
});

const proxyHeaders: Field = s.message({
  forwardedClientCert: clientCertDetails,
  setCurrentClientCertDetails: s.message({ subject: flag, cert: flag, chain: flag, dns: flag, uri: flag }),
  requestId: s.message({ disabled: flag }),
  server: s.message({ disabled: flag, value: s.text() }),
  attemptCount: s.message({ disabled: flag }),
  envoyDebugHeaders: s.message({ disabled: flag }),
  metadataExchangeHeaders: s.message({ mode: s.numberedEnumeration({ UNDEFINED: 0, IN_MESH: 1 }) }),
  preserveHttp1HeaderCase: flag,
  xForwardedHost: s.message({ enabled: flag }),
  xForwardedPort: s.message({ enabled: flag }),
});

const keyProvider: Field = s.message({ pollDelay: s.duration(), fallback: flag });

/** Settings that are the zero of their type, or not there, unless they are set. */
const plainSettings: Readonly<Record<string, Field>> = {
  binaryPath: s.text(),
  tracingServiceName: s.present(
    s.numberedEnumeration({
      APP_LABEL_AND_NAMESPACE: 0,
      CANONICAL_NAME_ONLY: 1,
      CANONICAL_NAME_AND_NAMESPACE: 2,
    }),
  ),
  discoveryRefreshDelay: s.duration(),
  zipkinAddress: address,
  statsdUdpAddress: address,
  envoyMetricsServiceAddress: address,
  availabilityZone: s.text(),
  customConfigFile: s.text(),
  concurrency: s.present(
    s.number({
      rows: zeroTrap(
        "concurrency-zero",
        0,
        "0 is a thread for every core; without a number the limit of the CPU decides.",
      ),
    }),
  ),
  proxyBootstrapTemplatePath: s.text(),
  interceptionMode: s.numberedEnumeration({ REDIRECT: 0, TPROXY: 1, NONE: 2 }),
  tracing,
  sds: s.message({ enabled: s.boolean(), k8sSaJwtPath: s.text() }),
  envoyAccessLogService: remoteService,
  envoyMetricsService: remoteService,
  // People hand tokens to proxies this way.
  proxyMetadata: s.mapOf(s.secretText()),
  runtimeValues: s.mapOf(s.text()),
  extraStatTags: s.listOf(s.text(), inOrder()),
  gatewayTopology: s.message({
    numTrustedProxies: s.number(),
    forwardClientCertDetails: clientCertDetails,
    proxyProtocol: s.message({}),
  }),
  meshId: s.text(),
  readinessProbe: sameShape(probe),
  proxyStatsMatcher: s.message({
    inclusionPrefixes: s.listOf(s.text(), inOrder()),
    inclusionSuffixes: s.listOf(s.text(), inOrder()),
    inclusionRegexps: s.listOf(s.text(), inOrder()),
  }),
  holdApplicationUntilProxyStarts: s.present(
    s.boolean({
      rows: zeroTrap(
        "hold-application-false",
        false,
        "An explicit false is a value of its own to Istio, which injection is handed; leaving it out is none.",
      ),
    }),
  ),
  // A person may paste the key along with a certificate.
  caCertificatesPem: s.listOf(s.secretText(), inOrder()),
  image: s.message({ imageType: s.text() }),
  privateKeyProvider: s.message({ cryptomb: keyProvider, qat: keyProvider }),
  proxyHeaders,
  fileFlushInterval: s.duration(),
  fileFlushMinSizeKb: s.number(),
  statsCompression: flag,
};

/** What proxies are started with unless something nearer to them says otherwise (ProxyConfig of MeshConfig). */
export function defaultConfig({ plain, unless }: Settings): Field {
  const fields = Object.entries(plainSettings).map(([name, field]) => [name, plain(field)] as const);
  const port = s.number({
    rows: zeroTrap("admin-port-zero", 0, "An explicit 0 replaces the port; it is not the default one."),
  });
  return s.message(
    {
      ...Object.fromEntries(fields),
      configPath: unless("config-path", "./etc/istio/proxy", s.text()),
      serviceCluster: unless("service-cluster", "istio-proxy", s.text()),
      drainDuration: unless("drain-duration", "45s", s.duration()),
      terminationDrainDuration: unless("termination-drain-duration", "5s", s.duration()),
      discoveryAddress: unless("discovery-address", "istiod.istio-system.svc:15012", s.text()),
      proxyAdminPort: unless("proxy-admin-port", 15000, port),
      controlPlaneAuthPolicy: unless(
        "control-plane-auth-policy",
        "MUTUAL_TLS",
        s.numberedEnumeration({ NONE: 0, MUTUAL_TLS: 1, INHERIT: 1000 }),
      ),
      statNameLength: unless("stat-name-length", 189, s.number()),
      statusPort: unless("status-port", 15020, s.number()),
    },
    {
      rows: [
        s.absent(
          "mesh-config/default-config-empty",
          "E1",
          {},
          {
            reason: "The block is merged field by field, so an empty one sets nothing.",
            source: "istio pkg/config/mesh/mesh.go:146-167, 213-223",
          },
        ),
      ],
    },
  );
}
