import { describe, expect, it } from "vitest";
import { concealTold } from "../../../src/core/text/conceal-told.ts";

const random = "kJ8s7Qz2Lw9XvB4nT1yR";
const credential = `token=${random}`;
const mark = /^‹hidden [\da-f]{12}›$/;
const key = { group: "networking.istio.io", kind: "VirtualService", namespace: "shop", name: "reviews" };

describe("concealTold", () => {
  it.for([
    ["attribution", "manager"],
    ["attribution", "doubts"],
    ["user", "name"],
    ["user", "groups"],
    ["user", "impersonatedBy"],
    ["commit", "author"],
    ["commit", "subject"],
    ["owners", "owners"],
    ["exemption", "reason"],
    ["exemption", "ticket"],
    ["exemption", "by"],
    ["exemption", "refused"],
    ["standing", "reason"],
    ["unchecked", "hint"],
    ["undecided", "missing"],
    ["guards", "text"],
    ["elsewhere", "by"],
    ["target", "warnings"],
  ] as const)(
    "hides in %s.%s what has the form of a credential or looks drawn at random",
    ([holder, name]) => {
      for (const secret of [credential, random]) {
        const of = (value: unknown) => concealTold({ [holder]: { [name]: value } }, "key");
        expect(JSON.stringify(of(secret))).not.toContain(random);
        expect(JSON.stringify(of([`a ${secret} b`]))).toMatch(/"a ‹hidden [\da-f]{12}› b"/);
      }
    },
  );

  it.for([
    ["origin", "file"],
    ["change", "path"],
    ["target", "overlay"],
    ["source", "revision"],
    ["source", "repository"],
    ["unchecked", "what"],
    ["live", "source"],
    ["located", "pointer"],
  ] as const)("hides in the name %s.%s only what has the form of a credential", ([holder, name]) => {
    const of = (value: string) => concealTold({ [holder]: { [name]: value } }, "key")[holder]?.[name];
    expect(of(`a/${random}`)).toBe(`a/${random}`);
    expect(of(credential)).toMatch(mark);
  });

  it("tells commits by files of which the names are hidden alike", () => {
    const told = concealTold(
      { provenance: { file: `a/${credential}` }, commits: { [`a/${credential}`]: { sha: "4f2c91e" } } },
      "key",
    );
    expect(Object.keys(told.commits)).toEqual([told.provenance.file]);
    expect(told.provenance.file).toMatch(/^a\/‹hidden [\da-f]{12}›$/);
  });

  it("leaves values of objects and keys alone, and everything that is no text", () => {
    const result = {
      key,
      standing: { isOverdue: false, clock: { deadline: "2026-11-20T21:02:11Z" } },
      live: { pointer: "/spec", value: { a: credential, n: 9007199254740993n } },
      count: 3,
      nothing: undefined,
      commit: { sha: "4f2c91e0b1a24f2c91e0b1a24f2c91e0b1a2abcd" },
    };
    expect(concealTold(result, "key")).toEqual(result);
  });

  it("does not take for a key what no API server takes for one", () => {
    const told = concealTold({ key: { ...key, name: `a ${credential}` } }, "key");
    expect(told.key.name).toMatch(/^a ‹hidden [\da-f]{12}›$/);
  });
});
