import { isList, isObject } from "../../model/json.ts";
import { textRows } from "../mesh-text.ts";
import { holdsLogin } from "../secrets.ts";
import { overlay, sharedUnder } from "../shared-config.ts";
import * as s from "../shapes.ts";
import type { Field, FieldRow, Order } from "../table.ts";
import { tcpLimits } from "./connection-pool.ts";
import { localityLbSetting } from "./destination-rule-balancing.ts";
import { extensionProviders } from "./mesh-config-providers.ts";
import { defaultConfig, sameShape, tlsSettings } from "./mesh-config-proxy.ts";
import { inOrder, settingsOf, zeroTrap } from "./mesh-config-words.ts";
import { retries } from "./virtual-service-retries.ts";

const source = "istio pkg/config/mesh/mesh.go";

const settings = settingsOf(() => message);
const { plain, unless } = settings;

const flag: Field = s.present(s.boolean());

const names: Field = s.listOf(s.text(), inOrder());

const labelSelector: Field = s.message({
  matchLabels: s.mapOf(s.text()),
  matchExpressions: s.listOf(
    s.message({ key: s.text(), operator: s.text(), values: names }),
    inOrder([[["key"]]]),
  ),
});

const tlsConfig: Field = s.message({
  minProtocolVersion: s.numberedEnumeration({ TLS_AUTO: 0, TLSV1_2: 1, TLSV1_3: 2 }),
  ecdhCurves: names,
  cipherSuites: names,
});

function exportTo(name: string): Field {
  return unless(
    `${name}-export-to`,
    ["*"],
    s.listOf(s.text(), inOrder(), {
      rows: zeroTrap(`${name}-export-empty`, [], "An empty list replaces the default; it is not everywhere."),
    }),
  );
}

const outboundTrafficPolicy: Field = unless(
  "outbound-traffic-policy",
  { mode: "ALLOW_ANY" },
  s.message(
    {
      mode: s.numberedEnumeration({ REGISTRY_ONLY: 0, ALLOW_ANY: 1, ALLOW_ANY_DYNAMIC_DNS: 3 }),
      tls: tlsSettings,
    },
    {
      rows: zeroTrap("outbound-empty", {}, "An empty block replaces the default ALLOW_ANY by REGISTRY_ONLY."),
    },
  ),
);

/** Two of one name are one. */
const aliasOnce: FieldRow = s.rewrite(
  "mesh-config/repeated-alias",
  "E1",
  (value) => (isList(value) && new Set(value).size < value.length ? [...new Set(value)] : value),
  { reason: "An alias of the trust domain that is written twice is one.", source: `${source}:258-263` },
);

const aliasOrder: Order = {
  ...s.set("mesh-config/trust-domain-aliases", {
    reason: "The aliases of the trust domain are a set, which istiod sorts.",
    source: `${source}:258-263`,
  }),
  level: "E1",
};

const certificateData: Field = s.message({
  // A person may paste the key along with a certificate.
  pem: s.present(s.secretText()),
  spiffeBundleUrl: s.present(s.text({ secret: holdsLogin })),
  certSigners: names,
  trustDomains: names,
});

const defaultProviders: Field = s.message(
  {
    tracing: plain(names),
    metrics: plain(names),
    accessLogging: plain(names),
  },
  {
    rows: [
      s.absent(
        "mesh-config/default-providers-empty",
        "E1",
        {},
        {
          reason: "The block is merged field by field, so an empty one sets nothing.",
          source: `${source}:224-235`,
        },
      ),
    ],
  },
);

/** Settings that are the zero of their type, or not there, unless they are set. */
const plainSettings: Readonly<Record<string, Field>> = {
  proxyHttpPort: s.number(),
  hboneIdleTimeout: s.duration(),
  tcpKeepalive: tcpLimits["tcpKeepalive"] ?? s.message({}),
  ingressSelector: s.text(),
  accessLogFile: s.text(),
  accessLogFormat: s.text(),
  accessLogEncoding: s.numberedEnumeration({ TEXT: 0, JSON: 1 }),
  enableEnvoyAccessLogService: s.boolean(),
  disableEnvoyListenerLog: s.boolean(),
  configSources: s.listOf(
    s.message({
      address: s.text({ secret: holdsLogin }),
      tlsSettings,
      subscribedResources: s.listOf(s.numberedEnumeration({ SERVICE_REGISTRY: 0 }), inOrder()),
    }),
    inOrder([[["address"]]]),
  ),
  caCertificates: s.listOf(certificateData, inOrder([[["spiffeBundleUrl"]]])),
  h2UpgradePolicy: s.numberedEnumeration({ DO_NOT_UPGRADE: 0, UPGRADE: 1 }),
  inboundClusterStatName: s.text(),
  outboundClusterStatName: s.text(),
  certificates: s.listOf(s.message({ secretName: s.text(), dnsNames: names }), inOrder([[["secretName"]]])),
  serviceSettings: s.listOf(
    s.message({ settings: s.message({ clusterLocal: s.boolean() }), hosts: names }),
    inOrder(),
  ),
  serviceScopeConfigs: s.listOf(
    s.message({
      namespaceSelector: labelSelector,
      servicesSelector: labelSelector,
      scope: s.numberedEnumeration({ LOCAL: 0, GLOBAL: 1 }),
    }),
    inOrder(),
  ),
  verifyCertificateAtClient: flag,
  ca: s.message({
    address: s.text({ secret: holdsLogin }),
    tlsSettings,
    requestTimeout: s.duration(),
    istiodSide: s.boolean(),
  }),
  discoverySelectors: s.listOf(labelSelector, inOrder()),
  pathNormalization: s.message({
    normalization: s.numberedEnumeration({
      DEFAULT: 0,
      NONE: 1,
      BASE: 2,
      MERGE_SLASHES: 3,
      DECODE_AND_MERGE_SLASHES: 4,
    }),
  }),
  defaultHttpRetryPolicy: {
    ...sameShape(retries),
    rows: zeroTrap(
      "retries-empty",
      {},
      "Without the policy requests are tried again twice; an empty one has 0 attempts, so there are no retries in the mesh.",
    ),
  },
  meshMTLS: tlsConfig,
  tlsDefaults: tlsConfig,
  // Of Istio 1.31, whose shapes are not known here: compared as written.
  defaultTrafficPolicy: { shape: { type: "free" } },
  serviceEntryVisibility: { shape: { type: "free" } },
  zoneAwareLbSetting: { shape: { type: "free" } },
};

const fields: Readonly<Record<string, Field>> = {
  ...Object.fromEntries(Object.entries(plainSettings).map(([name, field]) => [name, plain(field)])),
  defaultConfig: defaultConfig(settings),
  defaultProviders,
  extensionProviders: extensionProviders(settings),
  trustDomainAliases: s.listOf(s.text(), aliasOrder, { rows: [aliasOnce] }),
  outboundTrafficPolicy,
  enableTracing: unless(
    "enable-tracing",
    true,
    s.boolean({ rows: zeroTrap("tracing-off", false, "Tracing is on unless it is turned off.") }),
  ),
  ingressClass: unless(
    "ingress-class",
    "istio",
    s.text({ rows: zeroTrap("ingress-class-empty", "", "An empty class replaces the default one.") }),
  ),
  ingressControllerMode: unless(
    "ingress-controller-mode",
    "STRICT",
    s.numberedEnumeration(
      { UNSPECIFIED: 0, OFF: 1, DEFAULT: 2, STRICT: 3 },
      {
        rows: zeroTrap(
          "ingress-mode-unspecified",
          "UNSPECIFIED",
          "The value UNSPECIFIED replaces the default STRICT.",
        ),
      },
    ),
  ),
  protocolDetectionTimeout: unless("protocol-detection-timeout", "0s", s.duration()),
  ingressService: unless("ingress-service", "istio-ingressgateway", s.text()),
  trustDomain: unless("trust-domain", "cluster.local", s.text()),
  enableAutoMtls: unless(
    "enable-auto-mtls",
    true,
    s.boolean({
      rows: zeroTrap("auto-mtls-off", false, "Mutual TLS is chosen by itself unless that is turned off."),
    }),
  ),
  inboundTrafficPolicy: unless(
    "inbound-traffic-policy",
    { mode: "PASSTHROUGH" },
    s.message({ mode: s.numberedEnumeration({ PASSTHROUGH: 0, LOCALHOST: 1 }) }),
  ),
  localityLbSetting: unless("locality-lb-setting", { enabled: true }, sameShape(localityLbSetting)),
  rootNamespace: unless("root-namespace", "istio-system", s.text()),
  proxyListenPort: unless("proxy-listen-port", 15001, s.number()),
  proxyInboundListenPort: unless("proxy-inbound-listen-port", 15006, s.number()),
  connectTimeout: unless("connect-timeout", "10s", s.duration()),
  dnsRefreshRate: unless("dns-refresh-rate", "60s", s.duration()),
  enablePrometheusMerge: unless("enable-prometheus-merge", true, flag),
  defaultServiceExportTo: exportTo("service"),
  defaultVirtualServiceExportTo: exportTo("virtual-service"),
  defaultDestinationRuleExportTo: exportTo("destination-rule"),
};

const message: Field = s.message(fields);

const sharedFirst: FieldRow = s.rewrite(
  "mesh-config/shared",
  "E1",
  (value, at) => (isObject(value) ? overlay(sharedUnder(at, message).config, value) : value),
  {
    reason: "What the shared mesh configuration says holds where this one says nothing.",
    source: `istio pilot/pkg/bootstrap/mesh.go:44-47, 130-136; ${source}:146-263`,
  },
);

/** Whether it is known what the shared configuration says of the setting at a place, or what would have to be. */
export const isSharedSettingClear = settings.isClear;

/** MeshConfig: the settings of the whole mesh, as YAML text. */
export const meshConfig: Field = { ...message, rows: [...textRows(message), sharedFirst].map(s.decoding) };
