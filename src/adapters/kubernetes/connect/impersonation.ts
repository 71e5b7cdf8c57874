import { type Entry, invalid, readEntry, readText, readTexts } from "./entry-reader.ts";

type Headers = Readonly<Record<string, string | string[]>>;

/** The headers with which a user of a kubeconfig acts as somebody else. Throws KUBECONFIG_INVALID. */
export function impersonationHeaders(user: Entry): Headers {
  const name = readText(user, "as");
  const uid = readText(user, "as-uid");
  const groups = readTexts(user, "as-groups");
  const extra = readExtra(user);
  if (name === undefined) {
    if (uid === undefined && groups.length === 0 && extra.length === 0) return {};
    throw invalid(user, "as", "is missing, but the user acts as a group, uid or extra of somebody else");
  }
  return {
    "Impersonate-User": asHeader(user, "as", name),
    ...(uid === undefined ? {} : { "Impersonate-Uid": asHeader(user, "as-uid", uid) }),
    ...(groups.length === 0
      ? {}
      : { "Impersonate-Group": groups.map((group) => asHeader(user, "as-groups", group)) }),
    ...Object.fromEntries(extra),
  };
}

/** Names of headers take no capital letters and few signs: the API server decodes them (client-go, transport). */
function readExtra(user: Entry): readonly (readonly [string, string[]])[] {
  const extra = readEntry(user, "as-user-extra");
  if (extra === undefined) return [];
  return Object.keys(extra.value).map((key) => {
    const values = readTexts(extra, key).map((value) => asHeader(extra, key, value));
    return [`Impersonate-Extra-${encodeURIComponent(key).replaceAll(/['()]/g, encodeByte)}`, values] as const;
  });
}

function encodeByte(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** Node writes headers as Latin-1; the API server reads UTF-8. */
function asHeader(entry: Entry, name: string, value: string): string {
  // eslint-disable-next-line no-control-regex -- what would end the header
  if (/[\u0000-\u001f\u007f]/.test(value)) throw invalid(entry, name, "has a control character");
  return Buffer.from(value, "utf8").toString("latin1");
}
