import { field, isObject, type Json, sameJson, textField } from "../../model/json.ts";
import type { RawPath } from "../../model/path.ts";
import { canaryPart, type RoutesWanted } from "./drive.ts";
import { destinationsOf, itemsOf, type RouteShape } from "./route-shape.ts";
import { nothingToUndo, type Undo } from "./undo.ts";

/**
 * Takes away the Set-Cookie header with which Flagger keeps users on the canary, where Git has no headers there and
 * nothing else is added. Source: fluxcd/flagger pkg/router/istio.go (SetRoutes), gateway_api.go (getSessionAffinityRouteRules)
 */
export function undoCookies(
  live: { readonly route: Json; readonly path: RawPath },
  desired: { readonly route: Json },
  wanted: RoutesWanted,
  shape: RouteShape,
): Undo {
  if (wanted.cookies.length === 0) return nothingToUndo;
  const items = itemsOf(live.route, shape.destinations);
  const own = itemsOf(desired.route, shape.destinations);
  const name = shape.destinations === "route" ? "headers" : "filters";
  const edits = destinationsOf(live.route, shape).flatMap(({ host, subset }, index) => {
    if (wanted.partOf(host, subset) !== canaryPart || own.some((item) => field(item, name) !== undefined)) {
      return [];
    }
    const added = field(items[index], name);
    const isOurs = wanted.cookies.some((cookie) => addsCookie(added, cookie));
    return isOurs ? [{ path: [...live.path, shape.destinations, index, name] }] : [];
  });
  return { ...nothingToUndo, edits };
}

/** Whether headers or filters of a destination add this cookie to responses, and do nothing else. */
function addsCookie(added: Json | undefined, cookie: string): boolean {
  const value = cookieOf(added);
  if (!value.startsWith(`${cookie}; `)) return false;
  const header = [{ name: "Set-Cookie", value }];
  return isObject(added)
    ? sameJson(added, { response: { add: { "Set-Cookie": value } } })
    : sameJson(added, [{ type: "ResponseHeaderModifier", responseHeaderModifier: { add: header } }]);
}

function cookieOf(added: Json | undefined): string {
  if (isObject(added)) return textField(field(field(added, "response"), "add"), "Set-Cookie");
  const [filter] = itemsOf({ filters: added ?? [] }, "filters");
  const [header] = itemsOf(field(filter, "responseHeaderModifier"), "add");
  return textField(header, "value");
}
