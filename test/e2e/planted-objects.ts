import { plant, secretOf } from "./planted-secrets.ts";

/** The objects of a mesh with secrets in them: what Git and live have, as YAML. */

interface Parts {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly spec: string;
  readonly annotations?: string;
  readonly managers?: readonly string[];
}

/** When everybody wrote what live has. */
export const written = "2026-11-20T10:00:00Z";

function object({
  apiVersion,
  kind,
  name,
  spec,
  annotations = "{}",
  managers = ["kubectl-edit"],
}: Parts): string {
  const managed = managers.map(
    (manager) =>
      `{manager: ${JSON.stringify(manager)}, operation: Update, apiVersion: ${apiVersion}, time: "${written}", fieldsType: FieldsV1, fieldsV1: {"f:spec": {"f:http": {}, "f:hosts": {}, "f:jwtRules": {}}}}`,
  );
  return `{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: ${name}, namespace: shop, annotations: ${annotations}, managedFields: [${managed.join(", ")}]}, ${spec}}`;
}

function virtualService(name: string, http: string, more: Partial<Parts> = {}): string {
  const spec = `spec: {hosts: [${name}], http: [${http}]}`;
  return object({ apiVersion: "networking.istio.io/v1", kind: "VirtualService", name, spec, ...more });
}

const route = "route: [{destination: {host: a}}]";
/** Objects of both sides that hold secrets in their fields. */
const fields: readonly (readonly [git: string, live: string])[] = [
  [
    virtualService("headers", `{${route}, headers: {request: {set: {x-key: ${plant("git header")}}}}}`),
    virtualService("headers", `{${route}, headers: {request: {set: {x-key: ${plant("live header")}}}}}`, {
      managers: [plant("field manager")],
    }),
  ],
  [
    virtualService("matches", `{name: a, ${route}}`),
    virtualService(
      "matches",
      `{name: a, match: [{headers: {x-key: {exact: ${plant("live header match")}}}}, {queryParams: {k: {exact: ${plant("live query match")}}}}, {uri: {exact: "/x?${plant("live URI match")}"}}], ${route}}, {name: "${plant("name in an extra route")}", directResponse: {status: 200, body: {string: ${plant("live direct response")}}}}`,
    ),
  ],
  [
    policy("{when: [{key: 'request.headers[x-key]', values: [a]}]}"),
    policy(`{when: [{key: 'request.headers[x-key]', values: [${plant("live condition of a policy")}]}]}`),
  ],
  [jwt(plant("git inline jwks")), jwt(plant("live inline jwks"))],
  [filter("a", "b"), filter(plant("live Lua code"), plant("live typed_config"))],
  [
    plugin(`pluginConfig: {key: ${plant("git pluginConfig")}}`, "oci://a/b:1"),
    plugin(
      `pluginConfig: {key: ${plant("live pluginConfig")}}, vmConfig: {env: [{name: K, value: ${plant("live vmConfig env")}}]}`,
      `https://a/b.wasm?${plant("live URL of a plugin")}`,
    ),
  ],
  [
    gateway("a: b", "{}"),
    gateway(`a: ${plant("live tls options")}`, `{"${plant("live name of an annotation")}": x}`),
  ],
  [
    virtualService("unknown", `{${route}}`),
    virtualService(
      "unknown",
      `{${route}, extra: {a: "${plant("live unknown field")}", "${plant("live name of an unknown field")}": 1}}`,
    ),
  ],
  [
    virtualService("equal", `{${route}, timeout: 60s}`),
    virtualService(
      "equal",
      `{${route}, timeout: 1m, headers: {request: {set: {}}}, corsPolicy: {allowOrigin: ["${plant("live value without an effect")}"], allowOrigins: [{exact: a}]}}`,
    ),
  ],
  [
    meshConfig(`caCertificates: [{pem: ${plant("git mesh certificate")}}]`),
    meshConfig(
      `defaultConfig: {proxyMetadata: {K: ${plant("live proxy metadata")}}}\n    extensionProviders: [{name: e, envoyExtAuthzHttp: {service: s, port: 80, includeAdditionalHeadersInCheck: {x-key: ${plant("live extension header")}}}}]`,
    ),
  ],
];

function policy(rule: string): string {
  const spec = `spec: {rules: [${rule}]}`;
  return object({ apiVersion: "security.istio.io/v1", kind: "AuthorizationPolicy", name: "policy", spec });
}

function jwt(key: string): string {
  const spec = `spec: {jwtRules: [{issuer: i, jwks: '{"keys":[{"kty":"oct","k":"${key}"}]}'}]}`;
  return object({ apiVersion: "security.istio.io/v1", kind: "RequestAuthentication", name: "jwt", spec });
}

function filter(code: string, domain: string): string {
  const value = `{name: envoy.lua, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua, inlineCode: "-- ${code}", domain: ${domain}}}`;
  const spec = `spec: {configPatches: [{applyTo: HTTP_FILTER, patch: {operation: INSERT_BEFORE, value: ${value}}}]}`;
  return object({ apiVersion: "networking.istio.io/v1alpha3", kind: "EnvoyFilter", name: "filter", spec });
}

function plugin(more: string, url: string): string {
  const spec = `spec: {url: "${url}", ${more}}`;
  return object({ apiVersion: "extensions.istio.io/v1alpha1", kind: "WasmPlugin", name: "plugin", spec });
}

function gateway(options: string, annotations: string): string {
  const spec = `spec: {gatewayClassName: istio, listeners: [{name: a, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: c}], options: {${options}}}}]}`;
  const apiVersion = "gateway.networking.k8s.io/v1";
  return object({ apiVersion, kind: "Gateway", name: "gateway", spec, annotations });
}

function meshConfig(mesh: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: istio-system}\ndata:\n  mesh: |-\n    ${mesh}\n`;
}

/** Objects with secrets in what hangs on them. */
const hanging: readonly (readonly [git: string | undefined, live: string | undefined])[] = [
  [
    virtualService("annotated", `{${route}, timeout: 5s}`, {
      annotations: `{acme/key: ${plant("git annotation")}}`,
    }),
    virtualService("annotated", `{${route}, timeout: 6s}`, {
      annotations: `{acme/key: ${plant("live annotation")}, mesh-drift/break-glass: "${plant("break-glass note")}", kubectl.kubernetes.io/last-applied-configuration: '{"spec":{"x":"${plant("live last-applied")}"}}'}`,
    }),
  ],
  [virtualService("gone", `{${route}}`), undefined],
  [
    undefined,
    virtualService("extra", `{${route}}`, { managers: [plant("field manager of an extra object")] }),
  ],
  [
    virtualService("older", `{${route}, timeout: 7s}`),
    virtualService("older", `{${route}, timeout: 5s}`, { managers: [plant("random manager")] }),
  ],
  [
    virtualService("accepted", `{${route}, timeout: 5s}`),
    virtualService("accepted", `{${route}, timeout: 6s}`),
  ],
  [
    virtualService("ignored", `{${route}, timeout: 5s}`),
    virtualService("ignored", `{${route}, timeout: 6s}`),
  ],
  [
    virtualService("ruled", `{${route}, timeout: 5s}`),
    virtualService("ruled", `{${route}, timeout: 6s}`, { managers: ["acme-robot"] }),
  ],
  ...shifted("canaried", "flagger"),
  ...shifted("rolled", "rollouts-controller"),
  [
    `{apiVersion: v1, kind: Namespace, metadata: {name: shop}}`,
    `{apiVersion: v1, kind: Namespace, metadata: {name: shop, annotations: {mesh-drift/break-glass: "${plant("break-glass note of a Namespace")}"}}}`,
  ],
];

/** A VirtualService of which a controller shifted the weights. */
function shifted(name: string, manager: string): readonly (readonly [git: string, live: string])[] {
  const of = (stable: number, canary: number) =>
    virtualService(
      name,
      `{route: [{destination: {host: ${name}-primary}, weight: ${String(stable)}}, {destination: {host: ${name}-canary}, weight: ${String(canary)}}]}`,
      { managers: [manager] },
    );
  return [[of(100, 0), of(70, 30)]];
}

/** What Git has, beside what kustomizations make. */
export const gitObjects = [...fields, ...hanging].flatMap(([git]) => git ?? []);

/** What Git had before. */
export const olderObjects = gitObjects.map((one) =>
  one.includes("name: older,") ? one.replace("timeout: 7s", "timeout: 5s") : one,
);

/** Objects that explain what live has. */
const explaining = (repository: string): readonly string[] => [
  `{apiVersion: flagger.app/v1beta1, kind: Canary, metadata: {name: canaried, namespace: shop}, spec: {targetRef: {kind: Deployment, name: canaried}, service: {port: 80}, analysis: {stepWeight: 10, maxWeight: 50}}, status: {phase: "${plant("Canary phase")}", canaryWeight: 30, conditions: [{type: Promoted, status: "Unknown", message: "${plant("Canary message")}"}]}}`,
  `{apiVersion: argoproj.io/v1alpha1, kind: Rollout, metadata: {name: rolled, namespace: shop}, spec: {strategy: {canary: {canaryService: rolled-canary, stableService: rolled-primary, trafficRouting: {istio: {virtualService: {name: rolled}}}, steps: [{setWeight: 10}]}}}, status: {phase: Degraded, message: "${plant("Rollout message")}", canary: {weights: {canary: {weight: 30}, stable: {weight: 70}}}}}`,
  `{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: shop, namespace: argocd}, spec: {source: {repoURL: "${repository}", path: overlay}}, status: {sync: {status: OutOfSync, revision: "${plant("Application revision")}"}, conditions: [{type: SyncError, message: "${plant("Application message")}"}], operationState: {message: "${plant("Application message")}", phase: Failed}}}`,
];

/** What live has. */
export const liveObjects = [
  virtualService("substituted", `{${route}, headers: {request: {set: {a: b}}}}`),
  ...[...fields, ...hanging].flatMap(([, live]) => live ?? []),
  ...explaining(`https://u:${secretOf("Application repository")}@git.example.com/shop`),
];
