import { field, isList, isObject } from "../model/json.ts";
import * as s from "./shapes.ts";
import { withField, without } from "./sites.ts";
import type { Field, ObjectRow } from "./table.ts";

/** What a policy is attached to by name: a gateway, a Service, a ServiceEntry. The same for every kind of policy. */

const attachment = "istio pilot/pkg/model/policyattachment.go";

const target: Field = s.message({
  group: s.text({
    rows: [
      s.rewrite("target/core-group", "E2", (value) => (value === "core" ? "" : value), {
        reason: "The core group has two names.",
        source: `${attachment}:203-205`,
      }),
    ],
  }),
  kind: s.text(),
  name: s.text(),
  namespace: s.text({
    rows: [
      s.absent("target/own-namespace", "E2", (at) => at.object.key.namespace, {
        reason: "A target without a namespace stands in the policy's own.",
        source: `${attachment}:187-205`,
      }),
    ],
  }),
});

/** The targets of a policy. */
export const targetRefs: Field = s.listOf(
  target,
  s.set(
    "target/list",
    {
      reason: "The policy holds for every target; their order does not count.",
      source: `${attachment}:114-121`,
    },
    [[["name"]], [["kind"], ["name"]]],
  ),
  {
    rows: [
      s.trap("target/added", [undefined, [{ kind: "Service", name: "reviews" }]], {
        reason: "With a target the selector is not read, and proxies beside workloads leave the policy out.",
        source: `${attachment}:130-137`,
      }),
    ],
  },
);

/** The targets of a policy of a kind that had a single one before. */
export const targetFields: Readonly<Record<string, Field>> = { targetRef: target, targetRefs };

/** The single reference is read only where the list is empty. */
export const targetTwin: ObjectRow = {
  id: "target/twin",
  level: "E2",
  reason:
    "The field targetRef is the old spelling of a list of one in targetRefs, and is not read beside it.",
  source: `${attachment}:114-121`,
  rewrite: (value) => {
    const single = field(value, "targetRef");
    if (!isObject(single)) return value;
    const list = field(value, "targetRefs");
    const rest = without(value, "targetRef");
    return isList(list) && list.length > 0 ? rest : withField(rest, "targetRefs", [single]);
  },
};
