import { field, textField } from "../../model/json.ts";
import type { EffectTable, KindEffects } from "../effect.ts";
import { added, any, changed, from, inside, removed, to } from "../effect-words.ts";
import { nodeAtNames } from "../place.ts";
import { isSet } from "../sites.ts";

/**
 * Sentences about ProxyConfigs: what proxies are started with. Facts: istio.io/api
 * networking/v1beta1/proxy_config.proto; istio pilot/pkg/model/proxy_config.go:89-149.
 */

/** `debug` holds a shell and tools, `distroless` neither. */
const typeRows: EffectTable[string] = [
  to("debug", "proxies run from an image with debugging tools", "weakens"),
  to("distroless", "proxies run from an image without a shell", "strengthens"),
  from("distroless", "proxies no longer run from the image without a shell", "weakens"),
  any("proxies run from another image"),
];

/** What another image of the proxies does, by the path of the block that names it. */
export function imageRows(path: string): EffectTable {
  return {
    [path]: [inside("imageType", typeRows), any("proxies run from another image")],
    [`${path}.imageType`]: typeRows,
  };
}

/** What other environment variables of the proxies do: their names and values may be secrets. */
export function environmentRows(path: string): EffectTable {
  return {
    [path]: [any("proxies are started with other environment variables", "weakens")],
    [`${path}.*`]: [
      added("proxies are started with one more environment variable", "weakens"),
      removed("proxies are started without an environment variable of Git", "weakens"),
      any("an environment variable of the proxies has another value", "weakens"),
    ],
  };
}

const fields: EffectTable = {
  spec: [any("proxies are started with other settings", "weakens")],
  "spec.selector": [
    added(
      ({ live }) =>
        live === undefined || nodeAtNames(live, ["matchLabels"]) === undefined
          ? "no proxy is started with its settings any more"
          : "only the selected proxies are started with its settings",
      "weakens",
    ),
    removed("every proxy of the namespace is started with its settings", "weakens"),
    any("other proxies are started with its settings", "weakens"),
  ],
  "spec.concurrency": [
    to(0, "proxies use a thread for every core"),
    from(0, "proxies use {value} threads, no longer one for every core"),
    changed("proxies use {value} threads, no longer {git}"),
    added("proxies use {value} threads, not as many as the mesh configuration says"),
    any("the mesh configuration decides how many threads proxies use"),
  ],
  ...environmentRows("spec.environmentVariables"),
  ...imageRows("spec.image"),
};

/** What it means that a ProxyConfig is only in Git, or only live. */
export const proxyConfigEffects: KindEffects = {
  group: "networking.istio.io",
  kind: "ProxyConfig",
  fields,
  missing: (resource) => ({
    text: "proxies are started with the settings of the mesh only",
    direction: isAboutThreads(resource) ? "neutral" : "weakens",
  }),
  extra: (resource) => ({
    text: "proxies are started with settings that Git does not have",
    direction: isAboutThreads(resource) ? "neutral" : "weakens",
  }),
};

/** Whether it says neither what the proxies' environment is nor which image they run from. */
function isAboutThreads({ object }: Parameters<KindEffects["missing"]>[0]): boolean {
  const spec = field(object, "spec");
  return !isSet(spec, "environmentVariables") && textField(field(spec, "image"), "imageType") === "";
}
