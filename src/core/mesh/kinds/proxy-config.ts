import * as s from "../shapes.ts";
import type { KindTable } from "../table.ts";

const source = "istio pilot/pkg/model/proxy_config.go";

/** ProxyConfig (networking.istio.io): what proxies are started with. */
export const proxyConfig: KindTable = {
  group: "networking.istio.io",
  kind: "ProxyConfig",
  fields: {
    spec: s.message({
      selector: s.message(
        { matchLabels: s.mapOf(s.text()) },
        {
          rows: [
            s.trap("proxy-config/selector-empty", [undefined, {}], {
              reason: "Without a selector it holds for the namespace; with an empty one for no proxy at all.",
              source: `${source}:89-114`,
            }),
          ],
        },
      ),
      concurrency: s.present(
        s.number({
          rows: [
            s.trap("proxy-config/concurrency-zero", [undefined, 0], {
              reason: "0 is a thread for every core; without a number the mesh configuration decides.",
              source: "istio.io/api networking/v1beta1/proxy_config.proto (concurrency)",
            }),
          ],
        }),
      ),
      // People hand tokens to proxies this way.
      environmentVariables: s.mapOf(s.secretText()),
      image: s.message(
        { imageType: s.text() },
        {
          rows: [
            s.absent(
              "proxy-config/image-empty",
              "E2",
              {},
              {
                reason: "A block image without a type chooses none.",
                source: `${source}:137-149`,
              },
            ),
          ],
        },
      ),
    }),
  },
};
