import { describe, expect, it } from "vitest";
import { addUser, attributeDeletion, indexAudit } from "../../../src/core/judge/audit.ts";
import type { Attribution } from "../../../src/core/model/attribution.ts";
import type { AuditEntry } from "../../../src/core/model/audit-entry.ts";
import type { Change } from "../../../src/core/model/finding.ts";
import { builtIn, changed, removed } from "./writers.ts";

const key = { group: "networking.istio.io", kind: "VirtualService", namespace: "shop", name: "reviews" };
const timeout = changed("spec.http[name=primary].timeout", "/spec/http/1/timeout");
const edited: Attribution = {
  manager: "kubectl-edit",
  class: "person",
  operation: "Update",
  time: "2026-03-01T10:00:00Z",
  wrote: "spec.http",
  precision: "around",
};

/** "mara patch kubectl-edit 10:00:00.2": a request on 1 March. */
function request(told: string, more: Partial<AuditEntry> = {}): AuditEntry {
  const [user = "", verb = "", manager = "", at = ""] = told.split(" ");
  return {
    key,
    verb: verb as AuditEntry["verb"],
    user,
    groups: ["mesh"],
    time: `2026-03-01T${at}Z`,
    userAgent: "kubectl/v1.34",
    manager,
    ...more,
  };
}

const http = { paths: ["/spec/http"] };

describe("the user of a change", () => {
  it.for<
    readonly [what: string, entries: readonly AuditEntry[], expected: readonly [string, string] | undefined]
  >([
    [
      "is whose patch of the field came then",
      [request("mara patch kubectl-edit 10:00:00.2", http)],
      ["mara", "field"],
    ],
    [
      "is whose request came then, if the log does not say what it wrote",
      [request("mara update kubectl-edit 10:00:00.2")],
      ["mara", "object"],
    ],
    [
      "is whose request came then, if it spoke of something else",
      [request("mara patch kubectl-edit 10:00:00.2", { paths: ["/spec/hosts"] })],
      ["mara", "object"],
    ],
    [
      "is nobody where the log does not say who it was",
      [request(" patch kubectl-edit 10:00:00.2", http)],
      undefined,
    ],
    [
      "is whose patch went deeper than the change",
      [request("mara patch kubectl-edit 10:00:00.2", { paths: ["/spec/http/1/timeout/x"] })],
      ["mara", "field"],
    ],
    [
      "is not whose patch wrote another route",
      [
        request("mara patch kubectl-edit 10:00:01", { paths: ["/spec/http/0/timeout"] }),
        request("otto patch kubectl-edit 10:00:00", { paths: ["/spec/http/1/timeout"] }),
      ],
      ["otto", "field"],
    ],
    ["may have asked 2 s before", [request("mara patch kubectl-edit 09:59:58", http)], ["mara", "field"]],
    ["did not ask 3 s before", [request("mara patch kubectl-edit 09:59:57", http)], undefined],
    ["did not ask 3 s later", [request("mara patch kubectl-edit 10:00:03", http)], undefined],
    ["is not who wrote as another manager", [request("mara patch kiali 10:00:00", http)], undefined],
    [
      "is who wrote as a manager that the log does not tell",
      [request("mara patch  10:00:00", { ...http, manager: "", time: "2026-03-01T10:00:00Z" })],
      ["mara", "field"],
    ],
    [
      "is who patched the field, not who wrote something beside",
      [request("otto update kubectl-edit 10:00:00"), request("mara patch kubectl-edit 10:00:01", http)],
      ["mara", "field"],
    ],
    [
      "is not guessed between two",
      [request("otto patch kubectl-edit 10:00:00", http), request("mara patch kubectl-edit 10:00:01", http)],
      undefined,
    ],
    [
      "is one user who asked twice",
      [request("mara patch kubectl-edit 10:00:00", http), request("mara patch kubectl-edit 10:00:01", http)],
      ["mara", "field"],
    ],
    [
      "is not who wrote another object",
      [request("mara patch kubectl-edit 10:00:00", { ...http, key: { ...key, namespace: "x" } })],
      undefined,
    ],
    ["is not who deleted something", [request("mara delete kubectl-edit 10:00:00")], undefined],
    ["is not known of an empty log", [], undefined],
  ])("%s", ([, entries, expected]) => {
    const { user, ...rest } = addUser(edited, { key, change: timeout }, indexAudit(entries));
    expect(user && [user.name, user.precision]).toEqual(expected);
    expect(rest).toEqual(edited);
  });

  it("is the one that was impersonated, and who did that is named", () => {
    const entry = request("mara patch kubectl-edit 10:00:00", { ...http, impersonatedBy: "root" });
    expect(addUser(edited, { key, change: timeout }, indexAudit([entry])).user).toEqual({
      ...{ name: "mara", groups: ["mesh"], impersonatedBy: "root" },
      ...{ verb: "patch", time: "2026-03-01T10:00:00Z", precision: "field" },
    });
  });

  it("makes no person of a deployer", () => {
    const applied: Attribution = { ...edited, manager: "kustomize-controller", class: "gitops" };
    const account = "system:serviceaccount:flux-system:kustomize-controller";
    const index = indexAudit([request(`${account} patch kustomize-controller 10:00:00`, http)]);
    expect(addUser(applied, { key, change: timeout }, index)).toMatchObject({
      class: "gitops",
      user: { name: account },
    });
  });

  it("is told of an extra object, too, and of nothing that claims no time", () => {
    const index = indexAudit([request("mara create kubectl-edit 10:00:00")]);
    expect(addUser(edited, { key }, index).user).toMatchObject({
      name: "mara",
      verb: "create",
      precision: "object",
    });
    const { time, ...timeless } = edited;
    expect(time).toBeDefined();
    expect(addUser(timeless, { key }, index)).toEqual(timeless);
  });
});

describe("the user who removed a field", () => {
  const gone = removed("spec.tls.caCertificates", "/spec/tls/caCertificates");
  const last: Attribution = { ...edited, manager: "kubectl-label", wrote: "", precision: "object" };
  const label = request("otto patch kubectl-label 10:00:00", { paths: ["/metadata/labels/x"] });
  const userOf = (attribution: Attribution, change: Change, ...entries: readonly AuditEntry[]) =>
    addUser(attribution, { key, change }, indexAudit(entries)).user;

  it("is whose patch spoke of it last, whoever wrote the object later", () => {
    const removing = request("mara patch kubectl-edit 08:00:00", { paths: ["/spec/tls/caCertificates"] });
    const before = request("olga patch kubectl-edit 07:00:00", { paths: ["/spec"] });
    expect(userOf(last, gone, before, label, removing)).toMatchObject({ name: "mara", precision: "field" });
  });

  it("is who wrote the object last, where no patch spoke of it", () => {
    const beside = request("mara patch kubectl-edit 08:00:00", { paths: ["/spec/tls/caCertificates/0"] });
    expect(userOf(last, gone, label, beside)).toMatchObject({ name: "otto", precision: "object" });
  });

  it("is who wrote what was around it, where that is known", () => {
    const around = request("mara patch kubectl-edit 10:00:00", { paths: ["/spec/http"] });
    const later = request("otto patch kubectl-label 11:00:00", { paths: ["/spec/http"] });
    expect(
      userOf(edited, removed("spec.http[1].retries", "/spec/http/1/retries"), around, later),
    ).toMatchObject({
      name: "mara",
      precision: "field",
    });
  });
});

describe("who deleted an object", () => {
  const deletion = (...entries: readonly AuditEntry[]) =>
    attributeDeletion(key, indexAudit(entries), [builtIn]);

  it("is the last who did", () => {
    expect(
      deletion(
        request("olga delete kubectl 07:00:00"),
        request("olga create kubectl-create 07:30:00"),
        request("mara delete kubectl 08:00:00.5"),
        request("system:controller patch finalizing 08:00:01"),
      ),
    ).toEqual({
      ...{
        manager: "kubectl",
        class: "person",
        time: "2026-03-01T08:00:00.5Z",
        wrote: "",
        precision: "object",
      },
      user: {
        name: "mara",
        groups: ["mesh"],
        verb: "delete",
        time: "2026-03-01T08:00:00.5Z",
        precision: "object",
      },
    });
  });

  it("may have deleted many, which is said", () => {
    const all = request("mara deletecollection kubectl 08:00:00", { key: { ...key, name: "" } });
    expect(deletion(all)).toMatchObject({
      user: { name: "mara" },
      doubts: ["it deleted many at once, perhaps only those with a label"],
    });
    expect(deletion({ ...all, key: { ...all.key, namespace: "" } })).toMatchObject({
      user: { name: "mara" },
    });
    expect(deletion({ ...all, key: { ...all.key, namespace: "x" } })).toBeUndefined();
  });

  it("is not known where the log has nothing of it, or somebody made it again", () => {
    expect(deletion()).toBeUndefined();
    expect(deletion(request("mara patch kubectl-edit 08:00:00"))).toBeUndefined();
    expect(
      deletion(request("mara delete kubectl 08:00:00"), request("mara create kubectl 09:00:00")),
    ).toBeUndefined();
  });
});
