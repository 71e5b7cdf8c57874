import { field, type Json } from "../../model/json.ts";
import * as s from "../shapes.ts";
import { wholeNumber } from "../sites.ts";
import type { Field, FieldRow, ObjectRow } from "../table.ts";
import { destinationsOf } from "./virtual-service-site.ts";

const source = "istio pilot/pkg/networking/core/route/retry/retry.go";
const codesFlag = "retriable-status-codes";

interface RetryOn {
  readonly names: readonly string[];
  readonly codes: readonly string[];
}

/** The parts of retryOn, apart as istiod takes them: status codes that HTTP knows, and names of conditions. */
function readRetryOn(text: string): RetryOn {
  const parts = text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const codes = parts.filter(isStatusCode);
  const names = parts.filter((part) => !isStatusCode(part));
  const implied = codes.length > 0 && !names.some((name) => name.includes(codesFlag));
  return { names: implied ? [...names, codesFlag] : names, codes: codes.sort() };
}

/** The last code of each hundred that Go's net/http has a text for, and the ones below it that it has none for. */
const statusCodes: readonly { readonly upTo: number; readonly but?: readonly number[] }[] = [
  { upTo: 103 },
  { upTo: 208 },
  { upTo: 308, but: [306] },
  { upTo: 431, but: [419, 420, 427, 430] },
  { upTo: 511, but: [509] },
];

function isStatusCode(part: string): boolean {
  if (!/^\d{3}$/.test(part)) return false;
  const code = Number(part);
  if (code === 226 || code === 451) return true;
  const hundred = statusCodes[Math.floor(code / 100) - 1];
  return hundred !== undefined && code <= hundred.upTo && !(hundred.but ?? []).includes(code);
}

function spellRetryOn(value: Json, spell: (parts: RetryOn) => readonly string[]): Json {
  if (typeof value !== "string") return value;
  const parts = readRetryOn(value);
  // A text of commas alone retries on nothing, while no text at all means the default conditions.
  return parts.names.length + parts.codes.length === 0 ? value : spell(parts).join(",");
}

const retryOn: readonly FieldRow[] = [
  s.rewrite(
    "virtual-service/retry-on",
    "E2",
    (value) => spellRetryOn(value, ({ names, codes }) => [...names, ...codes]),
    {
      reason: `Status codes in retryOn are kept apart from its conditions and bring ${codesFlag} with them; spaces do not count.`,
      source: `${source}:127-135, 202-224`,
    },
  ),
  s.rewrite(
    "virtual-service/retry-on-order",
    "E3",
    (value) => spellRetryOn(value, ({ names, codes }) => [...new Set([...names, ...codes])].sort()),
    {
      reason: "Envoy reads retryOn as a set of conditions.",
      source: `${source}:202-224; Envoy router filter, x-envoy-retry-on`,
    },
  ),
];

const off: ObjectRow = {
  id: "virtual-service/retries-off",
  level: "E2",
  reason: "With 0 attempts there are no retries, whatever else is said of them.",
  source: `${source}:116-119`,
  rewrite: (value) => {
    const attempts = field(value, "attempts") ?? 0;
    const saysMore = Object.keys(value).some((name) => name !== "attempts");
    return wholeNumber(attempts) === 0 && saysMore ? {} : value;
  },
};

/** How often and when a request is tried again. */
export const retries: Field = s.messageBy(
  [off],
  {
    attempts: s.number(),
    perTryTimeout: s.duration(),
    backoff: s.duration(),
    retryOn: s.text({ rows: retryOn }),
    retryRemoteLocalities: s.present(
      s.boolean({
        rows: [
          s.absent("virtual-service/retry-remote-localities", "E2", false, {
            reason: "Retries stay in their locality unless told otherwise.",
            source: `${source}:150`,
          }),
        ],
      }),
    ),
    retryIgnorePreviousHosts: s.present(
      s.boolean({
        rows: [
          s.absent("virtual-service/retry-previous-hosts", "E2", true, {
            reason:
              "Retries go to other hosts than before unless told otherwise or the only destination hashes consistently.",
            source: `${source}:101, 142-148; istio pilot/pkg/networking/core/route/route.go:680-712`,
            when: (at) => destinationsOf(at).length > 1,
          }),
        ],
      }),
    ),
  },
  {
    rows: [
      s.trap(
        "virtual-service/retry-previous-hosts-off",
        [{ attempts: 2 }, { attempts: 2, retryIgnorePreviousHosts: false }],
        {
          reason: "The value false lets a retry go to the host that just failed.",
          source: `${source}:142-148`,
        },
      ),
      s.trap("virtual-service/retries-empty", [undefined, {}], {
        reason:
          "Without retries the mesh's default holds (2 attempts); `retries: {}` has 0 attempts and turns them off.",
        source: `${source}:107-119`,
      }),
      s.trap(
        "virtual-service/retries-without-attempts",
        [{ perTryTimeout: "2s" }, { attempts: 2, perTryTimeout: "2s" }],
        {
          reason: "Without attempts there are none, not the default number of them.",
          source: `${source}:116-119`,
        },
      ),
      s.trap(
        "virtual-service/retries-documented-default",
        [undefined, { attempts: 2, retryOn: "connect-failure,refused-stream,unavailable,cancelled" }],
        {
          reason:
            "The default also retries on status codes, and MeshConfig.defaultHttpRetryPolicy may replace it.",
          source: `${source}:36-37; istio.io/api networking/v1alpha3/virtual_service.proto:447-457`,
        },
      ),
    ],
  },
);
