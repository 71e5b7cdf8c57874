import { sha256 } from "../../../src/core/model/digest.ts";
import type { OpenedBase, RemoteBase } from "../../../src/ports/renderer.ts";
import { checkoutOf, type Files } from "./memory-checkout.ts";

/** A repository that overlays name. */
export const base = "https://git.example.com/acme/base";

/** A manifest. */
export const configMap = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\n`;

/** The line of a kustomization. */
export const resources = (...entries: string[]) => `resources: ${JSON.stringify(entries)}\n`;

/** An overlay in the folder prod that names the entries. */
export const prod = (...entries: string[]): Files => ({ "prod/kustomization.yaml": resources(...entries) });

/** "repository@ref" -> its files. */
export type Remotes = Readonly<Record<string, Files>>;

/** Opens what `remotes` has; the commit is that of the files. Remembers each call. */
export function opener(remotes: Remotes) {
  const asked: RemoteBase[] = [];
  const checkouts = new Map<string, ReturnType<typeof checkoutOf>>();
  const openBase = (remote: RemoteBase): Promise<OpenedBase> => {
    asked.push(remote);
    const key = `${remote.repository}@${remote.ref}`;
    const files = remotes[key];
    if (files === undefined) {
      const refused = { code: "REVISION_NOT_FOUND", reason: `there is no ${remote.ref}`, hint: "Push it." };
      return Promise.resolve({ type: "refused", ...refused });
    }
    const checkout = checkouts.get(key) ?? checkoutAt(files);
    checkouts.set(key, checkout);
    return Promise.resolve({ type: "opened", checkout });
  };
  return { asked, checkouts, openBase };
}

function checkoutAt(files: Files) {
  const checkout = checkoutOf(files);
  return { ...checkout, commit: { ...checkout.commit, sha: commitOf(files) } };
}

/** The commit that stands for the files. */
export function commitOf(files: Files): string {
  return sha256(JSON.stringify(files)).slice(0, 40);
}

