import type { Json } from "../../model/json.ts";
import { gatewayName, ownNamespace, shortHost } from "../hosts.ts";
import { exportToDefault } from "../mesh-config.ts";
import * as s from "../shapes.ts";
import { lowerCase } from "../sites.ts";
import type { FieldRow, KindTable } from "../table.ts";
import { httpRoutes } from "./virtual-service-http.ts";
import { tcpRoutes, tlsRoutes } from "./virtual-service-l4.ts";
import { hostSet } from "./virtual-service-parts.ts";
import { isFoldedByGateways } from "./virtual-service-site.ts";

const meshOnly: Json = ["mesh"];

const gatewayCase: FieldRow = s.rewrite("virtual-service/gateway-host-case", "CTX", lowerCase, {
  reason:
    "A gateway sends host names to Envoy in lower case; before that its own hosts are compared by case.",
  source: "istio pilot/pkg/networking/core/gateway.go:424-431, 498, 540; pkg/config/host/names.go:83-99",
  when: (at) => (lowerCase(at.value ?? null) === at.value ? false : isFoldedByGateways(at)),
});

/** VirtualService (networking.istio.io): routing of requests to hosts. */
export const virtualService: KindTable = {
  group: "networking.istio.io",
  kind: "VirtualService",
  fields: {
    spec: s.message({
      hosts: s.listOf(s.text({ rows: [shortHost, gatewayCase] }), hostSet),
      gateways: s.listOf(s.text({ rows: [gatewayName] }), hostSet, {
        rows: [
          s.absent("virtual-service/mesh-gateway", "E2", meshOnly, {
            reason: "Without gateways a VirtualService holds for the sidecars of the mesh.",
            source: "istio pilot/pkg/model/push_context.go:1872-1879",
          }),
          s.trap("virtual-service/gateway-beside-mesh", [undefined, ["mesh", "storefront"]], {
            reason: "A gateway beside mesh also exposes the hosts there.",
            source: "istio pilot/pkg/model/push_context.go:1872-1879",
          }),
        ],
      }),
      http: httpRoutes,
      tls: tlsRoutes,
      tcp: tcpRoutes,
      exportTo: s.listOf(s.text({ rows: [ownNamespace] }), hostSet, {
        rows: [exportToDefault("defaultVirtualServiceExportTo")],
      }),
    }),
  },
};
