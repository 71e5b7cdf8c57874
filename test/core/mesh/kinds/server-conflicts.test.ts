import fc from "fast-check";
import { expect, it } from "vitest";
import { areInConflict } from "../../../../src/core/mesh/kinds/server-conflicts.ts";

const server = fc.record({
  port: fc.record({ number: fc.constantFrom(80, 443), protocol: fc.constantFrom("HTTP", "http", "TLS") }),
  hosts: fc.array(
    fc.constantFrom("*", "a.com", "b.com", "*.com", "*.a.com", "x.a.com", "shop/a.com", "*/b.org", "b.org"),
    { maxLength: 3 },
  ),
});
type Server = typeof server extends fc.Arbitrary<infer T> ? T : never;

const nameOf = (host: string): string => host.split("/").at(-1) ?? "";
const fits = (pattern: string, name: string): boolean =>
  pattern === name || (pattern.startsWith("*") && name.endsWith(pattern.slice(1)));

/** The same, told of one pair of servers. */
function conflict(a: Server, b: Server): boolean {
  if (a.port.number !== b.port.number) return false;
  if (a.port.protocol.toUpperCase() !== b.port.protocol.toUpperCase()) return true;
  return a.hosts.map(nameOf).some((x) => b.hosts.map(nameOf).some((y) => fits(x, y) || fits(y, x)));
}

it("finds a conflict exactly where two servers are in one", () => {
  fc.assert(
    fc.property(fc.array(server, { maxLength: 4 }), (servers) => {
      const expected = servers.some((a, i) => servers.slice(i + 1).some((b) => conflict(a, b)));
      expect(areInConflict(servers)).toBe(expected);
    }),
    { numRuns: 5_000 },
  );
});
