import { field, isList, textField, type Json } from "../../model/json.ts";
import { holdsLogin } from "../secrets.ts";
import * as s from "../shapes.ts";
import type { Field, FieldRow } from "../table.ts";
import { inOrder, type Settings } from "./mesh-config-words.ts";
import { stackdriverLimits, traceContext } from "./mesh-config-proxy.ts";

const source = "istio pkg/config/mesh/mesh.go:236-256";

/** The providers that are there without anybody saying so. */
const builtIn: readonly Json[] = [
  { name: "prometheus", prometheus: {} },
  { name: "stackdriver", stackdriver: {} },
  { name: "envoy", envoyFileAccessLog: { path: "/dev/stdout" } },
];

const where: Readonly<Record<string, Field>> = { service: s.text(), port: s.number() };
const maxTagLength: Field = s.number();

const texts: Field = s.listOf(s.text(), inOrder());

const httpHeaders: Field = s.listOf(
  s.message({ name: s.text(), value: s.present(s.secretText()), envName: s.present(s.text()) }),
  inOrder([[["name"]]]),
);

const httpService: Field = s.message({
  path: s.text({ secret: holdsLogin }),
  timeout: s.duration(),
  headers: httpHeaders,
});

const requestBody: Field = s.message({
  maxRequestBytes: s.number(),
  allowPartialMessage: s.boolean(),
  packAsBytes: s.boolean(),
});

/** What both kinds of external authorization have. */
const authorization: Readonly<Record<string, Field>> = {
  ...where,
  timeout: s.duration(),
  failOpen: s.boolean(),
  clearRouteCache: s.boolean(),
  statusOnError: s.text(),
  includeRequestBodyInCheck: requestBody,
};

const logFormat: Field = s.message({
  text: s.present(s.text()),
  labels: s.mapOf({ shape: { type: "free" } }),
});

const dynatraceSampler: Field = s.message({
  tenant: s.text(),
  clusterId: s.number(),
  rootSpansPerMinute: s.number(),
  httpService: s.message({ ...where, http: httpService }),
});

const authorizers: Readonly<Record<string, Field>> = {
  envoyExtAuthzHttp: s.message({
    ...authorization,
    pathPrefix: s.text(),
    includeHeadersInCheck: texts,
    includeRequestHeadersInCheck: texts,
    includeAdditionalHeadersInCheck: s.mapOf(s.secretText()),
    headersToUpstreamOnAllow: texts,
    headersToDownstreamOnDeny: texts,
    headersToDownstreamOnAllow: texts,
  }),
  envoyExtAuthzGrpc: s.message(authorization),
};

const tracers: Readonly<Record<string, Field>> = {
  zipkin: s.message({
    ...where,
    maxTagLength,
    enable64bitTraceId: s.boolean(),
    path: s.text({ secret: holdsLogin }),
    traceContextOption: s.numberedEnumeration({ USE_B3: 0, USE_B3_WITH_W3C_PROPAGATION: 1 }),
    timeout: s.duration(),
    headers: httpHeaders,
  }),
  lightstep: s.message({ ...where, accessToken: s.secretText(), maxTagLength }),
  datadog: s.message({ ...where, maxTagLength }),
  stackdriver: s.message({
    ...stackdriverLimits,
    maxTagLength,
    logging: s.message({ labels: s.mapOf(s.secretText()) }),
  }),
  opencensus: s.message({ ...where, context: traceContext, maxTagLength }),
  skywalking: s.message({ ...where, accessToken: s.secretText() }),
  opentelemetry: s.message({
    ...where,
    maxTagLength,
    http: httpService,
    grpc: s.message({ timeout: s.duration(), initialMetadata: httpHeaders }),
    resourceDetectors: s.message({ environment: s.message({}), dynatrace: s.message({}) }),
    serviceAttributeEnrichment: s.numberedEnumeration({ ISTIO_CANONICAL: 0, OTEL_SEMANTIC_CONVENTIONS: 1 }),
    dynatraceSampler,
  }),
};

const logs: Readonly<Record<string, Field>> = {
  envoyFileAccessLog: s.message({ path: s.text(), logFormat, omitEmptyValues: s.boolean() }),
  envoyHttpAls: s.message({
    ...where,
    logName: s.text(),
    filterStateObjectsToLog: texts,
    additionalRequestHeadersToLog: texts,
    additionalResponseHeadersToLog: texts,
    additionalResponseTrailersToLog: texts,
  }),
  envoyTcpAls: s.message({
    ...where,
    logName: s.text(),
    filterStateObjectsToLog: texts,
  }),
  envoyOtelAls: s.message({
    ...where,
    logName: s.text(),
    logFormat: s.message({ text: s.text(), labels: s.mapOf({ shape: { type: "free" } }) }),
  }),
};

/** A provider by its name. One that is there by itself says nothing, unless a shared one may have taken its place. */
function provider(isClear: Settings["isClear"]): Field {
  const builtInRow = s.absent(
    "mesh-config/built-in-provider",
    "E1",
    ({ value }) => builtIn.find((one) => textField(one, "name") === textField(value, "name")),
    {
      reason: "The providers prometheus, stackdriver and envoy are there without being written.",
      source: "istio pkg/config/mesh/mesh.go:65-131",
      when: isClear,
    },
  );
  return s.message(
    {
      name: s.text(),
      ...authorizers,
      ...tracers,
      prometheus: s.message({}),
      ...logs,
      sds: s.message({ name: s.text(), service: s.text(), port: s.number() }),
    },
    { rows: [builtInRow] },
  );
}

/** Built-in providers come first, whatever a text says; of two of one name the later takes the place of the earlier. */
const byName: FieldRow = s.rewrite(
  "mesh-config/providers-by-name",
  "E1",
  (value) => {
    if (!isList(value) || value.some((item) => typeof field(item, "name") !== "string")) return value;
    const found = new Map<string, Json>();
    for (const item of [...builtIn, ...value]) found.set(textField(item, "name"), item);
    const all = [...found.values()].filter((item) => !builtIn.includes(item));
    return all.length === value.length && all.every((item, index) => item === value[index]) ? value : all;
  },
  { reason: "Providers are merged by name: the later one counts, at the place of the first.", source },
);

/** What Telemetry and policies name (ExtensionProvider). */
export function extensionProviders({ isClear }: Settings): Field {
  const none = s.absent("mesh-config/no-providers", "E1", [], {
    reason: "Providers are merged by name with those that are there already, so an empty list adds none.",
    source,
  });
  return s.present(s.listOf(provider(isClear), inOrder([[["name"]]]), { rows: [byName, none] }));
}
