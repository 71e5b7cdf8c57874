import { compareKeys, type Resource } from "../model/resource.ts";
import { writeYaml } from "./write-yaml.ts";

/**
 * Objects as a stream of YAML documents that `kubectl apply -f -` takes, ordered by namespace, kind and name. Nothing is
 * concealed: what Git has is what a cluster needs.
 */
export function writeManifests(resources: readonly Resource[]): string {
  const sorted = [...resources].sort((a, b) => compareKeys(a.key, b.key));
  return sorted.map(({ object }) => `---\n${writeYaml(object)}`).join("");
}
