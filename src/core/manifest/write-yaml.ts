import { Document, Scalar, visit } from "yaml";
import type { JsonObject } from "../model/json.ts";

/**
 * An object as YAML in which each text with a `$` has the style that Kustomize's AsYAML gives it, in which Flux puts
 * values: what the value may hold (`\`, a quote) depends on it. All other texts read as what they are.
 * Source: sigs.k8s.io/yaml JSONToYAML; go.yaml.in/yaml/v2 encode.go (stringv), emitterc.go (analyze_scalar).
 */
export function writeYaml(object: JsonObject): string {
  const document = new Document(object, { version: "1.1" });
  visit(document, {
    Scalar: (key, scalar) => {
      if (typeof scalar.value !== "string") return;
      const style = styleOf(scalar.value, key === "key");
      if (style !== undefined) scalar.type = style;
    },
  });
  return document.toString({ lineWidth: 0, singleQuote: true }).replace(unwritable, escape);
}

/** Characters that Go writes as escapes, so in double quotes: neither printable in its eyes nor a line feed. */
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const unprintable = /[\0-\x09\x0B-\x1F\x7F-\x9F\u2028\u2029\uFEFF\uFFFE\uFFFF\uD800-\uDFFF]/;

/** Those of them that the package leaves as they are, and no manifest may hold. */
const unwritable = /[\x7F-\x9F\u2028\u2029\uFEFF\uFFFE\uFFFF]/g;

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

const notPlain = /^(?:[ #,[\]{}&*!|>'"%@`]|[?:-](?:[ \t]|$)|---|\.\.\.)| $|:(?:[ \t]|$)|[ \t]#/;

function styleOf(text: string, isKey: boolean): Scalar.Type | undefined {
  if (unprintable.test(text)) return Scalar.QUOTE_DOUBLE;
  if (text.includes("$")) return styleForValues(text, isKey);
  // Readers disagree about a plain text that begins like a complex key, and blank first lines lose their spaces.
  return /^[?\s]/.test(text) ? Scalar.QUOTE_DOUBLE : undefined;
}

function styleForValues(text: string, isKey: boolean): Scalar.Type {
  if (text.includes("\n")) {
    return isKey || text.endsWith(" ") || text.includes(" \n") ? Scalar.QUOTE_DOUBLE : Scalar.BLOCK_LITERAL;
  }
  // A plain text that begins with ? is refused by our reader; only there the style is another one.
  return notPlain.test(text) || text.startsWith("?") ? Scalar.QUOTE_SINGLE : Scalar.PLAIN;
}
