import { expect, it } from "vitest";
import { choicesOf } from "../../src/core/judge/choices.ts";
import { onlyObject } from "../../src/core/judge/only-object.ts";
import { formatKey } from "../../src/core/model/resource.ts";
import { renderExplained } from "../../src/report/explain-text.ts";
import { judged } from "./judged-samples.ts";
import { now, scanResult } from "./samples.ts";

const plain = {
  colour: false,
  width: 100,
  now,
  details: false,
  wide: false,
  next: "drift explain ... -o json",
};

it("tells all about each object, as test/report/golden/explained.txt shows", async () => {
  const screens = judged.findings.map((finding) => {
    const choices = choicesOf(finding, {
      context: "prod-eu1",
      printDesired: (key) => ["drift", "render", "prod-eu1", formatKey(key)],
      target: "prod-eu1",
      overlay: "overlays/prod/eu1",
      limits: { maxLengthMs: 30 * 86_400_000, tier0: false },
      nowMs: now.getTime(),
    });
    const exempt = ["drift", "exempt", "prod-eu1"];
    const contexts = choices === undefined ? [] : [{ key: finding.key, choices, exempt }];
    const only = onlyObject(scanResult([judged]), judged, finding.key);
    return renderExplained(only, finding.key, contexts, plain);
  });
  await expect(screens.join("\n")).toMatchFileSnapshot("golden/explained.txt");
});
