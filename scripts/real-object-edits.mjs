// What was done to real objects before they are scanned: edits that must be found, and other spellings that must not.

/**
 * @typedef {{ apiVersion: string, kind: string, metadata: Record<string, any>, spec?: any }} MeshObject
 * @typedef {object} Edit
 * @property {string} name
 * @property {string} kind
 * @property {(object: MeshObject) => boolean} fits whether the object has what the edit needs
 * @property {(object: MeshObject) => void} apply
 * @property {string} [finds] the path at which the edit must be found; absent: it must not be found
 */

/** @param {MeshObject} object */
const unnamedRoutes = ({ spec }) => spec.http?.length === 1 && spec.http[0].name === undefined;
/** @param {MeshObject} object */
const singleRoute = (object) => unnamedRoutes(object) && object.spec.http[0].route?.length === 1;
/** @param {MeshObject} object */
const shortHost = ({ spec }) =>
  typeof spec.host === "string" && !spec.host.includes(".") && spec.host !== "*";

/** @type {readonly Edit[]} */
export const edits = [
  {
    name: "a timeout is added",
    kind: "VirtualService",
    fits: (object) =>
      unnamedRoutes(object) && object.spec.http[0].timeout === undefined && object.spec.http[0].route,
    apply: ({ spec }) => void (spec.http[0].timeout = "30s"),
    finds: "spec.http[0].timeout",
  },
  {
    name: "a fault is left behind",
    kind: "VirtualService",
    fits: (object) =>
      unnamedRoutes(object) && object.spec.http[0].fault === undefined && object.spec.http[0].route,
    apply: ({ spec }) => void (spec.http[0].fault = { abort: { httpStatus: 503, percentage: { value: 5 } } }),
    finds: "spec.http[0].fault",
  },
  {
    name: "retries are switched off",
    kind: "VirtualService",
    fits: (object) =>
      unnamedRoutes(object) && object.spec.http[0].retries === undefined && object.spec.http[0].route,
    apply: ({ spec }) => void (spec.http[0].retries = {}),
    finds: "spec.http[0].retries",
  },
  {
    name: "a host is added",
    kind: "VirtualService",
    fits: ({ spec }) => spec.hosts?.length > 0 && !spec.hosts.includes("*"),
    apply: ({ spec }) => void spec.hosts.push("added.example.com"),
    finds: "spec.hosts[added.example.com]",
  },
  {
    name: "two routes change places",
    kind: "VirtualService",
    fits: ({ spec }) =>
      spec.http?.length === 2 && JSON.stringify(spec.http[0]) !== JSON.stringify(spec.http[1]),
    apply: ({ spec }) => void spec.http.reverse(),
    finds: "spec.http",
  },
  {
    name: "a destination has another subset",
    kind: "VirtualService",
    fits: (object) => singleRoute(object) && object.spec.http[0].route[0].destination.subset !== undefined,
    apply: ({ spec }) => void (spec.http[0].route[0].destination.subset = "elsewhere"),
    finds: "spec.http[0].route[subset=v1].destination.subset",
  },
  {
    name: "plaintext to the workload",
    kind: "DestinationRule",
    fits: ({ spec }) => spec.trafficPolicy !== undefined && spec.trafficPolicy.tls === undefined,
    apply: ({ spec }) => void (spec.trafficPolicy.tls = {}),
    finds: "spec.trafficPolicy.tls",
  },
  {
    name: "a subset is added",
    kind: "DestinationRule",
    fits: ({ spec }) => spec.subsets?.length > 0,
    apply: ({ spec }) => void spec.subsets.push({ name: "debug", labels: { version: "debug" } }),
    finds: "spec.subsets[name=debug]",
  },
  {
    name: "a gateway serves another host",
    kind: "Gateway",
    fits: ({ apiVersion, spec }) =>
      apiVersion.startsWith("networking.istio.io") && spec.servers?.length === 1 && spec.servers[0].port.name,
    apply: ({ spec }) => void spec.servers[0].hosts.push("added.example.com"),
    finds: "spec.servers[name=tcp].hosts[added.example.com]",
  },
  {
    name: "anybody may call",
    kind: "AuthorizationPolicy",
    fits: ({ spec }) => spec?.rules === undefined && spec?.action === undefined,
    apply: (object) => void (object.spec = { ...object.spec, rules: [{}] }),
    finds: "spec.rules",
  },
  {
    name: "a policy denies instead",
    kind: "AuthorizationPolicy",
    fits: ({ spec }) => spec?.rules?.length === 1 && spec.action === undefined,
    apply: ({ spec }) => void (spec.action = "DENY"),
    finds: "spec.action",
  },
  {
    name: "mutual TLS is switched off",
    kind: "PeerAuthentication",
    fits: ({ spec }) => spec?.mtls?.mode === "PERMISSIVE",
    apply: ({ spec }) => void (spec.mtls.mode = "DISABLE"),
    finds: "spec.mtls.mode",
  },
  {
    name: "a service entry resolves by DNS",
    kind: "ServiceEntry",
    fits: ({ spec }) => spec.resolution === "STATIC",
    apply: ({ spec }) => void (spec.resolution = "DNS"),
    finds: "spec.resolution",
  },
  {
    name: "a weight of an HTTPRoute moves",
    kind: "HTTPRoute",
    fits: ({ spec }) => spec.rules?.length === 1 && spec.rules[0].backendRefs?.length === 1,
    apply: ({ spec }) => void (spec.rules[0].backendRefs[0].weight = 0),
    finds: "spec.rules[0].backendRefs[name=productpage].weight",
  },
  {
    name: "a sidecar imports everything",
    kind: "Sidecar",
    fits: ({ spec }) => spec.egress?.length === 1 && !spec.egress[0].hosts.includes("*/*"),
    apply: ({ spec }) => void (spec.egress[0].hosts = ["*/*"]),
    finds: "spec.egress[0].hosts[0]",
  },
  {
    name: "respelled: the host in full",
    kind: "DestinationRule",
    fits: shortHost,
    apply: ({ metadata, spec }) =>
      void (spec.host = `${spec.host}.${metadata["namespace"]}.svc.cluster.local`),
  },
  {
    name: "respelled: the mesh gateway written out",
    kind: "VirtualService",
    fits: ({ spec }) => spec.gateways === undefined,
    apply: ({ spec }) => void (spec.gateways = ["mesh"]),
  },
  {
    name: "respelled: the weight of the only one",
    kind: "VirtualService",
    fits: (object) => singleRoute(object) && object.spec.http[0].route[0].weight === undefined,
    apply: ({ spec }) => void (spec.http[0].route[0].weight = 100),
  },
  {
    name: "respelled: seconds as minutes",
    kind: "DestinationRule",
    fits: ({ spec }) => spec.trafficPolicy?.loadBalancer?.warmup?.duration === "300s",
    apply: ({ spec }) => void (spec.trafficPolicy.loadBalancer.warmup.duration = "5m"),
  },
  {
    name: "respelled: another version",
    kind: "VirtualService",
    fits: ({ apiVersion }) => apiVersion.endsWith("/v1"),
    apply: (object) => void (object.apiVersion = "networking.istio.io/v1beta1"),
  },
  {
    name: "respelled: hosts in another order",
    kind: "ServiceEntry",
    fits: ({ spec }) => spec.hosts?.length > 1,
    apply: ({ spec }) => void spec.hosts.reverse(),
  },
  {
    name: "respelled: defaults written out",
    kind: "ServiceEntry",
    fits: ({ spec }) => spec.resolution === undefined && spec.location === undefined,
    apply: ({ spec }) => Object.assign(spec, { resolution: "NONE", location: "MESH_EXTERNAL" }),
  },
];
