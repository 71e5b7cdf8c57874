import { field, type Json, textField } from "../../model/json.ts";
import { gatewayName, shortHost } from "../hosts.ts";
import { isOnlyPort } from "../services.ts";
import * as s from "../shapes.ts";
import { isSet, listAt, lowerCase, wholeNumber, without } from "../sites.ts";
import type { Answer, Field, FieldRow, KeyRow, ObjectRow, Order, Site } from "../table.ts";
import { coversGateways } from "./virtual-service-site.ts";

const route = "istio pilot/pkg/networking/core/route/route.go";

/** Hosts, gateways and namespaces of a VirtualService. */
export const hostSet: Order = s.set("virtual-service/hosts", {
  reason: "Every host, gateway or namespace of the list counts; their order does not.",
  source: "istio pilot/pkg/networking/core/gateway.go:497-531; pilot/pkg/model/push_context.go:1872",
});

/** Without a port a Service's only one is meant; a Service with several gets the port the request came in by. */
const onlyPort = s.absent("virtual-service/destination-port", "CTX", (at) => at.value ?? undefined, {
  reason: "A destination without a port goes to the only port that its Service has.",
  source: `${route}:362-373`,
  when: namesOnlyPort,
});

function namesOnlyPort(at: Site): Answer {
  return isOnlyPort(at, textField(at.up?.value, "host"), wholeNumber(field(at.value, "number")));
}

/** Where requests go. */
export const destination: Field = s.message({
  host: s.text({ rows: [shortHost] }),
  subset: s.text(),
  port: s.message({ number: s.number() }, { rows: [onlyPort] }),
});

/** The name of a route, or of a match, which is put behind it. */
export const routeName: FieldRow = s.trap("virtual-service/route-name", [undefined, "canary"], {
  reason: "No request goes elsewhere, but logs, statistics and EnvoyFilters know a route by its name.",
  source: `${route}:488-501`,
});

/** With one destination everything goes there, whatever its weight. */
export const singleWeight: ObjectRow = {
  id: "virtual-service/single-weight",
  level: "E2",
  reason: "The weight of the only destination does not matter: it gets everything.",
  source: `${route}:686; istio.io/api networking/v1alpha3/virtual_service.proto:945-948`,
  rewrite: (value, at) =>
    listAt(at.up?.value).length === 1 && isSet(value, "weight") ? without(value, "weight") : value,
};

/** How destinations are named to people: by subset or host where that is enough. */
export const destinationNames: Order["identity"] = [
  [["destination", "subset"]],
  [["destination", "host"]],
  [
    ["destination", "host"],
    ["destination", "subset"],
  ],
  [
    ["destination", "host"],
    ["destination", "subset"],
    ["destination", "port", "number"],
  ],
];

/** How a string is matched: one of three, so an empty one is information. */
export const stringMatch: Readonly<Record<"exact" | "prefix" | "regex", Field>> = {
  exact: s.present(s.text()),
  prefix: s.present(s.text()),
  regex: s.present(s.text()),
};

/** The same for values that may hold a secret (headers, cookies). */
export const secretMatch: Readonly<Record<"exact" | "prefix" | "regex", Field>> = {
  exact: s.present(s.secretText()),
  prefix: s.present(s.secretText()),
  regex: s.present(s.secretText()),
};

/** Names of headers are the same in any case; claims of a token, which stand beside them, are not. */
export const headerNames: KeyRow = {
  id: "virtual-service/header-name",
  level: "E3",
  reason: "Envoy compares the names of headers without their case.",
  source: "istio.io/api networking/v1alpha3/virtual_service.proto:797",
  key: (name) => (name.startsWith("@") ? name : name.toLowerCase()),
};

const headerNameText: FieldRow = s.rewrite(headerNames.id, headerNames.level, lowerCase, {
  reason: headerNames.reason,
  source: headerNames.source,
});

/** What is added to, set on and removed from headers. */
export function headers(extra?: s.Extra): Field {
  return s.message({ request: operations(), response: operations() }, extra);
}

const nothingToDo = {
  reason: "An empty list of changes to headers changes none.",
  source: `${route}:512-520, 970-1055 (TranslateHeadersOperations)`,
};

/** `headers: {}` where the message has no other to inherit from. */
export function emptyHeaders(when?: (at: Site) => Answer): FieldRow {
  return s.absent("virtual-service/headers-empty", "E2", {}, { ...nothingToDo, ...(when && { when }) });
}

function operations(): Field {
  return s.message(
    {
      set: s.mapOf(s.secretText(), { keys: headerNames }),
      add: s.mapOf(s.secretText(), { keys: headerNames }),
      remove: s.listOf(
        s.text({ rows: [headerNameText] }),
        s.set("virtual-service/headers-remove", {
          reason: "Every named header is removed; the order does not matter.",
          source: `${route}:970-1055`,
        }),
      ),
    },
    { rows: [s.absent("virtual-service/header-operations-empty", "E2", {}, nothingToDo)] },
  );
}

/** The gateways that a match is for. `narrows` says whether leaving them out changes what else the match looks at. */
export function matchGateways(source: string, narrows: (at: Site) => boolean): Field {
  const ownGateways = s.absent("virtual-service/match-gateways", "E2", (at): Json | undefined => at.value, {
    reason: "A match that names all gateways of its VirtualService is for the same as one that names none.",
    source,
    when: (at) => coversGateways(at) && !narrows(at),
  });
  return s.listOf(s.text({ rows: [gatewayName] }), hostSet, { rows: [ownGateways] });
}
