import { field, isList, isObject, type Json, type JsonObject, textField } from "../model/json.ts";
import { parseManifest } from "./parse-manifest.ts";
import { namesOf, type Piece, readPieces } from "./variables.ts";
import { writeYaml } from "./write-yaml.ts";

/** An object after its variables were put in, or why that gave none. */
export type Substituted =
  | {
      readonly type: "substituted";
      readonly object: JsonObject;
      /** Names without a value, and expressions that stay as they are; each once. */
      readonly unresolved: readonly string[];
    }
  | { readonly type: "broken"; readonly reason: string };

const optOut = "kustomize.toolkit.fluxcd.io/substitute";

/**
 * Puts values, without their line breaks, in the place of `${NAME}`, `${NAME:-default}`, `${NAME:=default}` and
 * `${NAME=default}` as Flux does after rendering: in the text of the object, so that `port: ${PORT}` becomes a number. A
 * default, which may hold expressions itself, takes the place of an empty value too; `$$` becomes `$`. Objects that opt
 * out stay as they are, and so do all without a single value. A name without a value and without a default, and every
 * other form of expression, stays and is told.
 * Sources: fluxcd/pkg kustomize/kustomize_varsub.go, envsubst/funcs.go (toDefault);
 * https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution
 */
export function substitute(object: JsonObject, values: Readonly<Record<string, string>>): Substituted {
  if (optsOut(object) || !holdsSign(object)) return { type: "substituted", object, unresolved: [] };
  const known = new Map(Object.entries(values).map(([name, value]) => [name, value.replaceAll("\n", "")]));
  if (known.size === 0) return { type: "substituted", object, unresolved: variablesIn(object) };
  const unresolved = new Set<string>();
  // Each text for itself tells what stays open, in its own spelling; quotes of YAML may change that of the whole.
  eachText(object, (text) => fill(readPieces(text), known, unresolved));
  const { documents, problems } = parseManifest(fill(readPieces(writeYaml(object)), known, new Set()));
  const [document, ...others] = documents;
  if (document === undefined || others.length > 0 || problems.length > 0) {
    return { type: "broken", reason: problems[0]?.reason ?? "it is no single object any more" };
  }
  return { type: "substituted", object: document.object, unresolved: [...unresolved] };
}

/**
 * The names of all `${NAME}` in the texts of a value, keys of mappings included; each once. An expression of another form
 * counts by the name it begins with, or by what stands in its braces.
 */
export function variablesIn(value: Json): readonly string[] {
  const names = new Set<string>();
  eachText(value, (text) => {
    // Every text of every object comes by here, and hardly any has a variable.
    if (!text.includes("${")) return;
    for (const name of namesOf(readPieces(text))) names.add(name);
  });
  return [...names];
}

/** The text with its values; what has none stays as written, and its name goes to `unresolved`. */
function fill(
  pieces: readonly Piece[],
  values: ReadonlyMap<string, string>,
  unresolved: Set<string>,
): string {
  return pieces
    .map((piece) =>
      typeof piece === "string" ? piece : (valueOf(piece, values, unresolved) ?? piece.written),
    )
    .join("");
}

function valueOf(
  piece: Piece,
  values: ReadonlyMap<string, string>,
  unresolved: Set<string>,
): string | undefined {
  if (typeof piece === "string") return piece;
  const { name, isKnown, fallback } = piece;
  const value = isKnown ? values.get(name) : undefined;
  if (value !== undefined && (value !== "" || fallback === undefined)) return value;
  if (fallback === undefined) {
    unresolved.add(name);
    return undefined;
  }
  const parts = fallback.map((part) => valueOf(part, values, unresolved));
  return parts.includes(undefined) ? undefined : parts.join("");
}

/** Calls `see` with every text and every key. */
function eachText(value: Json, see: (text: string) => void): void {
  if (typeof value === "string") {
    see(value);
  } else if (isList(value)) {
    for (const item of value) eachText(item, see);
  } else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      see(key);
      eachText(item, see);
    }
  }
}

function holdsSign(value: Json): boolean {
  if (typeof value === "string") return value.includes("${") || value.includes("$$");
  if (isList(value)) return value.some(holdsSign);
  return isObject(value) && Object.entries(value).some(([key, item]) => holdsSign(key) || holdsSign(item));
}

function optsOut(object: JsonObject): boolean {
  const metadata = field(object, "metadata");
  return ["labels", "annotations"].some((part) => textField(field(metadata, part), optOut) === "disabled");
}
