import { field, isObject, type Json, textField } from "../../model/json.ts";
import * as s from "../shapes.ts";
import { isSet, listAt, wholeNumber, withField, without } from "../sites.ts";
import type { Field, ObjectRow, OrderChoice, Site } from "../table.ts";
import { isPlainTopPolicy } from "./destination-rule-site.ts";

const source = "istio pilot/pkg/networking/core/cluster_traffic_policy.go";
const locality = "istio pilot/pkg/networking/core/loadbalancer/loadbalancer.go";

/** The deprecated size of the ring, which is read only where neither kind of ring is chosen. */
const ringTwin: ObjectRow = {
  id: "destination-rule/ring-twin",
  level: "E2",
  reason:
    "The field minimumRingSize is the old spelling of the one in ringHash, and is not read beside ringHash or maglev.",
  source: `${source}:611-647`,
  rewrite: (value) => {
    if (!isSet(value, "minimumRingSize")) return value;
    const rest = without(value, "minimumRingSize");
    if (isSet(value, "ringHash") || isSet(value, "maglev")) return rest;
    const size = wholeNumber(field(value, "minimumRingSize"));
    if (size === undefined) return value;
    return size === 0 ? rest : withField(rest, "ringHash", { minimumRingSize: size });
  },
};

function hasNoMaglev(at: Site): boolean {
  return !isSet(at.up?.value, "maglev");
}

const ringHash: Field = s.message(
  {
    minimumRingSize: s.number({
      rows: [
        s.absent("destination-rule/ring-size", "E3", 1024, {
          reason: "A ring without a size has at least 1024 entries in Envoy.",
          source: `${source}:621-633`,
        }),
      ],
    }),
  },
  {
    rows: [
      s.absent(
        "destination-rule/ring-default",
        "E2",
        { minimumRingSize: 1024 },
        {
          reason: "Without ringHash or maglev the ring has at least 1024 entries.",
          source: `${source}:634-647`,
          when: hasNoMaglev,
        },
      ),
    ],
  },
);

const cookie: Field = s.message({
  name: s.text(),
  path: s.text(),
  ttl: s.duration({
    rows: [
      s.trap("destination-rule/cookie-ttl-zero", [undefined, "0s"], {
        reason: "0s makes a session cookie; without ttl Envoy makes none and only reads the client's.",
        source: "istio.io/api networking/v1alpha3/destination_rule.proto:508",
      }),
    ],
  }),
  attributes: s.listOf(
    s.message({ name: s.text(), value: s.text() }),
    s.keyed(
      "destination-rule/cookie-attributes",
      {
        reason: "The attributes of a cookie are known by their names.",
        source: "istio pilot/pkg/networking/core/route/route.go:1484-1493",
      },
      ["name"],
    ),
  ),
});

const consistentHash: Field = s.messageBy([ringTwin], {
  httpHeaderName: s.present(s.text()),
  httpCookie: cookie,
  useSourceIp: s.present(s.boolean()),
  httpQueryParameterName: s.present(s.text()),
  ringHash,
  maglev: s.message({ tableSize: s.number() }),
  minimumRingSize: s.number(),
});

/** The first entry for the caller's locality counts: only entries that cannot both be for it are known by `from`. */
function byFrom(name: string): OrderChoice {
  const ground = {
    reason: "The first entry whose `from` fits counts; entries for different places are independent.",
    source: `${locality}:418-476, 495-505`,
  };
  const ordered = s.ordered(`destination-rule/${name}`, ground, [[["from"]]]);
  const keyed = s.keyed(`destination-rule/${name}`, ground, ["from"]);
  return s.choice([...keyed.orders, ordered], (at) => {
    const froms = listAt(at.value).map((item) => textField(item, "from"));
    return froms.some((from, i) => froms.slice(i + 1).some((other) => mayBothFit(from, other)))
      ? ordered
      : keyed.choose(at);
  });
}

/** Localities are region/zone/subzone, and one of another length or with a star may hold the other. */
function mayBothFit(a: string, b: string): boolean {
  return a.includes("*") || b.includes("*") || a.startsWith(b) || b.startsWith(a);
}

/** Balancing by locality. */
export const localityLbSetting: Field = s.message({
  distribute: s.listOf(s.message({ from: s.text(), to: s.mapOf(s.number()) }), byFrom("distribute")),
  failover: s.listOf(s.message({ from: s.text(), to: s.text() }), byFrom("failover")),
  failoverPriority: s.listOf(
    s.text(),
    s.ordered("destination-rule/failover-priority", {
      reason: "Earlier labels weigh more.",
      source: `${locality}:321-323`,
    }),
  ),
  enabled: s.present(
    s.boolean({
      rows: [
        s.absent("destination-rule/locality-enabled", "E2", true, {
          reason: "Only false turns balancing by locality off.",
          source: `${locality}:259-264, 302-307`,
        }),
      ],
    }),
  ),
});

/** The deprecated duration alone. The new block also sends what Envoy would assume. */
const warmupTwin: ObjectRow = {
  id: "destination-rule/warmup-twin",
  level: "E3",
  reason: "The field warmupDurationSecs is the old spelling of the duration in warmup.",
  source: `${source}:401-417`,
  rewrite: (value) => {
    const duration: Json | undefined = field(value, "warmupDurationSecs");
    if (typeof duration !== "string" || isObject(field(value, "warmup"))) return value;
    return withField(without(value, "warmupDurationSecs"), "warmup", { duration });
  },
};

const warmup: Field = s.message({
  duration: s.duration(),
  aggression: s.present(
    s.number({
      rows: [
        s.absent("destination-rule/warmup-aggression", "E2", 1, {
          reason: "The aggression of a warm-up is 1 unless it is set.",
          source: `${source}:456-467`,
        }),
      ],
    }),
  ),
  minimumPercent: s.present(
    s.number({
      rows: [
        s.absent("destination-rule/warmup-minimum", "E2", 10, {
          reason: "A warm-up starts at 10 % unless it is told otherwise.",
          source: `${source}:456-467`,
        }),
      ],
    }),
  ),
});

const simpleGround = {
  reason: "Without a choice the endpoint with the fewest requests is taken.",
  source: `${source}:335-395`,
};

const simple: Field = s.present(
  s.enumeration("UNSPECIFIED", {
    rows: [
      s.rewrite(
        "destination-rule/least-conn",
        "E2",
        (value) => (value === "LEAST_CONN" ? "LEAST_REQUEST" : value),
        {
          reason: "LEAST_CONN is the old name of LEAST_REQUEST.",
          source: `${source}:364`,
        },
      ),
      s.absent("destination-rule/balancing-default", "E2", "LEAST_REQUEST", simpleGround),
      s.absent("destination-rule/balancing-unspecified", "E2", "UNSPECIFIED", simpleGround),
      s.trap("destination-rule/balancing-round-robin", [undefined, "ROUND_ROBIN"], {
        reason: "ROUND_ROBIN is Envoy's own default, not Istio's.",
        source: `${source}:362-395`,
      }),
    ],
  }),
);

/** How endpoints are chosen. */
export const loadBalancer: Field = s.messageBy(
  [warmupTwin],
  { simple, consistentHash, localityLbSetting, warmupDurationSecs: s.duration(), warmup },
  {
    rows: [
      s.absent(
        "destination-rule/balancing-empty",
        "E2",
        {},
        {
          reason: simpleGround.reason,
          source: `${source}:362-395 (Redis ports differ only with PILOT_ENABLE_REDIS_FILTER)`,
          when: isPlainTopPolicy,
        },
      ),
    ],
  },
);
