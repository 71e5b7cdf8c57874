import { field, isObject, type Json } from "../../model/json.ts";
import * as s from "../shapes.ts";
import { listAt, wholeNumber, without } from "../sites.ts";
import type { Field, FieldRow, ObjectRow, OrderChoice, Site } from "../table.ts";
import { byIstio, filledIn, orderByIstio } from "./http-route-site.ts";

const source = "istio pilot/pkg/config/kube/gateway/conversion.go";

/** The object's own namespace where a reference names none. */
export function ownNamespace(id: string, where: string): FieldRow {
  return byIstio(
    s.absent(`http-route/${id}`, "E2", (at) => at.object.key.namespace, {
      reason: "A reference without a namespace is to the route's own.",
      source: where,
    }),
  );
}

/** What a reference to a backend consists of. */
export const backendFields: Readonly<Record<string, Field>> = {
  group: s.present(s.text({ rows: [filledIn("backend-group", "")] })),
  kind: s.present(s.text({ rows: [filledIn("backend-kind", "Service")] })),
  name: s.text(),
  namespace: s.text({ rows: [ownNamespace("backend-namespace", `${source}:1060-1250`)] }),
  port: s.number(),
};

function weightOf(backend: Json | undefined): number {
  return wholeNumber(field(backend, "weight") ?? 1) ?? 1;
}

/** The backends around that get requests at all. */
function activeBackends(list: Json | undefined): readonly Json[] {
  return listAt(list).filter((backend) => weightOf(backend) > 0);
}

const unused: FieldRow = byIstio(
  s.rewrite("http-route/backend-unused", "E2", () => undefined, {
    reason: "A backend of weight 0 beside others is left out.",
    source: `${source}:986-1000`,
    when: (at) => isObject(at.value) && weightOf(at.value) === 0 && activeBackends(at.up?.value).length > 0,
  }),
);

const onlyWeight: ObjectRow = byIstio({
  id: "http-route/single-weight",
  level: "E2",
  reason: "The weight of the only backend does not matter unless it is 0.",
  source: `${source}:980-1040 (buildHTTPDestination)`,
  when: (at: Site) =>
    isObject(at.value) && weightOf(at.value) > 0 && activeBackends(at.up?.value).length === 1,
  rewrite: (value) => (Object.hasOwn(value, "weight") ? without(value, "weight") : value),
});

const weight: Field = s.present(
  s.number({
    rows: [
      filledIn("backend-weight", 1),
      s.trap("http-route/backend-weight-zero", [undefined, 0], {
        reason: "A single backend of weight 0 answers every request with 500, unlike in a VirtualService.",
        source: `${source}:221-226, 948-958`,
      }),
    ],
  }),
);

const backendOrder: OrderChoice = orderByIstio(
  s.bag(
    "http-route/backends",
    { reason: "The split of requests follows the weights, not the order.", source: `${source}:980-1040` },
    [[["name"]], [["name"], ["port"]], [["namespace"], ["name"], ["port"]]],
  ),
);

/** Where requests go. */
export function backendRefs(filters: Field): Field {
  return s.listOf(
    s.messageBy([onlyWeight], { ...backendFields, weight, filters }, { rows: [unused] }),
    backendOrder,
  );
}
