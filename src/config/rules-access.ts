import { field, isObject, type Json, textField } from "../core/model/json.ts";
import type { RawPath } from "../core/model/path.ts";
import { schemeOf } from "./location.ts";
import type { Problem } from "./problem.ts";
import { listAt } from "./raw.ts";

/** How private repositories are reached: one way each, and one that fits the URL. */
export function accessProblems(root: Json): Problem[] {
  const targets = listAt(root, "targets");
  return [
    ...inRepository(field(root, "repository"), ["repository"], "url"),
    ...targets.flatMap((target, index) =>
      inRepository(field(target, "repository"), ["targets", index, "repository"], "url"),
    ),
    ...listAt(field(root, "render") ?? null, "remoteBases").flatMap((base, index) =>
      inRepository(base, ["render", "remoteBases", index], "repository"),
    ),
  ];
}

/** What is wrong with one key, and when; `has` tells which keys the mapping has, `url` its URL, "" for none. */
const rules: readonly {
  readonly key: string;
  readonly isBroken: (has: (key: string) => boolean, url: string) => boolean;
  readonly message: string;
}[] = [
  {
    key: "sshKeyFile",
    isBroken: (has) => has("tokenFile"),
    message: "stands beside tokenFile: one is enough",
  },
  { key: "username", isBroken: (has) => !has("tokenFile"), message: "belongs to tokenFile" },
  { key: "knownHostsFile", isBroken: (has) => !has("sshKeyFile"), message: "belongs to sshKeyFile" },
  {
    key: "tokenFile",
    isBroken: (_, url) => url !== "" && schemeOf(url) !== "https",
    message: "is for https URLs only",
  },
  {
    key: "sshKeyFile",
    isBroken: (_, url) => url !== "" && schemeOf(url) !== "ssh",
    message: "is for ssh URLs only",
  },
];

function inRepository(repository: Json | undefined, path: RawPath, urlKey: string): Problem[] {
  if (!isObject(repository)) return [];
  const has = (key: string): boolean => field(repository, key) !== undefined;
  return rules
    .filter(({ key, isBroken }) => has(key) && isBroken(has, textField(repository, urlKey)))
    .map(({ key, message }) => ({ path: [...path, key], at: "key", message }));
}
