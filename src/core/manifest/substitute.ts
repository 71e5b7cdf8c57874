import { Document, visit } from "yaml";
import { field, isList, isObject, type Json, type JsonObject, textField } from "../model/json.ts";
import { parseManifest } from "./parse-manifest.ts";

/** An object after its variables were put in, or why that gave none. */
export type Substituted =
  | {
      readonly type: "substituted";
      readonly object: JsonObject;
      /** Names without a value, each once. */ readonly unresolved: readonly string[];
    }
  | { readonly type: "broken"; readonly reason: string };

/** `${NAME}` with what stands behind the name, or the escape `$${`. */
const variable = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)([^{}]*)\}/g;
const fallback = /^:?[-=](.*)$/s;

const optOut = "kustomize.toolkit.fluxcd.io/substitute";

/**
 * Puts values in the place of `${NAME}`, `${NAME:-default}` and `${NAME:=default}` as Flux does after rendering: in the
 * text of the object, so that `port: ${PORT}` becomes a number; `$${NAME}` stays as `${NAME}`, and objects that opt out
 * stay as they are. A name without a value and without a default, and every other form of expression, stays and is told.
 * Sources: fluxcd/pkg kustomize/kustomize_varsub.go; https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution
 */
export function substitute(object: JsonObject, values: Readonly<Record<string, string>>): Substituted {
  if (optsOut(object) || !holdsVariable(object)) return { type: "substituted", object, unresolved: [] };
  const text = writeYaml(object);
  const unresolved = new Set<string>();
  const replaced = text.replace(
    variable,
    (whole: string, name: string | undefined, rest: string | undefined = "") => {
      if (name === undefined) return "${";
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      const otherwise = fallback.exec(rest)?.[1];
      if (value !== undefined && (rest === "" || otherwise !== undefined)) return value;
      if (value === undefined && otherwise !== undefined) return otherwise;
      unresolved.add(name);
      return whole;
    },
  );
  const { documents, problems } = parseManifest(replaced);
  const [document, ...others] = documents;
  if (document === undefined || others.length > 0 || problems.length > 0) {
    return { type: "broken", reason: problems[0]?.reason ?? "it is no single object any more" };
  }
  return { type: "substituted", object: document.object, unresolved: [...unresolved] };
}

/** The names of all `${NAME}` in the texts of a value, keys of mappings included; each once. */
export function variablesIn(value: Json): readonly string[] {
  const names = new Set<string>();
  const walk = (one: Json): void => {
    if (typeof one === "string") {
      // Every text of every object comes by here, and hardly any has a variable.
      if (!one.includes("${")) return;
      for (const [, name] of one.matchAll(variable)) if (name !== undefined) names.add(name);
    } else if (isList(one)) {
      for (const item of one) walk(item);
    } else if (isObject(one)) {
      for (const [key, item] of Object.entries(one)) {
        walk(key);
        walk(item);
      }
    }
  };
  walk(value);
  return [...names];
}

/** The object as YAML that every reader takes for the same: texts that look like something else in quotes. */
function writeYaml(object: JsonObject): string {
  const document = new Document(object, { version: "1.1" });
  visit(document, {
    Scalar: (_, scalar) => {
      // Readers disagree about a plain text that begins like a complex key, and blank first lines lose their spaces.
      if (typeof scalar.value === "string" && /^[?\s]/.test(scalar.value)) scalar.type = "QUOTE_DOUBLE";
    },
  });
  return document.toString({ lineWidth: 0 });
}

function holdsVariable(value: Json): boolean {
  if (typeof value === "string") return value.includes("${");
  if (isList(value)) return value.some(holdsVariable);
  return (
    isObject(value) && Object.entries(value).some(([key, item]) => holdsVariable(key) || holdsVariable(item))
  );
}

function optsOut(object: JsonObject): boolean {
  const metadata = field(object, "metadata");
  return ["labels", "annotations"].some((part) => textField(field(metadata, part), optOut) === "disabled");
}
