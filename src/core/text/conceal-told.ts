import { concealName, concealText } from "./conceal-text.ts";

/**
 * Fields of results that hold what people and programs wrote, or sentences that quote it, with what holds them where
 * the name alone does not tell. All other texts are names, paths and words of ours.
 */
const told: ReadonlySet<string> = new Set([
  ...["manager", "doubts", "user.name", "groups", "impersonatedBy", "author", "subject", "owners"],
  ...["reason", "ticket", "exemption.by", "elsewhere.by", "missing", "refused"],
  ...["hint", "text", "warnings"],
]);

/**
 * The same result, or part of one, without what looks like a credential in any text that it tells, whoever wrote it:
 * managers, users, commits, owners, reasons, tickets, names of files and branches, errors. Values of objects are left
 * alone, as `conceal` hides in them what their fields say, and so are keys, by which objects are named: an API server
 * takes nothing else than letters, digits, dots and hyphens for those.
 */
export function concealTold<T>(result: T, fingerprintKey: string): T {
  // Every value keeps its form: only texts become other texts.
  return new Teller(fingerprintKey).walk(result, "", "") as T;
}

class Teller {
  readonly #key: string;
  /** Most texts stand in a result many times. */
  readonly #shown = { told: new Map<string, string>(), names: new Map<string, string>() };

  constructor(fingerprintKey: string) {
    this.#key = fingerprintKey;
  }

  /** `name` is the field that the value, or the list around it, stands in; `holder` the one that its mapping stands in. */
  walk(value: unknown, name: string, holder: string): unknown {
    if (typeof value === "string") return this.#text(value, name, holder);
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => this.walk(item, name, holder));
    if (isKey(value)) return value;
    const isLocated = Object.hasOwn(value, "pointer");
    const entries = Object.entries(value).map(([field, item]: [string, unknown]): [string, unknown] => [
      // Commits are by the names of files; all other names are ours.
      name === "commits" ? concealName(field, this.#key) : field,
      isLocated && field === "value" ? item : this.walk(item, field, name),
    ]);
    return Object.fromEntries(entries);
  }

  #text(text: string, name: string, holder: string): string {
    const isTold = told.has(name) || told.has(`${holder}.${name}`);
    const known = isTold ? this.#shown.told : this.#shown.names;
    const shown = known.get(text) ?? (isTold ? concealText : concealName)(text, this.#key);
    known.set(text, shown);
    return shown;
  }
}

/** Whether it names an object as an API server takes it; anything else may have been made up to be read. */
function isKey(value: object): boolean {
  const fields = ["group", "kind", "namespace", "name"];
  return (
    fields.every((field) => Object.hasOwn(value, field)) &&
    Object.values(value).every((text) => typeof text === "string" && /^[\w.:-]*$/.test(text))
  );
}
