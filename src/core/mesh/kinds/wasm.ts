import { holdsLogin } from "../secrets.ts";
import * as s from "../shapes.ts";
import type { Field, FieldRow } from "../table.ts";

/** What WasmPlugin and TrafficExtension have in common: code for proxies, and the traffic that it gets to see. */

const source = "istio pilot/pkg/model/extensions.go";

/**
 * An image without a scheme. One with a port is none: Go reads `registry:5000/image` as an address of scheme
 * `registry`, or not at all (net/url getScheme).
 */
const imageName = /^[A-Za-z0-9][\w.-]*(?:\/[\w./:@-]+)?$/;

const imageScheme: FieldRow = s.rewrite(
  "wasm/image-scheme",
  "E2",
  (value) => (typeof value === "string" && imageName.test(value) ? `oci://${value}` : value),
  { reason: "An address without a scheme is that of an OCI image.", source: `${source}:243-247, 306-309` },
);

const ownSecret: FieldRow = s.rewrite(
  "wasm/pull-secret",
  "E2",
  (value) =>
    typeof value === "string"
      ? value.replace(/^(?:kubernetes:\/\/)?(?:[a-z0-9.-]+\/)?([a-z0-9][a-z0-9.-]*)$/, "$1")
      : value,
  {
    reason:
      "The secret is a Kubernetes Secret of the object's own namespace, whatever namespace stands there.",
    source: `${source}:319-333; pilot/pkg/model/credentials/resource.go:79-94`,
  },
);

/** The variables of the machine that the code runs in. */
const machine: Field = s.message(
  {
    env: s.listOf(
      s.message({ name: s.text(), valueFrom: s.enumeration("INLINE"), value: s.secretText() }),
      s.keyed(
        "wasm/environment",
        { reason: "A variable is known by its name.", source: `${source}:385-396` },
        ["name"],
      ),
    ),
  },
  {
    rows: [
      s.absent(
        "wasm/machine-empty",
        "E2",
        {},
        { reason: "Without variables there is nothing to set.", source: `${source}:385-396` },
      ),
    ],
  },
);

/** The code, and how it is fetched and run. */
export const codeFields: Readonly<Record<string, Field>> = {
  url: s.text({ rows: [imageScheme], secret: holdsLogin }),
  sha256: s.text(),
  imagePullPolicy: s.enumeration("UNSPECIFIED_POLICY", {
    rows: [
      s.trap("wasm/pull-policy", [undefined, "IfNotPresent"], {
        reason: "Without a policy an image with the tag latest is fetched each time, others once.",
        source: "istio.io/api extensions/v1alpha1/wasm.proto (imagePullPolicy)",
      }),
    ],
  }),
  imagePullSecret: s.text({ rows: [ownSecret] }),
  verificationKey: s.secretText(),
  pluginConfig: {
    shape: { type: "free" },
    rows: [
      s.absent(
        "wasm/config-empty",
        "E2",
        {},
        { reason: "An empty configuration is not handed on.", source: `${source}:228` },
      ),
    ],
  },
  pluginName: s.text(),
  failStrategy: s.enumeration("FAIL_CLOSE"),
  vmConfig: machine,
  type: s.enumeration("UNSPECIFIED_PLUGIN_TYPE", {
    rows: [
      s.absent("wasm/type-http", "E2", "HTTP", {
        reason: "Code is for HTTP unless it says otherwise.",
        source: `${source}:153-163`,
      }),
    ],
  }),
};

/** Which of several comes first. */
export const priority: Field = s.present(
  s.number({
    rows: [
      s.trap("wasm/priority-zero", [undefined, 0], {
        reason: "Without a priority it comes after all that have one, also after one below zero.",
        source: "istio pilot/pkg/model/push_context.go:2159-2173",
      }),
    ],
  }),
);

/** The traffic that the code gets to see. */
export const trafficMatch: Field = s.listOf(
  s.message({
    mode: s.enumeration("UNDEFINED", {
      rows: [
        s.absent("wasm/match-mode", "E2", "CLIENT_AND_SERVER", {
          reason: "Without a mode clients and servers are meant.",
          source: `${source}:91-98`,
        }),
      ],
    }),
    ports: s.listOf(
      s.message({ number: s.number() }),
      s.set(
        "wasm/match-ports",
        { reason: "Any of the ports fits; their order does not count.", source: `${source}:100-111` },
        [[["number"]]],
      ),
    ),
  }),
  s.set("wasm/match", {
    reason: "Any of the selectors fits; their order does not count.",
    source: `${source}:271-282`,
  }),
  {
    rows: [
      s.absent("wasm/match-all", "E2", [{}], {
        reason: "A selector that says nothing fits all traffic, as none at all does.",
        source: `${source}:91-98, 271-282`,
      }),
    ],
  },
);
