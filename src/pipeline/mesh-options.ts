import type { IstioConfig } from "../config/config.ts";
import type { SidesOptions } from "../core/compare/compare-sides.ts";

/** What the configuration says of a cluster's Istio, as a comparison takes it. */
export function meshOptions({
  version,
  domain,
  rootNamespace,
  sharedMeshConfig,
}: IstioConfig): Pick<SidesOptions, "mesh" | "sharedMeshConfig"> {
  return {
    mesh: {
      ...(version !== undefined && { istio: version }),
      ...(domain !== undefined && { domain }),
      ...(rootNamespace !== undefined && { rootNamespace }),
    },
    ...(sharedMeshConfig !== undefined && { sharedMeshConfig }),
  };
}
