import { field, type Json, textField } from "../../model/json.ts";
import { listAt, scalarText, specOf } from "../sites.ts";
import type { Answer, FieldRow, ObjectRow, Order, OrderChoice, Site } from "../table.ts";
import * as s from "../shapes.ts";

/** Who reads an HTTPRoute, and which of its matches come first. */

const group = "gateway.networking.k8s.io";

/** Classes that istiod makes itself where they are missing (istio pilot/pkg/config/kube/gateway/gatewayclass.go:30-100). */
const istioClasses = new Set(["istio", "istio-remote", "istio-waypoint"]);

/** Whether Istio is what reads this route: then its meaning holds, else only what the API server does. */
export function isReadByIstio(at: Site): Answer {
  const parents = listAt(specOf(at), "parentRefs");
  let missing: Answer = true;
  for (const parent of parents) {
    const answer = isParentOfIstio(at, parent);
    if (answer === false) return false;
    if (answer !== true) missing = answer;
  }
  return parents.length === 0 ? false : missing;
}

function isParentOfIstio(at: Site, parent: Json): Answer {
  const kind = `${textField(parent, "kind") || "Gateway"}.${scalarText(field(parent, "group") ?? group)}`;
  // A route of a Service steers calls inside the mesh.
  if (kind === "Service." || kind === "Service.core" || kind.endsWith(".networking.istio.io")) return true;
  if (kind !== `Gateway.${group}`) return false;
  const namespace = textField(parent, "namespace") || at.object.key.namespace;
  const found = at.facts.find(group, "Gateway", namespace, textField(parent, "name"));
  if (found === "unknown") return { missing: `the Gateway ${namespace}/${textField(parent, "name")}` };
  return isClassOfIstio(at, textField(field(found.object, "spec"), "gatewayClassName"));
}

function isClassOfIstio(at: Site, name: string): Answer {
  const found = at.facts.find(group, "GatewayClass", "", name);
  if (found === "unknown") return istioClasses.has(name) ? true : { missing: `the GatewayClass ${name}` };
  return textField(field(found.object, "spec"), "controllerName").startsWith("istio.io/");
}

/** Where a rule is Istio's and not Gateway API's. */
export function byIstio<R extends FieldRow | ObjectRow>(row: R): R {
  return {
    ...row,
    when: (at: Site): Answer => {
      const own = row.when?.(at) ?? true;
      return own === false ? false : isReadByIstio(at);
    },
  };
}

/** An order that only Istio gives a list; anybody else may read it as it stands. */
export function orderByIstio(order: Order): OrderChoice {
  const asWritten: Order = { ...order, level: "E1", type: "ordered" };
  return s.choice([order, asWritten], (at) => {
    const found = isReadByIstio(at);
    return typeof found === "boolean" ? (found ? order : asWritten) : { ...asWritten, ...found };
  });
}

/** A value that the API server fills in. */
export function filledIn(id: string, value: Json): FieldRow {
  return s.absent(`http-route/${id}`, "E1", value, {
    reason: "The API server fills this in.",
    source: "gateway-api config/crd/standard/gateway.networking.k8s.io_httproutes.yaml (default)",
  });
}

/** What decides which of two matches is tried first. */
interface Rank {
  readonly key: string;
  /** Undefined for a pattern, which may fit any path. */
  readonly path: string | undefined;
}

/**
 * Whether the order of rules decides anything: two rules hold matches of one rank that may fit the same request.
 * Otherwise the kind and length of the path, the method, and the numbers of headers and parameters decide.
 */
export function hasTies(rules: readonly Json[]): boolean {
  const ranks = rules.map(ranksOf);
  return ranks.some((own, i) =>
    own.some((a) => ranks.slice(i + 1).some((others) => others.some((b) => tie(a, b)))),
  );
}

function tie(a: Rank, b: Rank): boolean {
  return a.key === b.key && (a.path === undefined || b.path === undefined || a.path === b.path);
}

function ranksOf(rule: Json): readonly Rank[] {
  const matches = field(rule, "matches");
  // Left out, the API server fills in one; an empty list is left as it is and comes last.
  if (Array.isArray(matches) && matches.length === 0) return [{ key: "", path: "" }];
  const given = listAt(matches);
  return given.length === 0 ? [rankOf({})] : given.map(rankOf);
}

function rankOf(match: Json): Rank {
  const path = field(match, "path");
  const kind = textField(path, "type") || "PathPrefix";
  const written = textField(path, "value") || "/";
  const value = kind === "PathPrefix" ? withoutSlash(written) : written;
  const counts = [listAt(match, "headers").length, listAt(match, "queryParams").length];
  const key = [kind, value.length, textField(match, "method") !== "", ...counts].join(" ");
  return { key, path: kind === "RegularExpression" ? undefined : value };
}

/** A path prefix without the one slash at its end, which means nothing. */
export function withoutSlash(path: string): string {
  return path.length > 1 && path.endsWith("/") && !path.endsWith("//") ? path.slice(0, -1) : path;
}
