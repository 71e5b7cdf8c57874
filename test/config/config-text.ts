import { parseConfig } from "../../src/config/parse.ts";
import { formatProblem } from "../../src/config/problem.ts";

/** Where the configurations of the tests are said to lie. */
export const file = "/srv/shop/drift.yaml";

/** The least that a configuration needs. */
export const smallest = `
version: 1
repository: .
clusters: { eu1: { snapshot: ./live/eu1 } }
targets: [{ name: eu1, overlay: overlays/eu1, cluster: eu1 }]
`;

/** The problems of a text, as they are shown. */
export function problemsOf(text: string): readonly string[] {
  const outcome = parseConfig(text, file);
  return outcome.type === "valid"
    ? []
    : outcome.problems.map((problem) => formatProblem("drift.yaml", problem));
}
