import { createHash } from "node:crypto";

/**
 * Where secrets are planted. `field`: the value of a field that may hold one, which looks like any word; `text`: what
 * people and programs write, in which a secret shows by its form only; `random`: the same without a form.
 */
export type Plant = "field" | "text" | "random";

/** Every place with its sort; each gets a secret of its own. */
export const places = {
  // What objects hold, in Git and live.
  "git header": "field",
  "live header": "field",
  "live header match": "field",
  "live query match": "field",
  "live URI match": "text",
  "live direct response": "field",
  "live condition of a policy": "field",
  "git inline jwks": "field",
  "live inline jwks": "field",
  "live Lua code": "field",
  "live typed_config": "field",
  "git pluginConfig": "field",
  "live pluginConfig": "field",
  "live vmConfig env": "field",
  "live URL of a plugin": "text",
  "live tls options": "field",
  "live proxy metadata": "field",
  "git mesh certificate": "field",
  "live extension header": "field",
  "live unknown field": "text",
  "live name of an unknown field": "text",
  "live value without an effect": "field",
  "git secretGenerator": "field",
  "git Secret": "field",
  "git substitute": "field",
  "git patch that fails": "field",
  "live broken YAML": "field",
  // What hangs on them.
  "git annotation": "field",
  "live annotation": "field",
  "live last-applied": "field",
  "live name of an annotation": "text",
  "break-glass note": "text",
  "break-glass note of a Namespace": "text",
  "field manager": "text",
  "field manager of an extra object": "text",
  "name in an extra route": "text",
  // Who did it.
  "audit user": "text",
  "audit group": "text",
  "audit impersonator": "text",
  "audit user agent": "text",
  "audit request": "field",
  "commit subject": "text",
  "commit author": "text",
  "commit e-mail": "text",
  "commit body": "text",
  "CODEOWNERS owner": "text",
  "CODEOWNERS wrong owner": "text",
  "file name": "text",
  "branch name": "text",
  // What is accepted, and why.
  "exemption reason": "text",
  "exemption random reason": "random",
  "random manager": "random",
  "random user": "random",
  "random subject": "random",
  "exemption ticket": "text",
  "exemption by": "text",
  "exemption unknown key": "text",
  "exemption path": "text",
  "exemption until": "text",
  "exemption resource": "text",
  "ignore reason": "text",
  "manager rule reason": "text",
  "controller rule reason": "text",
  "risk rule reason": "text",
  // What controllers say.
  "Canary message": "text",
  "Canary phase": "text",
  "Rollout message": "text",
  "Application message": "text",
  "Application revision": "text",
  "Application repository": "text",
  // What leads to Git and to clusters.
  "repository URL": "text",
  "repository token": "field",
  "kubeconfig token": "field",
  "words of a plugin": "text",
  "environment of a plugin": "field",
  "repository path": "text",
  "name of what is asked for": "text",
} as const satisfies Record<string, Plant>;

/** A place that a secret is planted in. */
export type Place = keyof typeof places;

/** Sixteen small letters: nothing tells that they are a secret. Where only chance may tell it, digits between them. */
export function secretOf(place: Place): string {
  const digest = createHash("sha256").update(place).digest();
  const letters = Array.from(digest.subarray(0, 16), (byte) => String.fromCharCode(97 + (byte % 26)));
  return letters
    .map((letter, i) => (places[place] === "random" ? `${letter}${String(i % 10)}` : letter))
    .join("");
}

/** What is planted: the secret itself, or, in a text, in a form by which it can be told. */
export function plant(place: Place): string {
  return places[place] === "text" ? `token=${secretOf(place)}` : secretOf(place);
}

/** The forms in which some text tells the secret of a place: half of it, or all of it in base64, base64url or hex. */
export function formsIn(text: string, place: Place): readonly string[] {
  const secret = secretOf(place);
  const parts = Array.from({ length: secret.length - 7 }, (_, start) => secret.slice(start, start + 8));
  const base64 = [0, 1, 2].map((shift) =>
    // The letters at either end depend on what stands beside it.
    Buffer.from(`${"_".repeat(shift)}${secret}`)
      .toString("base64")
      .slice(shift === 0 ? 0 : 4, -4),
  );
  const hex = Buffer.from(secret).toString("hex");
  const lower = text.toLowerCase();
  return [
    ...parts.filter((part) => lower.includes(part)),
    ...base64.filter((form) => text.includes(form)),
    ...(lower.includes(hex) ? [hex] : []),
  ];
}
