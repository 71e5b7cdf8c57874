import { expect, it } from "vitest";
import { drift } from "./fake-shell.ts";

it("lists every rule by kind, a line each, and what has none", async () => {
  const { exitCode, stdout, stderr } = await drift(["rules"]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  const lines = stdout.split("\n");
  expect(lines[0]).toMatch(/^every kind, \d rules$/);
  expect(lines).toContainEqual(expect.stringMatching(/^VirtualService\.networking\.istio\.io, \d\d rules$/));
  expect(lines).toContainEqual(
    expect.stringMatching(/^ {2}E2 {3}virtual-service\/match +spec\.http\[\]\.match$/),
  );
  expect(stdout).toContain(
    "compared structurally, field by field as written: Gateway.gateway.networking.k8s.io,",
  );
  expect(lines.at(-2)).toMatch(/^\d{3} rules; with reason and source: drift rules --explain VirtualService/);
});

it("explains the rules of one field, and those of the lists around it", async () => {
  const { stdout } = await drift(["rules", "--explain", "virtualservice.spec.http[].timeout"]);
  await expect(stdout).toMatchFileSnapshot("golden/rules-explained.txt");
});

it.for([
  ["Gateway", ["gateway/", "gateway.networking.k8s.io"]],
  ["Gateway.networking.istio.io.spec.servers", ["gateway/"]],
  ["GRPCRoute", ["compared structurally, field by field as written: GRPCRoute.gateway.networking.k8s.io"]],
] as const)("takes %s for what it names", async ([what, parts]) => {
  const { exitCode, stdout } = await drift(["rules", "--explain", what]);
  expect(exitCode).toBe(0);
  for (const part of parts) expect(stdout).toContain(part);
});

it.for([
  ["VirtualServce", 'there is no kind "VirtualServce" (did you mean "VirtualService"?)'],
  ["Sidecar.spec.http", "no rule of Sidecar.networking.istio.io is about spec.http"],
  ["", 'there is no kind ""'],
] as const)("says of %j that there is no such rule", async ([what, message]) => {
  const { exitCode, stdout, stderr } = await drift(["rules", "--explain", what]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
  expect(stderr).toContain(message);
  expect(stderr).toContain("hint: ");
});

it("looks as it is told to, and names the command as it was called", async () => {
  const explain = ["rules", "--explain", "VirtualService"];
  const plain = await drift(explain);
  const narrow = await drift([...explain, "--width", "50"]);
  const colour = await drift([...explain, "--color", "always"]);
  expect(plain.stdout).not.toContain("\u001b[");
  expect(colour.stdout).toContain("\u001b[1m");
  expect(narrow.stdout.split("\n").length).toBeGreaterThan(plain.stdout.split("\n").length);
  expect((await drift(["rules", "--width", "wide"])).exitCode).toBe(3);
  const { stdout } = await drift(["rules"], { shell: { name: "npx drift" } });
  expect(stdout).toMatch(/with reason and source: npx drift rules --explain \S+\n$/);
});

it("gives programs the same as JSON", async () => {
  const { stdout } = await drift(["rules", "--explain", "PeerAuthentication", "-o", "json"]);
  const { rules } = JSON.parse(stdout) as { rules: { kind: { kind: string }; id: string; source: string }[] };
  expect(new Set(rules.map(({ kind }) => kind.kind))).toEqual(new Set(["PeerAuthentication"]));
  for (const { id, source } of rules) expect([id, source.length > 10]).toEqual([id, true]);
});

it("is what docs/semantics.md says", async () => {
  const { stdout } = await drift(["rules", "-o", "markdown"]);
  await expect(stdout).toMatchFileSnapshot("../../docs/semantics.md");
});
