import { textField } from "../../model/json.ts";
import { workloadSelector } from "../selectors.ts";
import * as s from "../shapes.ts";
import { lowerCase } from "../sites.ts";
import type { Field, FieldRow, KindTable, Order, Site } from "../table.ts";
import { targetFields, targetTwin } from "../targets.ts";
import { trustDomainAlias } from "./trust-domain.ts";

const model = "istio pilot/pkg/security/authz/model";
const matcher = "istio pilot/pkg/security/authz/matcher";

const values: Order = s.set("authorization-policy/values", {
  reason: "Any value of the list fits; their order does not count.",
  source: `${model}/model.go:243-352`,
});

function texts(...rows: readonly FieldRow[]): Field {
  return s.listOf(s.text({ rows }), values);
}

const singleAddress: FieldRow = s.rewrite(
  "authorization-policy/single-address",
  "E2",
  (value) => (typeof value === "string" ? value.replace(/^(\d+\.\d+\.\d+\.\d+)\/32$/, "$1") : value),
  { reason: "A block of one address is that address.", source: `${model}/generator.go:151-157` },
);

const ownAccount: FieldRow = s.rewrite(
  "authorization-policy/service-account",
  "E2",
  (value, at) =>
    typeof value === "string" && value !== "" && !value.includes("/")
      ? `${at.object.key.namespace}/${value}`
      : value,
  {
    reason: "A service account without a namespace is one of the policy's own.",
    source: `${model}/generator.go:205-218`,
  },
);

const hostCase: FieldRow = s.rewrite("authorization-policy/host-case", "E3", lowerCase, {
  reason: "Envoy compares hosts without their case.",
  source: `${matcher}/header.go (HostMatcher)`,
});

const anyPrincipal: FieldRow = s.trap("authorization-policy/any-principal", [undefined, ["*"]], {
  reason: '"*" asks for some identity; without the field a caller without one fits too.',
  source: `${matcher}/string.go (StringMatcherWithPrefix)`,
});

/** For a list whose values, unlike hosts, are compared with their case. */
function caseCounts(name: string, value: string): FieldRow {
  return s.trap(`authorization-policy/${name}-case`, [[value], [value.toLowerCase()]], {
    reason: "Hosts have no case, but paths, methods and principals are compared with theirs.",
    source: `${matcher}/header.go (HostMatcher is the one that ignores case)`,
  });
}

const principals: Field = {
  ...texts(trustDomainAlias),
  rows: [anyPrincipal, caseCounts("principals", "cluster.local/ns/Shop/sa/web")],
};

const requestPrincipals: Field = { ...texts(), rows: [anyPrincipal] };

const sourceFields: Readonly<Record<string, Field>> = {
  principals,
  notPrincipals: texts(trustDomainAlias),
  requestPrincipals,
  notRequestPrincipals: texts(),
  namespaces: texts(),
  notNamespaces: texts(),
  serviceAccounts: texts(ownAccount),
  notServiceAccounts: texts(ownAccount),
  trustDomains: texts(),
  notTrustDomains: texts(),
  ipBlocks: texts(singleAddress),
  notIpBlocks: texts(singleAddress),
  remoteIpBlocks: texts(singleAddress),
  notRemoteIpBlocks: texts(singleAddress),
};

const operationFields: Readonly<Record<string, Field>> = {
  hosts: texts(hostCase),
  notHosts: texts(hostCase),
  ports: texts(),
  notPorts: texts(),
  methods: { ...texts(), rows: [caseCounts("methods", "GET")] },
  notMethods: texts(),
  paths: { ...texts(), rows: [caseCounts("paths", "/Admin")] },
  notPaths: texts(),
};

/** What a condition compares may be a secret where it looks at a header or at what a filter left behind. */
function mayBeSecret(at: Site): boolean {
  return /^(?:request\.headers|experimental)\b/.test(textField(at.up?.value, "key"));
}

const conditionValues: Field = { ...texts(), secret: mayBeSecret };

function oneOf(name: string, reason: string, where: string): Order {
  return s.set(`authorization-policy/${name}`, { reason, source: where });
}

const rule: Field = s.message({
  from: s.listOf(
    s.message({ source: s.message(sourceFields) }),
    oneOf("from", "Any of the sources fits; their order does not count.", `${model}/model.go:124-153`),
  ),
  to: s.listOf(
    s.message({ operation: s.message(operationFields) }),
    oneOf("to", "Any of the operations fits; their order does not count.", `${model}/model.go:124-153`),
  ),
  when: s.listOf(s.message({ key: s.text(), values: conditionValues, notValues: conditionValues }), {
    ...oneOf("when", "All conditions have to fit; their order does not count.", `${model}/model.go:86-122`),
    identity: [[["key"]]],
  }),
});

/** AuthorizationPolicy (security.istio.io): who may do what to a workload. */
export const authorizationPolicy: KindTable = {
  group: "security.istio.io",
  kind: "AuthorizationPolicy",
  fields: {
    spec: s.messageBy([targetTwin], {
      selector: workloadSelector("authorization-policy"),
      ...targetFields,
      rules: s.listOf(
        rule,
        oneOf(
          "rules",
          "The policy acts if any of its rules fits; their order does not count.",
          "istio pilot/pkg/security/authz/builder/builder.go:268-292",
        ),
        {
          rows: [
            s.trap("authorization-policy/rules-empty-rule", [undefined, [{}]], {
              reason:
                "Without rules nothing fits, so ALLOW denies everything; an empty rule fits everything.",
              source: `istio pilot/pkg/security/authz/builder/builder.go:294-299; ${model}/model.go:137-153`,
            }),
          ],
        },
      ),
      action: s.enumeration("ALLOW", {
        rows: [
          s.trap("authorization-policy/deny-without-rules", [undefined, "DENY"], {
            reason: "Without rules ALLOW denies every request, and DENY denies none.",
            source: "istio pilot/pkg/security/authz/builder/builder.go:294-299",
          }),
        ],
      }),
      provider: s.message({ name: s.text() }),
    }),
  },
};
